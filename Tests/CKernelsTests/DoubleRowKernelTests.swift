import CKernels
import Foundation
import Testing

/// Row kernels of float64, against the formulas in more precision.
@Suite("Row kernels of float64")
struct DoubleRowKernelTests {
    static let shapes = [[1, 1], [1, 5], [3, 5], [9, 2], [40, 7], [2, 64], [5, 33], [3, 700], [2, 5000]]

    private func array(_ shape: [Int], _ layout: KernelLayout, seed: UInt64) -> KernelArray<Double> {
        var random = KernelRandom(seed)
        return KernelArray(shape, layout) { _ in Double(random.float()) * 3 }
    }

    private func row(_ x: KernelArray<Double>, _ r: Int) -> [Wide] { (0..<x.shape[1]).map { Wide(x[[r, $0]]) } }

    /// Runs a kernel on rows, whole and cut, streaming and not, and expects the same bits each time.
    private func run(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        outputs: [(shape: [Int], strides: [Int]?)],
        shape: [Int],
        items: Int? = nil,
        integers: [Int] = [],
        numbers: [Double] = [],
        _ addInputs: (inout KernelLaunch) -> Void
    ) throws -> [KernelArray<Double>] {
        var runs: [[KernelArray<Double>]] = []
        for cut in KernelCut.allCases {
            for streams in [false, true] {
                let results = outputs.map { KernelArray<Double>($0.shape) { _ in .nan } }
                var launch = KernelLaunch(shape, integers: integers, numbers: numbers, streams: streams)
                for (result, output) in zip(results, outputs) { launch.add(result, strides: output.strides) }
                addInputs(&launch)
                try launch.run(kernel, isa, items: items ?? shape[0], cut: cut)
                runs.append(results)
            }
        }
        for other in runs {
            #expect(zip(other, runs[0]).allSatisfy { $0.bytes == $1.bytes }, "a cut changed the result")
        }
        return runs[0]
    }

    private func expectClose(_ values: [Double], _ exact: [Wide], scale: Wide = 1, _ comment: Comment) {
        let bound = scale * 0x1p-47
        let isClose = zip(values, exact).allSatisfy { (Wide($0) - $1).magnitude <= bound * max($1.magnitude, 1) }
        #expect(isClose, comment)
    }

    @Test("Softmax, its logarithm and their derivatives", arguments: KernelISA.available, shapes)
    func softmax(isa: KernelISA, shape: [Int]) throws {
        for layout in KernelLayout.allCases {
            let (x, g) = (array(shape, layout, seed: 3), array(shape, layout, seed: 4))
            let outputs: [(shape: [Int], strides: [Int]?)] = [(shape, nil)]
            let y = try run(CK_softmax_f64, isa, outputs: outputs, shape: shape) { $0.add(x) }[0]
            let log = try run(CK_log_softmax_f64, isa, outputs: outputs, shape: shape) { $0.add(x) }[0]
            let dy = try run(CK_softmax_backward_f64, isa, outputs: outputs, shape: shape) {
                $0.add(g)
                $0.add(y)
            }[0]
            let dlog = try run(CK_log_softmax_backward_f64, isa, outputs: outputs, shape: shape) {
                $0.add(g)
                $0.add(log)
            }[0]
            for r in 0..<shape[0] {
                let (numbers, gradient) = (row(x, r), row(g, r))
                let sum = numbers.reduce(0) { $0 + exp($1) }
                let p = numbers.map { exp($0) / sum }
                expectClose(row(y, r).map(Double.init), p, "softmax \(shape) \(layout)")
                expectClose(
                    row(log, r).map(Double.init),
                    p.map { Foundation.log($0) },
                    "log_softmax \(shape) \(layout)"
                )
                let mean = zip(p, gradient).reduce(0) { $0 + $1.0 * $1.1 }
                let total = gradient.reduce(0, +)
                let scale = 1 + gradient.reduce(0) { $0 + $1.magnitude }
                let exact = zip(p, gradient).map { $0 * ($1 - mean) }
                expectClose(row(dy, r).map(Double.init), exact, scale: scale, "softmax_backward \(shape) \(layout)")
                let exactLog = zip(p, gradient).map { $1 - $0 * total }
                expectClose(row(dlog, r).map(Double.init), exactLog, scale: scale, "log_softmax_backward \(shape)")
            }
        }
    }

    @Test("Cross-entropy and its derivative", arguments: KernelISA.available, [0, 0.25])
    func crossEntropy(isa: KernelISA, smoothing: Double) throws {
        for shape in Self.shapes {
            for layout in KernelLayout.allCases {
                let (rows, classes) = (shape[0], shape[1])
                let x = array(shape, layout, seed: 5)
                // The last row is ignored.
                let labels = KernelArray<Int64>((0..<rows).map { $0 == 7 ? -100 : Int64($0 * 3 % classes) })
                let gradient = array([rows], .contiguous, seed: 6)
                let found = try run(
                    CK_cross_entropy_f64,
                    isa,
                    outputs: [([rows], [1, 0]), ([rows], [1, 0])],
                    shape: shape,
                    integers: [-100],
                    numbers: [smoothing]
                ) {
                    $0.add(x)
                    $0.add(labels, strides: [1, 0])
                }
                let dx = try run(
                    CK_cross_entropy_backward_f64,
                    isa,
                    outputs: [(shape, nil)],
                    shape: shape,
                    integers: [-100],
                    numbers: [smoothing]
                ) {
                    $0.add(x)
                    $0.add(found[1], strides: [1, 0])
                    $0.add(labels, strides: [1, 0])
                    $0.add(gradient, strides: [1, 0])
                }[0]
                for r in 0..<rows {
                    let numbers = row(x, r)
                    let logSum = log(numbers.reduce(0) { $0 + exp($1) })
                    let label = Int(labels.values[r])
                    let s = Wide(smoothing)
                    let mean = numbers.reduce(0, +) / Wide(classes)
                    let loss = label < 0 ? 0 : logSum - (1 - s) * numbers[label] - s * mean
                    expectClose([found[0].values[r]], [loss], scale: 8, "\(shape) \(layout)")
                    expectClose([found[1].values[r]], [logSum], scale: 8, "\(shape) \(layout)")
                    let slope = numbers.indices.map { i -> Wide in
                        let target = (i == label ? 1 - s : 0) + s / Wide(classes)
                        return label < 0 ? 0 : Wide(gradient.values[r]) * (exp(numbers[i] - logSum) - target)
                    }
                    expectClose(row(dx, r).map(Double.init), slope, scale: 64, "\(shape) \(layout)")
                }
            }
        }
    }

    @Test("Layer norm, RMS norm and their derivatives", arguments: KernelISA.available, shapes)
    func norms(isa: KernelISA, shape: [Int]) throws {
        let (rows, n) = (shape[0], shape[1])
        let (x, g) = (array(shape, .contiguous, seed: 7), array(shape, .contiguous, seed: 8))
        let (weight, bias) = (array([n], .contiguous, seed: 9), array([n], .contiguous, seed: 10))
        for centers in [true, false] {
            let name = centers ? "layer_norm" : "rms_norm"
            let found = try run(
                kernel(name, "f64"),
                isa,
                outputs: [(shape, nil), ([rows, 3], nil)],
                shape: shape,
                numbers: [0.5]
            ) {
                $0.add(x)
                $0.add(weight, strides: [0, 1])
                $0.add(bias, strides: [0, 1])
            }
            let back = try run(
                kernel("\(name)_backward", "f64"),
                isa,
                outputs: [(shape, nil), ([1, 2, n], [2 * n, n])],
                shape: shape,
                items: 1,
                integers: [rows]
            ) {
                $0.add(g)
                $0.add(x)
                $0.add(found[1])
                $0.add(weight, strides: [0, 1])
            }
            var shares = [[Wide]](repeating: [Wide](repeating: 0, count: n), count: 2)
            let w = weight.values.map(Wide.init)
            for r in 0..<rows {
                let (numbers, gradient) = (row(x, r), row(g, r))
                let mean = centers ? numbers.reduce(0, +) / Wide(n) : 0
                let scale = 1 / (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Wide(n) + 0.5).squareRoot()
                let y = numbers.map { ($0 - mean) * scale }
                expectClose(
                    row(found[0], r).map(Double.init),
                    zip(y, zip(w, bias.values)).map { $0 * $1.0 + Wide($1.1) },
                    scale: 1e3,
                    "\(shape)"
                )
                let weighted = zip(gradient, w).map { $0 * $1 }
                let first = centers ? weighted.reduce(0, +) / Wide(n) : 0
                let second = zip(weighted, y).reduce(0) { $0 + $1.0 * $1.1 } / Wide(n)
                let exact = zip(weighted, y).map { ($0 - first - $1 * second) * scale }
                expectClose(row(back[0], r).map(Double.init), exact, scale: 1e4, "\(name) \(shape)")
                for i in 0..<n {
                    shares[0][i] += gradient[i] * y[i]
                    shares[1][i] += gradient[i]
                }
            }
            expectClose(Array(back[1].values.prefix(n)), shares[0], scale: 1e4, "\(name) \(shape)")
            if centers { expectClose(Array(back[1].values.suffix(n)), shares[1], scale: 1e4, "\(name) \(shape)") }
        }
    }
}
