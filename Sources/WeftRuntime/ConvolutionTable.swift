internal import CKernels

/// A convolution, its transpose or its gradient of weights, in the form in which kernels are told of it.
package struct ConvolutionTable {
    /// One spatial axis: the sizes of what is read through windows, of what is computed and of the window, and how windows
    /// follow one another.
    package struct Axis {
        package var source: Int
        package var result: Int
        package var kernel: Int
        package var stride: Int
        package var dilation: Int
        package var padding: Int

        package init(source: Int, result: Int, kernel: Int, stride: Int, dilation: Int, padding: Int) {
            (self.source, self.result, self.kernel) = (source, result, kernel)
            (self.stride, self.dilation, self.padding) = (stride, dilation, padding)
        }
    }

    private var raw = ck_convolution()

    /// - Parameters:
    ///   - sourceChannels, resultChannels: of one group.
    ///   - axes: up to three, the outermost first.
    ///   - weightStrides: from a group, a result channel and a source channel to the next.
    ///   - windowStrides: from an element of the window to the next, along each of `axes`.
    package init(
        batch: Int,
        groups: Int,
        sourceChannels: Int,
        resultChannels: Int,
        axes: [Axis],
        isTransposed: Bool,
        isChannelsLast: Bool,
        weightStrides: (group: Int, result: Int, source: Int),
        windowStrides: [Int]
    ) {
        (raw.batch, raw.groups) = (Int64(batch), Int64(groups))
        (raw.source_channels, raw.result_channels) = (Int64(sourceChannels), Int64(resultChannels))
        (raw.is_transposed, raw.is_channels_last) = (isTransposed ? 1 : 0, isChannelsLast ? 1 : 0)
        raw.weight_group = Int64(weightStrides.group)
        raw.weight_result = Int64(weightStrides.result)
        raw.weight_source = Int64(weightStrides.source)
        let missing = ck_convolution_axis(source: 1, result: 1, kernel: 1, stride: 1, dilation: 1, padding: 0)
        raw.axes = (missing, missing, missing)
        withUnsafeMutableBytes(of: &raw.axes) { bytes in
            let all = bytes.bindMemory(to: ck_convolution_axis.self)
            for (place, axis) in axes.enumerated() {
                all[3 - axes.count + place] = ck_convolution_axis(
                    source: Int64(axis.source),
                    result: Int64(axis.result),
                    kernel: Int64(axis.kernel),
                    stride: Int64(axis.stride),
                    dilation: Int64(axis.dilation),
                    padding: Int64(axis.padding)
                )
            }
        }
        withUnsafeMutableBytes(of: &raw.weight_axes) { bytes in
            let all = bytes.bindMemory(to: Int64.self)
            for (place, stride) in windowStrides.enumerated() { all[3 - axes.count + place] = Int64(stride) }
        }
    }

    /// Cuts the convolution, or its gradient of weights, into items, for elements of `dtype`.
    package mutating func plan(_ dtype: DType, ofWeights: Bool = false) {
        let isa = RuntimeConfiguration.current.isa.rawIdentifier
        if ofWeights {
            ck_convolution_make_weight_plan(&raw, isa, Int64(dtype.size))
        } else {
            ck_convolution_make_plan(&raw, isa, Int64(dtype.size))
        }
    }

    package var items: Int { Int(raw.plan.items) }
    package var parts: Int { Int(raw.plan.parts) }
    package var scratchByteCount: Int { Int(raw.plan.scratch_bytes) }
    /// How many panels the weights are packed into, and the elements of each.
    package var panels: Int { Int(raw.plan.phases * raw.groups * raw.plan.panels) }
    package var panelElements: Int { Int(raw.plan.panel_elements) }

    /// Calls `body` with where the convolution is told, for an operand of a launch that `body` runs.
    package func withPointer<Result>(_ body: (UnsafeMutableRawPointer) -> Result) -> Result {
        withUnsafePointer(to: raw) { body(UnsafeMutableRawPointer(mutating: $0)) }
    }
}
