import Testing

@testable import WeftTensor

/// Values are those that PyTorch 2.13 gives.
@Suite("Resampling")
struct ResamplingTests {
    private static func line(_ count: Int) -> Tensor { Tensor((0..<count).map(Double.init)).reshaped([1, 1, count]) }
    private static func row(_ count: Int) -> Tensor { line(count).reshaped([1, 1, 1, count]) }

    @Test("The nearest element is that below, or the one whose middle is nearest")
    func nearest() {
        #expect(Self.line(4).interpolated(scaleFactor: 1.5).array() == [0, 0, 1, 2, 2, 3])
        #expect(Self.line(4).interpolated(scaleFactor: 1.5, mode: .nearestExact).array() == [0, 1, 1, 2, 3, 3])
        // In planes a factor that leaves a size as it is leaves elements too, and one that doubles it doubles them.
        #expect(Self.line(2).interpolated(scaleFactor: 1.1).array() == [0, 0])
        #expect(Self.row(2).interpolated(scaleFactor: [1, 1.1]).array() == [0, 1])
        #expect(Self.row(2).interpolated(scaleFactor: [1, 2.1]).array() == [0, 0, 1, 1])
        #expect(Self.line(2).interpolated(scaleFactor: 2.1).array() == [0, 0, 0, 1])
        #expect(Self.line(3).to(.int64).interpolated(size: 6).array(of: Int.self) == [0, 0, 1, 1, 2, 2])
    }

    @Test("Lines and cubic polynomials go through the elements between")
    func polynomials() {
        #expect(Self.line(3).interpolated(size: 6, mode: .linear).array() == [0, 0.25, 0.75, 1.25, 1.75, 2])
        #expect(Self.line(3).interpolated(size: 5, mode: .linear, alignCorners: true).array() == [0, 0.5, 1, 1.5, 2])
        let cubic = Self.row(8).interpolated(size: [1, 3], mode: .bicubic)
        expect(cubic, equals: Reference([1, 1, 1, 3], [0.76968, 3.5, 6.23032]), tolerance: 1e-5)
        let smooth = Self.row(8).interpolated(size: [1, 3], mode: .bicubic, antialias: true)
        expect(smooth, equals: Reference([1, 1, 1, 3], [0.89647, 3.5, 6.10353]), tolerance: 1e-5)
        #expect(Self.line(5).interpolated(size: 3, mode: .area).array() == [0.5, 2, 3.5])
    }

    @Test("Sizes of one dimension or all, and factors that are recomputed")
    func sizes() {
        let x = Tensor(zeros: [2, 1, 5, 3])
        #expect(x.interpolated(size: 4).shape == [2, 1, 4, 4])
        #expect(x.interpolated(scaleFactor: [1.3, 2]).shape == [2, 1, 6, 6])
        let line = Self.line(5)
        let given = line.interpolated(scaleFactor: 1.3, mode: .linear)
        let recomputed = line.interpolated(scaleFactor: 1.3, mode: .linear, recomputeScaleFactor: true)
        expect(
            given,
            equals: Reference(
                [1, 1, 6],
                (0..<6).map { Swift.max((Double($0) + 0.5) / 1.3 - 0.5, 0) }.map { Swift.min($0, 4) }
            ),
            tolerance: 1e-5
        )
        expect(recomputed, equals: Reference(line.interpolated(size: 6, mode: .linear)), tolerance: 0)
        #expect(Tensor(zeros: [0, 2, 3]).interpolated(size: 4, mode: .linear).shape == [0, 2, 4])
    }

    @Test("What does not fit is refused with its numbers")
    func refused() {
        let x = Self.line(4)
        expectError("takes 4", in: "interpolated") { x.interpolated(size: 3, mode: .bilinear) }
        expectError("makes no sense", in: "interpolated") { x.interpolated(size: 3, alignCorners: true) }
        expectError("antialias", in: "interpolated") { x.interpolated(size: 3, mode: .linear, antialias: true) }
        expectError("too small", in: "interpolated") { x.interpolated(size: 0) }
        expectError("spatial sizes [0]", in: "interpolated") { x.interpolated(scaleFactor: 0.1) }
        expectError("nothing to resample", in: "interpolated") { Tensor(zeros: [1, 1, 0]).interpolated(size: 2) }
        expectError("floating-point", in: "interpolated") { x.to(.int64).interpolated(size: 2, mode: .linear) }
        expectError("1 or 1", in: "interpolated") { x.interpolated(size: [2, 3]) }
    }
}
