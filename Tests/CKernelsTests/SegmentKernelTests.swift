import CKernels
import Foundation
import Testing

/// What is done to the gradients of many parameters at once.
@Suite struct SegmentKernelTests {
    /// Sizes of parameters, empty ones among them, and longer than a block that is summed at a time.
    private static let parts = [0, 5, 0, 0, 2300, 1, 16, 0, 345, 0, 5000]

    /// Rows of a table over consecutive parts of `operand`.
    private func rows<E: FloatElement>(_ operand: TestOperand<E>, _ parts: [Int], changes: Bool) -> [ck_parameter] {
        var begin = 0
        return parts.map { count in
            let start = UnsafeMutableRawPointer(operand.base + begin)
            defer { begin += count }
            return ck_parameter(
                first_item: Int64(begin),
                step: 1,
                values: changes ? start : nil,
                gradient: changes ? nil : UnsafeRawPointer(start),
                memories: (nil, nil)
            )
        }
    }

    /// What `kernel` makes of each part of `length` elements.
    private func results<E: FloatElement>(
        _ name: String,
        _ set: KernelISA,
        of values: [E],
        parts: [Int],
        length: Int,
        numbers: [Double] = [1, 1],
        cuts: [Int] = []
    ) -> [Double] {
        let count = (values.count + length - 1) / length
        let operand = TestOperand(values)
        let output = TestOperand([Double](repeating: -1, count: count))
        let table = rows(operand, parts, changes: false)
        TileCall(
            kernel: kernel(name, E.name),
            shape: [values.count],
            arguments: [output.argument, TestOperand(table).argument],
            integers: [Int64(table.count), Int64(length)],
            numbers: numbers
        ).run(set, items: count, cuts: cuts)
        return withExtendedLifetime(operand) { output.values }
    }

    private func draw<E: FloatElement>(_: E.Type) -> [E] {
        var random = TestRandom()
        return (0..<Self.parts.reduce(0, +)).map { _ in E(nearest: .random(in: -2...2, using: &random)) }
    }

    @Test(arguments: KernelISA.available) func sumsAreThoseOfEachPart(_ set: KernelISA) {
        sumsAreThoseOfEachPart(Float.self, set, tolerance: 1e-6)
        sumsAreThoseOfEachPart(Double.self, set, tolerance: 1e-14)
        sumsAreThoseOfEachPart(HalfElement.self, set, tolerance: 1e-6)
        sumsAreThoseOfEachPart(BrainElement.self, set, tolerance: 1e-6)
    }

    private func sumsAreThoseOfEachPart<E: FloatElement>(_: E.Type, _ set: KernelISA, tolerance: Double) {
        let values = draw(E.self)
        let scaled = values.map { $0.double / 4 }
        for (name, term) in [
            ("segment_squares", { $0 * $0 }), ("segment_powers", { pow(abs($0), 3) }),
        ] as [(String, (Double) -> Double)] {
            for length in [values.count, 1000, 4096] {
                let sums = results(name, set, of: values, parts: Self.parts, length: length, numbers: [0.25, 3])
                for (part, sum) in sums.enumerated() {
                    let exact = scaled[part * length..<min((part + 1) * length, values.count)].reduce(0) {
                        $0 + term($1)
                    }
                    #expect(abs(sum / exact - 1) < tolerance, "\(name)")
                }
            }
        }
        let magnitudes = results("segment_magnitudes", set, of: values, parts: Self.parts, length: 1000)
        let largest = results("segment_largest", set, of: values, parts: Self.parts, length: 1000)
        for part in magnitudes.indices {
            let exact = values[part * 1000..<min((part + 1) * 1000, values.count)].map(\.double.magnitude)
            #expect(abs(magnitudes[part] / exact.reduce(0, +) - 1) < tolerance)
            #expect(largest[part] == exact.max())
        }
    }

    @Test(arguments: KernelISA.available) func sumsDoNotDependOnTheCut(_ set: KernelISA) {
        let values = draw(Float.self)
        for name in ["segment_squares", "segment_magnitudes", "segment_largest", "segment_powers"] {
            let whole = results(name, set, of: values, parts: Self.parts, length: 700, numbers: [1, 1.5])
            let cut = results(
                name,
                set,
                of: values,
                parts: Self.parts,
                length: 700,
                numbers: [1, 1.5],
                cuts: [1, 3, 9]
            )
            #expect(whole == cut, "\(name)")
        }
    }

    @Test(arguments: KernelISA.available) func nanSpreadsWhereverItIs(_ set: KernelISA) {
        for place in [0, 4, 5, 1023, 2304, 2305, 2321, 7666] {
            var values = draw(Float.self)
            values[place] = .nan
            for name in ["segment_squares", "segment_magnitudes", "segment_largest", "segment_powers"] {
                let sums = results(name, set, of: values, parts: Self.parts, length: 1000, numbers: [1, 3])
                #expect(sums.indices.filter { sums[$0].isNaN } == [place / 1000], "\(name) \(place)")
            }
        }
    }

    @Test(arguments: KernelISA.available) func zerosHaveNoPowers(_ set: KernelISA) {
        let values = [Float](repeating: 0, count: 50) + [-0.0]
        #expect(results("segment_powers", set, of: values, parts: [51], length: 51, numbers: [1, 0.5]) == [0])
    }

    @Test(arguments: KernelISA.available) func changesEveryElementAndNoOther(_ set: KernelISA) {
        changesEveryElementAndNoOther(Float.self, set)
        changesEveryElementAndNoOther(Double.self, set)
        changesEveryElementAndNoOther(HalfElement.self, set)
        changesEveryElementAndNoOther(BrainElement.self, set)
    }

    private func changesEveryElementAndNoOther<E: FloatElement>(_: E.Type, _ set: KernelISA) {
        var values = draw(E.self)
        values[7] = E(nearest: .nan)
        values[8] = E(nearest: -.infinity)
        for (name, number, change) in [
            ("segment_scale", 0.75, { $0 * 0.75 }), ("segment_clamp", 0.5, { $0.isNaN ? $0 : min(max($0, -0.5), 0.5) }),
        ] as [(String, Double, (Double) -> Double)] {
            for cuts in [[], [1, 2, 4, 5, 6, 38, 2304, 2306, 7000]] {
                let operand = TestOperand(values)
                let table = rows(operand, Self.parts, changes: true)
                TileCall(
                    kernel: kernel(name, E.name),
                    shape: [values.count],
                    arguments: [TestOperand(table).argument],
                    integers: [Int64(table.count)],
                    numbers: [number]
                ).run(set, items: values.count, cuts: cuts)
                let isRight = withExtendedLifetime(operand) {
                    zip(operand.values, values).allSatisfy { result, value in
                        let expected = E(nearest: change(value.double))
                        return result == expected || result.isNaN && expected.isNaN
                    }
                }
                #expect(isRight, "\(name) \(E.name)")
            }
        }
    }
}
