import Testing

@testable import WeftTensor

@Suite("Padding, shuffling and unfolding")
struct PaddingTests {
    private static let line = Tensor([[[1.0, 2, 3]]])

    @Test("Each mode has its own elements beside the input")
    func modes() {
        #expect(Self.line.padded([1, 2], value: 9).array() == [9, 1, 2, 3, 9, 9])
        #expect(Self.line.padded([2, 1], mode: .reflect).array() == [3, 2, 1, 2, 3, 2])
        #expect(Self.line.padded([2, 1], mode: .replicate).array() == [1, 1, 1, 2, 3, 3])
        #expect(Self.line.padded([2, 3], mode: .circular).array() == [2, 3, 1, 2, 3, 1, 2, 3])
        #expect(Self.line.padded([-1, 1]).array() == [2, 3, 0])
        #expect(Self.line.padded([]).array() == [1, 2, 3])
    }

    @Test("Any number of dimensions is padded with a value, the last first")
    func manyDimensions() {
        let x = Reference.distinct([2, 1, 3, 2, 2])
        let padded = x.tensor().padded([1, 0, 0, 1, -1, 1, 1, 1, 0, 2], value: -3)
        let expected = Reference([4, 3, 3, 3, 3]) { index in
            let source = [index[0], index[1] - 1, index[2] + 1, index[3], index[4] - 1]
            let isInside = zip(source, x.shape).allSatisfy { (0..<$1).contains($0) }
            return isInside ? x[source] : -3
        }
        expect(padded, equals: expected)
    }

    @Test("Any dtype is padded, bit by bit")
    func dtypes() {
        #expect(Tensor([Int.max, 2]).padded([1, 1], value: 7).array(of: Int.self) == [7, .max, 2, 7])
        #expect(Tensor([true, false]).padded([1, 0], value: 1).array(of: Bool.self) == [true, true, false])
        #expect(Tensor([1, 2]).to(.bfloat16).padded([0, 1], value: 3).array() == [1, 2, 3])
        #expect(Tensor([1, 2]).to(.int64).padded([0, 1], mode: .replicate).array(of: Int.self) == [1, 2, 2])
    }

    @Test("What does not fit is refused with its numbers")
    func refused() {
        expectError("not smaller than size 3", in: "padded") { Self.line.padded([3, 0], mode: .reflect) }
        expectError("larger than size 3", in: "padded") { Self.line.padded([4, 0], mode: .circular) }
        expectError("pair", in: "padded") { Self.line.padded([1, 2, 3]) }
        expectError("pair", in: "padded") { Self.line.padded([1, 1, 1, 1, 1, 1, 1, 1]) }
        expectError("leaves nothing", in: "padded") { Self.line.padded([-2, -2]) }
        expectError("nothing to repeat", in: "padded") { Tensor(zeros: [1, 0]).padded([1, 1], mode: .replicate) }
        expectError("at most three", in: "padded") {
            Tensor(zeros: [1, 1, 1, 1]).padded([0, 0, 0, 0, 0, 0, 1, 1], mode: .reflect)
        }
        #expect(Tensor(zeros: [2, 0]).padded([1, 1]).array() == [0, 0, 0, 0])
    }

    @Test("Channels become places and places channels")
    func shuffling() {
        let x = Tensor((0..<8).map(Double.init)).reshaped([1, 4, 1, 2])
        let shuffled = x.pixelShuffle(upscaleFactor: 2)
        #expect(shuffled.shape == [1, 1, 2, 4])
        #expect(shuffled.array() == [0, 2, 1, 3, 4, 6, 5, 7])
        #expect(shuffled.pixelUnshuffle(downscaleFactor: 2).array() == x.array())
        #expect(
            Tensor((0..<4).map(Double.init)).reshaped([1, 4, 1]).channelShuffle(groups: 2).array() == [0, 2, 1, 3]
        )
        expectError("multiple of its square", in: "pixelShuffle") { x.pixelShuffle(upscaleFactor: 3) }
        expectError("does not divide", in: "pixelUnshuffle") { x.pixelUnshuffle(downscaleFactor: 2) }
        expectError("do not divide", in: "channelShuffle") { x.channelShuffle(groups: 3) }
    }

    @Test("Windows become columns, and columns add up where their windows lie")
    func unfolding() {
        let x = Tensor((1...9).map(Double.init)).reshaped([1, 1, 3, 3])
        let columns = x.unfolded(kernelSize: 2)
        #expect(columns.shape == [1, 4, 4])
        #expect(columns.array() == [1, 2, 4, 5, 2, 3, 5, 6, 4, 5, 7, 8, 5, 6, 8, 9])
        #expect(columns.folded(outputSize: 3, kernelSize: 2).array() == [1, 4, 3, 8, 20, 12, 7, 16, 9])
        #expect(x.reshaped([1, 3, 3]).unfolded(kernelSize: 3, padding: 1, stride: 2).shape == [9, 4])
        expectError("does not fit", in: "unfolded") { x.unfolded(kernelSize: 4) }
        expectError("does not fit", in: "folded") { columns.folded(outputSize: 4, kernelSize: 2) }
    }
}
