import CKernels
import Testing

/// Convolution, its transpose and its gradient of weights against their definitions, in both orders of memory.
@Suite("Convolution kernels")
struct ConvolutionKernelTests {
    /// A convolution of three axes; `source` and `result` are sizes of what is read and of what is computed.
    struct Case: Sendable, CustomTestStringConvertible {
        var batch = 1
        var groups = 1
        var channels: (source: Int, result: Int)
        var source, result, kernel: [Int]
        var stride = [1, 1, 1]
        var dilation = [1, 1, 1]
        var padding = [0, 0, 0]
        var isTransposed = false

        var testDescription: String {
            "\(batch)x\(groups)x\(channels) \(source) \(kernel) to \(result), stride \(stride), dilation \(dilation), "
                + "padding \(padding)\(isTransposed ? ", transposed" : "")"
        }

        static let all: [Case] = [
            Case(
                batch: 2,
                channels: (3, 5),
                source: [1, 9, 10],
                result: [1, 9, 10],
                kernel: [1, 3, 3],
                padding: [0, 1, 1]
            ),
            Case(
                channels: (3, 17),
                source: [1, 21, 40],
                result: [1, 11, 20],
                kernel: [1, 7, 7],
                stride: [1, 2, 2],
                padding: [0, 3, 3]
            ),
            Case(
                batch: 5,
                channels: (19, 34),
                source: [1, 4, 4],
                result: [1, 4, 4],
                kernel: [1, 3, 2],
                padding: [0, 1, 0]
            ),
            Case(
                channels: (70, 4),
                source: [1, 3, 37],
                result: [1, 3, 12],
                kernel: [1, 3, 3],
                stride: [1, 1, 3],
                padding: [0, 1, 0]
            ),
            Case(
                batch: 2,
                groups: 3,
                channels: (2, 3),
                source: [3, 5, 6],
                result: [2, 5, 3],
                kernel: [2, 3, 2],
                stride: [1, 1, 2],
                dilation: [1, 2, 1],
                padding: [0, 2, 0]
            ),
            Case(
                groups: 6,
                channels: (1, 2),
                source: [1, 1, 70],
                result: [1, 1, 66],
                kernel: [1, 1, 3],
                dilation: [1, 1, 2]
            ),
            Case(batch: 3, channels: (40, 20), source: [1, 5, 7], result: [1, 5, 7], kernel: [1, 1, 1]),
            Case(
                batch: 2,
                groups: 37,
                channels: (1, 1),
                source: [1, 6, 70],
                result: [1, 6, 70],
                kernel: [1, 3, 3],
                padding: [0, 1, 1]
            ),
            Case(
                groups: 70,
                channels: (1, 1),
                source: [3, 5, 7],
                result: [2, 3, 4],
                kernel: [2, 2, 3],
                stride: [1, 2, 2],
                dilation: [1, 1, 2],
                padding: [0, 0, 2]
            ),
            Case(
                batch: 2,
                groups: 3,
                channels: (2, 1),
                source: [1, 3, 9],
                result: [1, 6, 28],
                kernel: [1, 2, 4],
                stride: [1, 2, 3],
                isTransposed: true
            ),
            Case(
                groups: 9,
                channels: (1, 1),
                source: [1, 3, 9],
                result: [1, 5, 18],
                kernel: [1, 3, 2],
                stride: [1, 2, 2],
                padding: [0, 1, 0],
                isTransposed: true
            ),
            Case(channels: (2, 3), source: [1, 2, 2], result: [1, 6, 6], kernel: [1, 1, 1], padding: [0, 2, 2]),
            Case(batch: 2, channels: (0, 3), source: [1, 2, 2], result: [1, 2, 2], kernel: [1, 1, 1]),
            Case(
                batch: 2,
                channels: (5, 6),
                source: [1, 5, 6],
                result: [1, 10, 12],
                kernel: [1, 4, 4],
                stride: [1, 2, 2],
                padding: [0, 1, 1],
                isTransposed: true
            ),
            Case(
                channels: (7, 18),
                source: [2, 4, 9],
                result: [4, 7, 30],
                kernel: [3, 2, 3],
                stride: [1, 2, 3],
                dilation: [1, 2, 4],
                padding: [0, 1, 2],
                isTransposed: true
            ),
            Case(
                groups: 2,
                channels: (3, 2),
                source: [1, 1, 5],
                result: [1, 1, 25],
                kernel: [1, 1, 2],
                stride: [1, 1, 5],
                isTransposed: true
            ),
            Case(channels: (6, 3), source: [1, 4, 5], result: [1, 6, 8], kernel: [1, 3, 4], isTransposed: true),
        ]
    }

    /// Where an element of an image lies.
    private static func place(
        _ image: Int,
        _ channel: Int,
        _ at: [Int],
        _ sizes: [Int],
        _ channels: Int,
        _ isLast: Bool
    )
        -> Int
    {
        let position = (at[0] * sizes[1] + at[1]) * sizes[2] + at[2]
        let volume = sizes.reduce(1, *)
        return isLast
            ? (image * volume + position) * channels + channel : (image * channels + channel) * volume + position
    }

    /// The pairs of elements that meet: of the window, of the source and of the result.
    private static func meeting(_ test: Case, _ body: (_ tap: [Int], _ source: [Int], _ result: [Int]) -> Void) {
        // Windows lie on the larger of the two.
        let (windows, elements) = test.isTransposed ? (test.source, test.result) : (test.result, test.source)
        for window in kernelIndices(windows) {
            for tap in kernelIndices(test.kernel) {
                let at = (0..<3).map { window[$0] * test.stride[$0] + tap[$0] * test.dilation[$0] - test.padding[$0] }
                guard (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] < elements[$0] }) else { continue }
                if test.isTransposed { body(tap, window, at) } else { body(tap, at, window) }
            }
        }
    }

    private static func described(_ test: Case, isLast: Bool) -> ck_convolution {
        var convolution = ck_convolution()
        (convolution.batch, convolution.groups) = (Int64(test.batch), Int64(test.groups))
        convolution.source_channels = Int64(test.channels.source)
        convolution.result_channels = Int64(test.channels.result)
        withUnsafeMutableBytes(of: &convolution.axes) { bytes in
            let axes = bytes.bindMemory(to: ck_convolution_axis.self)
            for axis in 0..<3 {
                axes[axis] = ck_convolution_axis(
                    source: Int64(test.source[axis]),
                    result: Int64(test.result[axis]),
                    kernel: Int64(test.kernel[axis]),
                    stride: Int64(test.stride[axis]),
                    dilation: Int64(test.dilation[axis]),
                    padding: Int64(test.padding[axis])
                )
            }
        }
        convolution.is_transposed = test.isTransposed ? 1 : 0
        convolution.is_channels_last = isLast ? 1 : 0
        // Weights [group][result][source][window].
        let window = test.kernel.reduce(1, *)
        convolution.weight_source = Int64(window)
        convolution.weight_result = Int64(window * test.channels.source)
        convolution.weight_group = Int64(window * test.channels.source * test.channels.result)
        convolution.weight_axes = (Int64(test.kernel[1] * test.kernel[2]), Int64(test.kernel[2]), 1)
        return convolution
    }

    @Test("The convolution and its transpose are as defined, in either order", arguments: KernelISA.available, Case.all)
    func products(isa: KernelISA, test: Case) throws {
        var random = KernelRandom(11)
        let (groups, window) = (test.groups, test.kernel.reduce(1, *))
        let (sources, results) = (groups * test.channels.source, groups * test.channels.result)
        let (sourceVolume, resultVolume) = (test.source.reduce(1, *), test.result.reduce(1, *))
        let weights = KernelArray([max(results * test.channels.source * window, 1)]) { _ in random.float() }
        let bias = KernelArray([results]) { _ in random.float() }
        let values = (0..<test.batch * sources * sourceVolume).map { _ in random.float() }

        var expected = [Double](repeating: 0, count: test.batch * results * resultVolume)
        var sizes = expected
        Self.meeting(test) { tap, from, to in
            let element = (tap[0] * test.kernel[1] + tap[1]) * test.kernel[2] + tap[2]
            for image in 0..<test.batch {
                for r in 0..<results {
                    for s in 0..<test.channels.source {
                        let channel = r / test.channels.result * test.channels.source + s
                        let value = values[Self.place(image, channel, from, test.source, sources, false)]
                        let weight = weights.elements[(r * test.channels.source + s) * window + element]
                        let place = Self.place(image, r, to, test.result, results, false)
                        expected[place] += Double(value) * Double(weight)
                        sizes[place] += abs(Double(value) * Double(weight))
                    }
                }
            }
        }
        var bits: [[UInt32]] = []
        for isLast in [false, true] {
            let source = KernelArray([max(values.count, 1)]) { _ in Float(0) }
            for image in 0..<test.batch {
                for channel in 0..<sources {
                    for at in kernelIndices(test.source) {
                        source.elements[Self.place(image, channel, at, test.source, sources, isLast)] =
                            values[Self.place(image, channel, at, test.source, sources, false)]
                    }
                }
            }
            var convolution = Self.described(test, isLast: isLast)
            ck_convolution_make_plan(&convolution, isa.isa, 4)
            let plan = convolution.plan
            let table = KernelArray([1]) { _ in convolution }
            let panels = Int(plan.phases * convolution.groups * plan.panels)
            let packed = KernelArray([panels * Int(plan.panel_elements)]) { _ in Float(0) }
            var pack = KernelLaunch([results, window, test.channels.source])
            pack.add(packed)
            pack.add(weights)
            pack.add(table)
            if plan.is_direct == 0 { try pack.run(CK_convolution_pack_f32, isa, items: panels, cut: .uneven) }
            var outputs: [[UInt8]] = []
            for cut in KernelCut.allCases {
                let output = KernelArray([expected.count]) { _ in Float.nan }
                var launch = KernelLaunch([results, window, test.channels.source, test.batch * resultVolume])
                launch.add(output)
                launch.add(source)
                launch.add(plan.is_direct == 0 ? packed : weights)
                launch.add(bias)
                launch.add(table)
                let (items, scratch) = (Int(plan.items), Int(plan.scratch_bytes))
                try launch.run(CK_convolution_f32, isa, items: items, cut: cut, scratchByteCount: scratch)
                outputs.append(output.bytes)
                if cut != .whole { continue }
                var ordered: [UInt32] = []
                for image in 0..<test.batch {
                    for r in 0..<results {
                        for at in kernelIndices(test.result) {
                            let place = Self.place(image, r, at, test.result, results, false)
                            let value = output.elements[Self.place(image, r, at, test.result, results, isLast)]
                            let reference = expected[place] + Double(bias.elements[r])
                            let bound = 0x1p-24 * Double(window * test.channels.source + 2) * (sizes[place] + 4)
                            #expect(kernelAgrees(value, reference, within: bound), "\(isLast) \(image) \(r) \(at)")
                            ordered.append(value.bitPattern)
                        }
                    }
                }
                bits.append(ordered)
            }
            #expect(outputs.allSatisfy { $0 == outputs[0] }, "a cut changed the result")
        }
        #expect(bits[0] == bits[1], "the order in memory changed the result")
    }

    @Test(
        "The gradient of weights is as defined",
        arguments: KernelISA.available,
        Case.all.filter { !$0.isTransposed && $0.channels.source > 0 }
    )
    func weights(isa: KernelISA, test: Case) throws {
        var random = KernelRandom(12)
        let (groups, window) = (test.groups, test.kernel.reduce(1, *))
        let (sources, results) = (groups * test.channels.source, groups * test.channels.result)
        let source = KernelArray([test.batch * sources * test.source.reduce(1, *)]) { _ in random.float() }
        let gradient = KernelArray([test.batch * results * test.result.reduce(1, *)]) { _ in random.float() }
        let count = results * window * test.channels.source
        var (expected, sizes) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        Self.meeting(test) { tap, from, to in
            let element = (tap[0] * test.kernel[1] + tap[1]) * test.kernel[2] + tap[2]
            for image in 0..<test.batch {
                for r in 0..<results {
                    for s in 0..<test.channels.source {
                        let channel = r / test.channels.result * test.channels.source + s
                        let value = source.elements[Self.place(image, channel, from, test.source, sources, true)]
                        let slope = gradient.elements[Self.place(image, r, to, test.result, results, true)]
                        let place = (r * window + element) * test.channels.source + s
                        expected[place] += Double(value) * Double(slope)
                        sizes[place] += abs(Double(value) * Double(slope))
                    }
                }
            }
        }
        var convolution = Self.described(test, isLast: true)
        ck_convolution_make_weight_plan(&convolution, isa.isa, 4)
        let plan = convolution.plan
        let table = KernelArray([1]) { _ in convolution }
        var outputs: [[UInt8]] = []
        for cut in KernelCut.allCases {
            let parts = KernelArray([Int(plan.parts), count]) { _ in Float.nan }
            var launch = KernelLaunch([results, window, test.channels.source, test.batch * test.result.reduce(1, *)])
            launch.add(parts)
            launch.add(gradient)
            launch.add(source)
            launch.add(table)
            let (items, scratch) = (Int(plan.items), Int(plan.scratch_bytes))
            try launch.run(CK_convolution_weight_f32, isa, items: items, cut: cut, scratchByteCount: scratch)
            outputs.append(parts.bytes)
            for place in 0..<count {
                let sum = (0..<Int(plan.parts)).reduce(0.0) { $0 + Double(parts[[$1, place]]) }
                let bound = 0x1p-24 * Double(test.batch * test.result.reduce(1, *) + 2) * sizes[place]
                #expect(abs(sum - expected[place]) <= bound, "\(place)")
            }
        }
        #expect(outputs.allSatisfy { $0 == outputs[0] }, "a cut changed the result")
    }
}
