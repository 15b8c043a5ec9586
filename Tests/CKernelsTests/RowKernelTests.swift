import CKernels
import Foundation
import Testing

@Suite("Row kernels")
struct RowKernelTests {
    static let shapes = [
        [1], [37], [3, 1], [19, 3], [5, 16], [2, 1000], [3, 2, 33], [2, 18, 5], [1, 700], [2, 5000],
    ]

    private func floats(_ shape: [Int], _ layout: KernelLayout, seed: UInt64, specials: Bool = false)
        -> KernelArray<Float>
    {
        var random = KernelRandom(seed)
        return KernelArray(shape, layout) { _ in
            specials && random.integer(below: 10) == 0 ? -.infinity : 4 * random.float()
        }
    }

    /// Runs a kernel whose operands all have the elements of the rows, over every cut of them, and returns the
    /// output of the first. Gaps in the output must stay as they are.
    private func rows(_ kernel: ck_kernel, _ isa: KernelISA, _ inputs: [KernelArray<Float>], _ layout: KernelLayout)
        throws -> KernelArray<Float>
    {
        let shape = inputs[0].shape
        var outputs: [KernelArray<Float>] = []
        for cut in KernelCut.allCases {
            for streams in [false, true] {
                let output = KernelArray<Float>(shape, layout == .broadcast ? .contiguous : layout) { _ in 7 }
                var launch = KernelLaunch(shape, streams: streams)
                launch.add(output)
                for input in inputs { launch.add(input) }
                try launch.run(kernel, isa, items: shape.dropLast().reduce(1, *), cut: cut)
                outputs.append(output)
            }
        }
        #expect(
            outputs.allSatisfy { $0.bytes == outputs[0].bytes },
            "a cut of the rows or streaming changed the result"
        )
        if layout == .spaced, shape.last! > 1 { #expect(outputs[0].values[1] == 7) }
        return outputs[0]
    }

    /// A number, and how far a kernel may be from it in units of 2^-24.
    private typealias Bounded = (value: Double, bound: Double)

    /// Compares each row of `output` with `reference` of the same row of the inputs.
    private func expectRows(
        _ output: KernelArray<Float>,
        _ inputs: [KernelArray<Float>],
        reference: ([[Double]]) -> [Bounded]
    ) {
        for outer in kernelIndices(output.shape.dropLast()) {
            let places = (0..<output.shape.last!).map { outer + [$0] }
            let expected = reference(inputs.map { input in places.map { Double(input[$0]) } })
            let isRight = zip(places, expected).allSatisfy {
                kernelAgrees(output[$0], $1.value, within: $1.bound * 0x1p-24 + 0x1p-126)
            }
            #expect(isRight, "\(output.shape) \(outer)")
        }
    }

    /// Softmax with the bound that the kernel states.
    private static func boundedSoftmax(_ x: [Double]) -> [Bounded] {
        let max = x.max()!
        return zip(x, softmax(x)).map { ($1, $1 * (32 + 2 * log2(Double(x.count)) + max - $0)) }
    }

    /// Log-softmax with the bound that the kernel states.
    private static func boundedLogSoftmax(_ x: [Double]) -> [Bounded] {
        let max = x.max()!
        return zip(x, logSoftmax(x)).map { ($1, max - $0 + 3 * abs($1) + 32 + 2 * log2(Double(x.count))) }
    }

    private static func softmax(_ x: [Double]) -> [Double] {
        let max = x.contains(where: \.isNaN) ? .nan : x.max()!
        let e = x.map { exp($0 - max) }
        let sum = e.reduce(0, +)
        return e.map { $0 / sum }
    }

    private static func logSoftmax(_ x: [Double]) -> [Double] {
        let max = x.contains(where: \.isNaN) ? .nan : x.max()!
        let logSum = log(x.reduce(0) { $0 + exp($1 - max) })
        return x.map { $0 - max - logSum }
    }

    @Test("Softmax and log-softmax agree with double precision", arguments: KernelISA.available)
    func forward(isa: KernelISA) throws {
        for shape in Self.shapes {
            for layout in KernelLayout.allCases {
                for specials in [false, true] {
                    let x = floats(shape, layout, seed: 1, specials: specials)
                    let y = try rows(CK_softmax_f32, isa, [x], layout)
                    expectRows(y, [x]) { Self.boundedSoftmax($0[0]) }
                    let logY = try rows(CK_log_softmax_f32, isa, [x], layout)
                    expectRows(logY, [x]) { Self.boundedLogSoftmax($0[0]) }
                }
            }
        }
    }

    @Test("Small probabilities keep their relative precision", arguments: KernelISA.available)
    func smallProbabilities(isa: KernelISA) throws {
        let x = KernelArray<Float>([0, -20, -50, -80])
        let y = try rows(CK_softmax_f32, isa, [x], .contiguous)
        for (value, expected) in zip(y.values, Self.softmax([0, -20, -50, -80])) {
            #expect(abs(Double(value) / expected - 1) < 4e-7)
        }
    }

    @Test("Large logits neither overflow nor lose the differences", arguments: KernelISA.available)
    func largeLogits(isa: KernelISA) throws {
        let x = KernelArray<Float>([3e38, 3e38, -3e38])
        #expect(try rows(CK_softmax_f32, isa, [x], .contiguous).values == [0.5, 0.5, 0])
        let near = KernelArray<Float>([8_388_608, 8_388_607])
        let logs = try rows(CK_log_softmax_f32, isa, [near], .contiguous)
        expectRows(logs, [KernelArray([1, 0])]) { Self.boundedLogSoftmax($0[0]) }
    }

    @Test("NaN, infinity, or nothing but -infinity makes its row NaN and no other", arguments: KernelISA.available)
    func specialRows(isa: KernelISA) throws {
        let spoilt: [[Float]] = [[.nan, 0, 1], [0, .infinity, 1], [-.infinity, -.infinity, -.infinity]]
        for layout in [KernelLayout.contiguous, .reversed] {
            for count in [3, 20] {
                let x = KernelArray<Float>([12, count], layout) { _ in 1 }
                for (row, values) in spoilt.enumerated() {
                    for column in 0..<count { x[[3 * row, column]] = values[column % 3] }
                }
                for kernel in [CK_softmax_f32, CK_log_softmax_f32] {
                    let y = try rows(kernel, isa, [x], layout)
                    for index in kernelIndices([12, count]) {
                        #expect(y[index].isNaN == (index[0] % 3 == 0 && index[0] < 9))
                    }
                }
            }
        }
    }

    @Test("Derivatives agree with double precision", arguments: KernelISA.available)
    func backward(isa: KernelISA) throws {
        for shape in Self.shapes {
            for layout in KernelLayout.allCases {
                let gradient = floats(shape, layout, seed: 2)
                let x = floats(shape, layout == .broadcast ? .contiguous : layout, seed: 3)
                let y = try rows(CK_softmax_f32, isa, [x], layout)
                let gx = try rows(CK_softmax_backward_f32, isa, [gradient, y], layout)
                expectRows(gx, [gradient, y]) { operands in
                    let products = zip(operands[0], operands[1]).map { $0 * $1 }
                    let mean = products.reduce(0, +)
                    let size = products.reduce(0) { $0 + abs($1) } * (32 + log2(Double(products.count)))
                    return zip(operands[0], operands[1]).map { ($1 * ($0 - mean), $1 * (2 * abs($0) + size)) }
                }
                let logY = try rows(CK_log_softmax_f32, isa, [x], layout)
                let logGx = try rows(CK_log_softmax_backward_f32, isa, [gradient, logY], layout)
                expectRows(logGx, [gradient, logY]) { operands in
                    let sum = operands[0].reduce(0, +)
                    let size = operands[0].reduce(0) { $0 + abs($1) } * (32 + log2(Double(operands[0].count)))
                    return zip(operands[0], operands[1]).map {
                        ($0 - exp($1) * sum, abs($0 - exp($1) * sum) + exp($1) * size)
                    }
                }
            }
        }
    }

    @Test("The output may replace an input", arguments: KernelISA.available)
    func inPlace(isa: KernelISA) throws {
        for layout in [KernelLayout.contiguous, .reversed, .spaced] {
            for kernel in [CK_softmax_f32, CK_log_softmax_f32, CK_softmax_backward_f32, CK_log_softmax_backward_f32] {
                let inputs = [floats([19, 21], layout, seed: 4), floats([19, 21], layout, seed: 5)]
                let count = kernel == CK_softmax_f32 || kernel == CK_log_softmax_f32 ? 1 : 2
                let expected = try rows(kernel, isa, Array(inputs[..<count]), layout)
                for replaced in 0..<count {
                    var operands = Array(inputs[..<count])
                    operands[replaced] = operands[replaced].copy()
                    var launch = KernelLaunch([19, 21])
                    launch.add(operands[replaced])
                    for operand in operands { launch.add(operand) }
                    try launch.run(kernel, isa, items: 19)
                    for index in kernelIndices([19, 21]) {
                        #expect(operands[replaced][index].bitPattern == expected[index].bitPattern)
                    }
                }
            }
        }
    }

    static let ignored = -100

    /// Loss and log-sum-exp of every cut, which must agree.
    private func crossEntropy(_ isa: KernelISA, _ logits: KernelArray<Float>, _ labels: [Int], smoothing: Double)
        throws -> (loss: KernelArray<Float>, logSumExp: KernelArray<Float>)
    {
        let count = logits.shape[0]
        let labels = KernelArray(labels.map(Int64.init))
        let results = try KernelCut.allCases.map { cut in
            let loss = KernelArray<Float>([count]) { _ in 7 }
            let logSumExp = KernelArray<Float>([count]) { _ in 7 }
            var launch = KernelLaunch(logits.shape, integers: [Self.ignored], numbers: [smoothing])
            launch.add(loss, strides: [1, 0])
            launch.add(logSumExp, strides: [1, 0])
            launch.add(logits)
            launch.add(labels, strides: [1, 0])
            try launch.run(CK_cross_entropy_f32, isa, items: count, cut: cut)
            return (loss, logSumExp)
        }
        #expect(results.allSatisfy { $0.0.bytes == results[0].0.bytes && $0.1.bytes == results[0].1.bytes })
        return results[0]
    }

    private func labels(_ count: Int, classes: Int) -> [Int] {
        var random = KernelRandom(6)
        return (0..<count).map { $0 % 4 == 1 ? Self.ignored : random.integer(below: classes) }
    }

    @Test("Cross-entropy and its derivative agree with double precision", arguments: KernelISA.available)
    func crossEntropy(isa: KernelISA) throws {
        for (shape, smoothing) in [([21, 3], 0.1), ([1, 5], 0), ([9, 10], 0), ([9, 10], 0.2), ([4, 301], 0.1)] {
            for layout in [KernelLayout.contiguous, .reversed, .spaced] {
                let (count, classes) = (shape[0], shape[1])
                let logits = floats(shape, layout, seed: 7)
                let labels = labels(count, classes: classes)
                let (loss, logSumExp) = try crossEntropy(isa, logits, labels, smoothing: smoothing)
                for shared in [false, true] {
                    let gradient = KernelArray<Float>([count]) { shared ? 0.5 : Float($0) }
                    let derivative = logits.copy()
                    var launch = KernelLaunch(
                        shape,
                        integers: [Self.ignored],
                        numbers: [smoothing],
                        streams: shared
                    )
                    launch.add(derivative)
                    // The derivative may replace the logits.
                    launch.add(shared ? derivative : logits)
                    launch.add(logSumExp, strides: [1, 0])
                    launch.add(KernelArray(labels.map(Int64.init)), strides: [1, 0])
                    launch.add(gradient, strides: [shared ? 0 : 1, 0])
                    try launch.run(CK_cross_entropy_backward_f32, isa, items: count, cut: shared ? .whole : .uneven)
                    for row in 0..<count {
                        let x = (0..<classes).map { Double(logits[[row, $0]]) }
                        let logP = Self.logSoftmax(x)
                        let total = x[0] - logP[0]
                        #expect(kernelAgrees(logSumExp[[row]], total, within: 4e-6))
                        let target = (0..<classes).map {
                            smoothing / Double(classes) + ($0 == labels[row] ? 1 - smoothing : 0)
                        }
                        let isIgnored = labels[row] == Self.ignored
                        let expected = isIgnored ? 0 : -zip(target, logP).reduce(0) { $0 + $1.0 * $1.1 }
                        #expect(kernelAgrees(loss[[row]], expected, within: 4e-6), "\(shape) \(layout) row \(row)")
                        for column in 0..<classes {
                            let scale = isIgnored ? 0 : Double(gradient[[shared ? 0 : row]])
                            let slope = scale * (exp(logP[column]) - target[column])
                            #expect(kernelAgrees(derivative[[row, column]], slope, within: 4e-6 * (1 + scale)))
                        }
                    }
                }
            }
        }
    }

    @Test("A label on an impossible class costs infinity", arguments: KernelISA.available)
    func impossibleClasses(isa: KernelISA) throws {
        let logits = KernelArray<Float>([2, 3]) { $0 == 0 || $0 == 4 ? -.infinity : 0 }
        let (loss, _) = try crossEntropy(isa, logits, [0, 2], smoothing: 0)
        #expect(loss.values[0] == .infinity)
        #expect(kernelAgrees(loss.values[1], log(2), within: 1e-6))
        let (smoothed, _) = try crossEntropy(isa, logits, [0, 2], smoothing: 0.1)
        #expect(smoothed.values == [.infinity, .infinity])
    }

    @Test("An ignored row gives zero whatever it holds", arguments: KernelISA.available)
    func ignoredRow(isa: KernelISA) throws {
        let logits = KernelArray<Float>([20, 4]) { _ in .nan }
        let labels = [Int](repeating: Self.ignored, count: 20)
        let (loss, logSumExp) = try crossEntropy(isa, logits, labels, smoothing: 0.1)
        #expect(loss.values.allSatisfy { $0 == 0 })
        let derivative = KernelArray<Float>([20, 4]) { _ in 7 }
        var launch = KernelLaunch([20, 4], integers: [Self.ignored], numbers: [0.1])
        launch.add(derivative)
        launch.add(logits)
        launch.add(logSumExp, strides: [1, 0])
        launch.add(KernelArray(labels.map(Int64.init)), strides: [1, 0])
        launch.add(KernelArray<Float>([20]) { _ in .nan }, strides: [1, 0])
        try launch.run(CK_cross_entropy_backward_f32, isa, items: 20)
        #expect(derivative.values.allSatisfy { $0 == 0 })
    }
}
