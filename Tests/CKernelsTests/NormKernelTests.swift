import CKernels
import Foundation
import Testing

/// Layer norm and RMS norm against their formulas in double precision.
@Suite("Norm kernels")
struct NormKernelTests {
    static let shapes = [(1, 1), (3, 5), (7, 16), (2, 33), (37, 64), (5, 1000), (1, 2500)]

    private struct Affine: Sendable {
        var hasWeight: Bool
        var hasBias: Bool

        static let all = [(true, true), (true, false), (false, true), (false, false)].map(Affine.init)
    }

    private static func floats(_ shape: [Int], seed: UInt64, around mean: Float = 0, gap: Int = 0) -> KernelArray<Float>
    {
        var random = KernelRandom(seed)
        let step = shape.last! + gap
        let strides = shape.count == 1 ? [1] : [step, 1]
        return KernelArray(shape, strides: strides) { _ in mean + 2 * random.float() - 1 }
    }

    private static func row(_ array: KernelArray<Float>, _ row: Int) -> [Double] {
        (0..<array.shape[1]).map { Double(array[[row, $0]]) }
    }

    /// A row's mean, or 0, and the reciprocal of the root of its mean square about that.
    private static func statistics(_ x: [Double], centers: Bool) -> (mean: Double, scale: Double) {
        let n = Double(x.count)
        let mean = centers ? x.reduce(0, +) / n : 0
        return (mean, 1 / (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n + 1e-5).squareRoot())
    }

    private struct Forward {
        let output, kept: KernelArray<Float>
    }

    /// Runs the forward kernel over every cut of the rows, with plain and with streaming stores, which must agree.
    private func forward(
        _ isa: KernelISA,
        _ x: KernelArray<Float>,
        _ weight: KernelArray<Float>?,
        _ bias: KernelArray<Float>?,
        centers: Bool
    ) throws -> Forward {
        var results: [Forward] = []
        for cut in KernelCut.allCases {
            for streams in [false, true] {
                let result = Forward(
                    output: KernelArray(x.shape, strides: x.strides) { _ in 7 },
                    kept: KernelArray([x.shape[0], 3]) { _ in 7 }
                )
                var launch = KernelLaunch(x.shape, numbers: [1e-5], streams: streams)
                launch.add(result.output)
                launch.add(result.kept)
                launch.add(x)
                if let weight { launch.add(weight) } else { launch.addNothing() }
                if let bias { launch.add(bias) } else { launch.addNothing() }
                let kernel = centers ? CK_layer_norm_f32 : CK_rms_norm_f32
                try launch.run(kernel, isa, items: x.shape[0], cut: cut)
                results.append(result)
            }
        }
        #expect(
            results.allSatisfy { $0.output.bytes == results[0].output.bytes },
            "a cut or a store changed the result"
        )
        #expect(results.allSatisfy { $0.kept.bytes == results[0].kept.bytes })
        return results[0]
    }

    @Test("Rows are normalised within the stated error", arguments: KernelISA.available, [true, false])
    func forward(isa: KernelISA, centers: Bool) throws {
        for (rows, n) in Self.shapes {
            for affine in Affine.all {
                for mean in [Float(0), 100] {
                    let x = Self.floats([rows, n], seed: 1, around: mean, gap: rows % 2)
                    let weight = affine.hasWeight ? Self.floats([n], seed: 2, around: 1) : nil
                    let bias = affine.hasBias ? Self.floats([n], seed: 3) : nil
                    let result = try forward(isa, x, weight, bias, centers: centers)
                    for row in 0..<rows {
                        let values = Self.row(x, row)
                        let (mean, scale) = Self.statistics(values, centers: centers)
                        let size = values.reduce(0) { $0 + abs($1) } / Double(n) * scale
                        for column in 0..<n {
                            let w = weight.map { Double($0[[column]]) } ?? 1
                            let b = bias.map { Double($0[[column]]) } ?? 0
                            let normal = (values[column] - mean) * scale
                            let bound =
                                centers
                                ? (40 + 2 * log2(Double(n))) * abs(w) * (1 + size) * (1 + abs(normal))
                                : (40 + 2 * log2(Double(n))) * abs(w * normal)
                            let isRight = kernelAgrees(
                                result.output[[row, column]],
                                normal * w + b,
                                within: 0x1p-24 * (abs(b) + bound)
                            )
                            #expect(isRight, "\(rows) x \(n) around \(mean), row \(row) column \(column)")
                        }
                    }
                    if rows % 2 == 1, rows > 1 { #expect(result.output.elements[n] == 7, "wrote between rows") }
                }
            }
        }
    }

    @Test("The output may replace the input", arguments: KernelISA.available, [true, false])
    func inPlace(isa: KernelISA, centers: Bool) throws {
        let x = Self.floats([9, 37], seed: 4)
        let expected = try forward(isa, x, nil, nil, centers: centers)
        let replaced = x.copy()
        var launch = KernelLaunch([9, 37], numbers: [1e-5])
        launch.add(replaced)
        launch.add(KernelArray<Float>([9, 3]) { _ in 0 })
        launch.add(replaced)
        launch.addNothing()
        launch.addNothing()
        try launch.run(centers ? CK_layer_norm_f32 : CK_rms_norm_f32, isa, items: 9)
        #expect(replaced.bytes == expected.output.bytes)
    }

    @Test("Equal elements give zeros, and a NaN or an infinity spoils its own row", arguments: KernelISA.available)
    func specialRows(isa: KernelISA) throws {
        let x = KernelArray<Float>([4, 19]) { index in
            switch index {
            case 0..<19: 0.1
            case 25: .nan
            case 50: .infinity
            default: Float(index)
            }
        }
        let result = try forward(isa, x, nil, nil, centers: true)
        #expect((0..<19).allSatisfy { result.output[[0, $0]] == 0 })
        #expect((0..<19).allSatisfy { result.output[[1, $0]].isNaN && result.output[[2, $0]].isNaN })
        #expect((0..<19).allSatisfy { !result.output[[3, $0]].isNaN })
        let squares = try forward(isa, x, nil, nil, centers: false)
        #expect((0..<19).allSatisfy { squares.output[[1, $0]].isNaN })
        #expect((0..<19).allSatisfy { $0 == 12 ? squares.output[[2, $0]].isNaN : squares.output[[2, $0]] == 0 })
        #expect((0..<19).allSatisfy { !squares.output[[3, $0]].isNaN })
    }

    @Test("Huge, tiny and nearly equal elements are normalised as well", arguments: KernelISA.available, [true, false])
    func extremeRows(isa: KernelISA, centers: Bool) throws {
        for n in [2, 5, 16, 33, 1000] {
            let rows: [(Int) -> Float] = [
                { Float($0 % 5 + 1) * 1e30 }, { $0 % 2 == 0 ? 3e38 : -3.2e38 }, { Float($0 % 3 + 1) * 1e37 },
                { $0 == 1 ? 1e10 + 1024 : 1e10 }, { Float($0 % 4) * 1e-30 },
            ]
            let x = KernelArray<Float>([rows.count, n]) { rows[$0 / n]($0 % n) }
            let result = try forward(isa, x, nil, nil, centers: centers)
            for row in rows.indices {
                let values = Self.row(x, row)
                let (mean, scale) = Self.statistics(values, centers: centers)
                for column in 0..<n {
                    let normal = (values[column] - mean) * scale
                    let bound = 0x1p-24 * (40 + 2 * log2(Double(n))) * 2 * (1 + abs(normal))
                    let y = result.output[[row, column]]
                    #expect(kernelAgrees(y, normal, within: bound), "row \(row) of \(n): \(y) for \(normal)")
                }
            }
        }
    }

    @Test("Derivatives agree with double precision", arguments: KernelISA.available, [true, false])
    func backward(isa: KernelISA, centers: Bool) throws {
        for (rows, n) in Self.shapes {
            for hasWeight in [true, false] {
                try checkBackward(isa, rows, n, centers: centers, hasWeight: hasWeight)
            }
        }
    }

    private static let partRows = 6

    private func checkBackward(_ isa: KernelISA, _ rows: Int, _ n: Int, centers: Bool, hasWeight: Bool) throws {
        let x = Self.floats([rows, n], seed: 5, around: 0.5, gap: rows % 2)
        let gradient = Self.floats([rows, n], seed: 6)
        let weight = hasWeight ? Self.floats([n], seed: 7, around: 1) : nil
        let kept = try forward(isa, x, weight, nil, centers: centers).kept
        let parts = (rows + Self.partRows - 1) / Self.partRows
        let kinds = centers ? 2 : 1
        var outputs: [(dx: KernelArray<Float>, shares: KernelArray<Float>)] = []
        for cut in KernelCut.allCases {
            for streams in [false, true] {
                let dx = KernelArray<Float>([rows, n]) { _ in 7 }
                let shares = KernelArray<Float>([parts, kinds, n]) { _ in 7 }
                var launch = KernelLaunch([rows, n], integers: [Self.partRows], streams: streams)
                launch.add(dx)
                launch.add(shares)
                for operand in [gradient, x, kept] { launch.add(operand) }
                if let weight { launch.add(weight) } else { launch.addNothing() }
                let kernel = centers ? CK_layer_norm_backward_f32 : CK_rms_norm_backward_f32
                try launch.run(kernel, isa, items: parts, cut: cut)
                outputs.append((dx, shares))
            }
        }
        #expect(outputs.allSatisfy { $0.dx.bytes == outputs[0].dx.bytes && $0.shares.bytes == outputs[0].shares.bytes })
        var shares = [[Double]](repeating: [Double](repeating: 0, count: n), count: parts * 2)
        for row in 0..<rows {
            let values = Self.row(x, row)
            let incoming = Self.row(gradient, row)
            let (mean, scale) = Self.statistics(values, centers: centers)
            let normal = values.map { ($0 - mean) * scale }
            let weighted = (0..<n).map { column in incoming[column] * (weight.map { Double($0[[column]]) } ?? 1) }
            let sum = centers ? weighted.reduce(0, +) / Double(n) : 0
            let product = zip(weighted, normal).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
            let size = weighted.reduce(0) { $0 + abs($1) } / Double(n)
            for column in 0..<n {
                let expected = (weighted[column] - sum - normal[column] * product) * scale
                let magnitude = scale * (abs(weighted[column]) + size + abs(normal[column]) * size) + 0.01
                let bound = 0x1p-24 * (80 + 4 * log2(Double(n))) * magnitude
                #expect(
                    kernelAgrees(outputs[0].dx[[row, column]], expected, within: bound),
                    "\(rows) x \(n), \(row) \(column)"
                )
                shares[row / Self.partRows * 2][column] += incoming[column] * normal[column]
                shares[row / Self.partRows * 2 + 1][column] += incoming[column]
            }
        }
        for part in 0..<parts {
            for kind in 0..<kinds {
                for column in 0..<n {
                    let share = outputs[0].shares[[part, kind, column]]
                    #expect(kernelAgrees(share, shares[part * 2 + kind][column], within: 4e-5))
                }
            }
        }
    }

    @Test("What is not wanted is not written", arguments: KernelISA.available)
    func optionalOutputs(isa: KernelISA) throws {
        let x = Self.floats([8, 21], seed: 8)
        let gradient = Self.floats([8, 21], seed: 9)
        let kept = try forward(isa, x, nil, nil, centers: true).kept
        let dx = KernelArray<Float>([8, 21]) { _ in 7 }
        let shares = KernelArray<Float>([2, 2, 21]) { _ in 7 }
        func run(_ dx: KernelArray<Float>?, _ shares: KernelArray<Float>?) throws -> (
            KernelArray<Float>?, KernelArray<Float>?
        ) {
            let (dx, shares) = (dx?.copy(), shares?.copy())
            var launch = KernelLaunch([8, 21], integers: [4])
            if let dx { launch.add(dx) } else { launch.addNothing() }
            if let shares { launch.add(shares) } else { launch.addNothing() }
            for operand in [gradient, x, kept] { launch.add(operand) }
            launch.addNothing()
            try launch.run(CK_layer_norm_backward_f32, isa, items: 2)
            return (dx, shares)
        }
        let both = try run(dx, shares)
        #expect(try run(dx, nil).0!.bytes == both.0!.bytes)
        #expect(try run(nil, shares).1!.bytes == both.1!.bytes)
        #expect(both.0!.bytes != dx.bytes && both.1!.bytes != shares.bytes)
    }
}
