import CKernels
import Testing

@Suite("Kernels of orders")
struct OrderKernelTests {
    static let lengths = [1, 2, 40, 41, 300, 3000]

    private func places(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        _ input: KernelArray<Float>,
        first: Int? = nil,
        descending: Bool
    ) throws -> KernelArray<Int64> {
        let (rows, length) = (input.shape[0], input.shape[1])
        let outputs = try KernelCut.allCases.map { cut in
            let output = KernelArray<Int64>([rows, first ?? length]) { _ in -1 }
            var launch = KernelLaunch(input.shape, integers: [descending ? 1 : 0, first ?? 0])
            launch.add(output)
            launch.add(input)
            try launch.run(kernel, isa, items: rows, cut: cut, scratchByteCount: (first ?? 2 * length) * 8)
            return output
        }
        #expect(outputs.allSatisfy { $0.bytes == outputs[0].bytes }, "a cut of the rows changed the result")
        return outputs[0]
    }

    /// Whether `a` comes before `b`, NaN behind all numbers.
    private func precedes(_ a: Float, _ b: Float) -> Bool { a < b || (b.isNaN && !a.isNaN) }

    @Test("Rows are sorted, and equal elements keep their order", arguments: KernelISA.available)
    func sorts(isa: KernelISA) throws {
        let special: [Float] = [.nan, .infinity, -.infinity, -0.0, 0.0, 1, -.leastNonzeroMagnitude]
        for length in Self.lengths {
            for layout in [KernelLayout.contiguous, .reversed, .spaced] {
                var random = KernelRandom(UInt64(length))
                let x = KernelArray<Float>([3, length], layout) { _ in
                    random.integer(below: 3) == 0 ? special[random.integer(below: special.count)] : random.float()
                }
                for descending in [false, true] {
                    let all = try places(CK_argsort_f32, isa, x, descending: descending)
                    for row in 0..<3 {
                        let expected = (0..<length).sorted { i, j in
                            let (a, b) = descending ? (x[[row, j]], x[[row, i]]) : (x[[row, i]], x[[row, j]])
                            return precedes(a, b) || (!precedes(b, a) && i < j)
                        }
                        #expect((0..<length).map { Int(all[[row, $0]]) } == expected, "\(length) \(layout)")
                        let count = min(length, 7)
                        let top = try places(CK_argtop_f32, isa, x, first: count, descending: descending)
                        #expect((0..<count).map { Int(top[[row, $0]]) } == Array(expected.prefix(count)))
                    }
                }
            }
        }
    }

    @Test("Places in sorted rows", arguments: KernelISA.available, [false, true])
    func search(isa: KernelISA, right: Bool) throws {
        let rows = KernelArray<Float>([2, 5]) { [-1, 0, 0, 2, .infinity, 3, 3, 3, 3, .nan][$0] }
        let values = KernelArray<Float>([2, 4]) { [-2, 0, 5, .nan, 3, 2, 4, .nan][$0] }
        let output = KernelArray<Int64>([2, 4]) { _ in -1 }
        var launch = KernelLaunch([2, 4], integers: [5, right ? 1 : 0])
        launch.add(output)
        launch.add(values)
        launch.add(rows, strides: [5, 0])
        launch.addNothing()
        try launch.run(CK_searchsorted_f32, isa, items: 8, cut: .uneven)
        #expect(output.values == (right ? [0, 3, 4, 5, 4, 0, 4, 5] : [0, 1, 4, 5, 0, 0, 4, 5]))
    }
}
