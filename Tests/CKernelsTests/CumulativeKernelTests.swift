import CKernels
import Testing

@Suite("Cumulative kernels")
struct CumulativeKernelTests {
    static let shapes = [[1], [5], [700], [3, 1], [9, 20], [70, 7], [2, 3, 33], [2, 130, 4]]

    /// Scans along the last dimension, forwards or backwards, over every cut of the scans.
    private func scan<Element: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        _ input: KernelArray<Element>,
        _ layout: KernelLayout,
        zero: Element
    ) throws -> KernelArray<Element> {
        let outputs = try KernelCut.allCases.map { cut in
            let output = KernelArray(input.shape, layout == .broadcast ? .contiguous : layout) { _ in zero }
            var launch = KernelLaunch(input.shape)
            launch.add(output)
            launch.add(input)
            try launch.run(kernel, isa, items: input.shape.dropLast().reduce(1, *), cut: cut)
            return output
        }
        #expect(outputs.allSatisfy { $0.bytes == outputs[0].bytes }, "a cut of the scans changed the result")
        return outputs[0]
    }

    @Test("Each place holds the sum up to it, rounded once", arguments: KernelISA.available)
    func floats(isa: KernelISA) throws {
        for shape in Self.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(UInt64(shape.count))
                let special: [Float] = [.nan, .infinity, -.infinity, -0.0]
                for specials in [false, true] {
                    let x = KernelArray<Float>(shape, layout) { _ in
                        specials && random.integer(below: 30) == 0 ? special[random.integer(below: 4)] : random.float()
                    }
                    let y = try scan(CK_cumulative_sum_f32, isa, x, layout, zero: 7)
                    for outer in kernelIndices(Array(shape.dropLast())) {
                        var total = 0.0
                        for place in 0..<shape.last! {
                            total += Double(x[outer + [place]])
                            let isRight = kernelAgrees(y[outer + [place]], Double(Float(total)), within: 0)
                            #expect(isRight, "\(shape) \(layout) \(outer) \(place)")
                        }
                    }
                }
            }
        }
    }

    @Test("Integer sums are exact and wrap", arguments: KernelISA.available)
    func integers(isa: KernelISA) throws {
        for shape in Self.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(UInt64(shape.count))
                let x = KernelArray<Int64>(shape, layout) { _ in Int64(random.integer(below: .max)) }
                let y = try scan(CK_cumulative_sum_i64, isa, x, layout, zero: 7)
                for outer in kernelIndices(Array(shape.dropLast())) {
                    var total: Int64 = 0
                    for place in 0..<shape.last! {
                        total &+= x[outer + [place]]
                        #expect(y[outer + [place]] == total)
                    }
                }
            }
        }
    }

    @Test("A negative step scans from the end, also in place", arguments: KernelISA.available)
    func fromTheEnd(isa: KernelISA) throws {
        let x = KernelArray<Float>([3, 4]) { Float($0) }
        // The last element of each row, and backwards from there.
        let view = KernelArray<Float>([12]) { Float($0) }
        var launch = KernelLaunch([3, 4])
        launch.add(view, strides: [4, -1], start: 3)
        launch.add(view, strides: [4, -1], start: 3)
        try launch.run(CK_cumulative_sum_f32, isa, items: 3)
        for row in 0..<3 {
            for column in 0..<4 {
                let expected = (column..<4).reduce(Float(0)) { $0 + x[[row, $1]] }
                #expect(view[[row * 4 + column]] == expected)
            }
        }
    }
}
