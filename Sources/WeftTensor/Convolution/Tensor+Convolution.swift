import WeftRuntime

extension ConvolutionArguments {
    /// The convolution of `input`, or its transpose, plus `bias`, and `activation` of that.
    func apply(
        _ input: Tensor,
        _ weight: Tensor,
        _ bias: Tensor?,
        _ activation: Activation? = nil,
        at site: CallSite
    ) -> Tensor {
        let call = Call(operation, at: site)
        if !DType.promoted(input.dtype, weight.dtype).isFloatingPoint {
            return applyToIntegers(input, weight, bias, call)
        }
        let promoted = MatrixProduct.dtype(input, weight)
        let dtype = bias.map { DType.promoted(promoted, $0.dtype) } ?? promoted
        return call.checked(standIn: nearest(input, weight), dtype) { call throws(Refusal) in
            let isBatched = input.rank != axes + 1
            let batch = isBatched ? input : input.insertingAxis(0)
            let convolution = try convolution(batch, weight, bias, call)
            var (factor, addend) = (weight, bias)
            if convolution.outputChannels < weight.extent(0) {
                factor = weight.sliced(axis: 0, start: 0, count: 0)
                addend = bias?.sliced(axis: 0, start: 0, count: 0)
            }
            let result = isTransposed ? convolution.input : convolution.output
            guard result.isAddressable(operation: operation, at: site) else { throw Refusal() }
            let output = convolution.recorded(
                isTransposed ? .input : .output,
                batch.recastFloatingPoint(dtype, at: site),
                factor.recastFloatingPoint(dtype, at: site),
                layer == nil ? Self.format(batch, factor) : .channelsLast,
                bias: addend?.recastFloatingPoint(dtype, at: site),
                activation: activation,
                operation: operation,
                at: site
            )
            return isBatched ? output : output.removingAxis(0)
        }
    }

    /// The convolution of integers, by way of float64, which holds sums up to 2^53.
    private func applyToIntegers(_ input: Tensor, _ weight: Tensor, _ bias: Tensor?, _ call: Call) -> Tensor {
        call.checked(standIn: nearest(input, weight), .int64) { call throws(Refusal) in
            try call.require(
                bias.map { !$0.dtype.isFloatingPoint } ?? true,
                "an input and a weight of integers do not go with a \(bias?.dtype ?? .float32) bias"
            )
            let result = apply(
                input.converted(to: .float64, at: call.site),
                weight.converted(to: .float64, at: call.site),
                bias?.converted(to: .float64, at: call.site),
                at: call.site ?? CallSite(#fileID, #line)
            )
            return result.converted(to: .int64, at: call.site)
        }
    }

    /// The order in which a function's result lies: that of the input, or of the weight where the input lies in either or
    /// in none. That of a layer, which images pass through on their way to others, is channels-last: all but the smallest
    /// convolutions are quicker there, and whatever comes behind them keeps it.
    private static func format(_ input: Tensor, _ weight: Tensor) -> MemoryFormat {
        let (isRows, isLast) = (input.isContiguous, input.isContiguous(.channelsLast))
        if isRows != isLast { return isLast ? .channelsLast : .rowMajor }
        return !weight.isContiguous && weight.isContiguous(.channelsLast) ? .channelsLast : .rowMajor
    }
}

/// The convolution of `input` along its last axis: for each output channel, the sum over the input channels of its group of
/// the products with a window that moves along the axis, plus `bias`.
///
/// `input` has shape [batch, channels, length], or [channels, length]; `weight` [outputs, channels / groups, kernel];
/// `bias` [outputs]. The result has shape [batch, outputs, (length + 2 · padding − dilation · (kernel − 1) − 1) / stride +
/// 1], rounded down, and lies in memory as the input does. Numbers of several dtypes are promoted; integers stay
/// integers, exact up to 2^53, and take no bias of another kind.
///
/// - Parameters:
///   - padding: zeros on both sides, or `.same` for a result as long as the input, which takes a stride of 1.
///   - dilation: the distance between the window's elements.
///   - groups: how many groups the channels are split into, each of which sees only its own.
///
/// Refused where the shapes do not match, the groups do not divide the channels, or the window is larger than the padded
/// input.
public func conv1d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialPadding = 0,
    dilation: SpatialSizes = 1,
    groups: Int = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(1, input, weight, bias, stride, padding, dilation, groups, nil, at: CallSite(file, line))
}

/// The convolution of `input` along its last two axes, as ``conv1d(_:weight:bias:stride:padding:dilation:groups:file:line:)``
/// has it along one: `input` has shape [batch, channels, height, width], or without a batch, `weight` [outputs, channels /
/// groups, kernel height, kernel width].
public func conv2d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialPadding = 0,
    dilation: SpatialSizes = 1,
    groups: Int = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(2, input, weight, bias, stride, padding, dilation, groups, nil, at: CallSite(file, line))
}

/// The convolution of `input` along its last three axes, as
/// ``conv1d(_:weight:bias:stride:padding:dilation:groups:file:line:)`` has it along one: `input` has shape [batch,
/// channels, depth, height, width], or without a batch, `weight` [outputs, channels / groups, kernel depth, height, width].
public func conv3d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialPadding = 0,
    dilation: SpatialSizes = 1,
    groups: Int = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(3, input, weight, bias, stride, padding, dilation, groups, nil, at: CallSite(file, line))
}

/// The transposed convolution of `input` along its last axis: what the gradient of a convolution's input is to the
/// gradient of its output. Each element is spread over a window of the result, weighted, windows `stride` apart.
///
/// `input` has shape [batch, channels, length], or [channels, length]; `weight` [channels, outputs / groups, kernel];
/// `bias` [outputs]. The result has shape [batch, outputs, (length − 1) · stride − 2 · padding + dilation · (kernel − 1) +
/// outputPadding + 1], and lies in memory as the input does. Numbers of several dtypes are promoted; integers stay
/// integers, exact up to 2^53, and take no bias of another kind.
///
/// - Parameters:
///   - padding: how much is left out on both sides of the result.
///   - outputPadding: how much is added behind the result, less than the stride or the dilation.
///   - groups: how many groups the channels are split into, each of which sees only its own.
///
/// Refused where the shapes do not match, the groups do not divide the channels, or nothing would be left.
public func convTranspose1d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialSizes = 0,
    outputPadding: SpatialSizes = 0,
    groups: Int = 1,
    dilation: SpatialSizes = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(
        1,
        input,
        weight,
        bias,
        stride,
        .sizes(padding),
        dilation,
        groups,
        outputPadding,
        at: CallSite(file, line)
    )
}

/// The transposed convolution of `input` along its last two axes, as
/// ``convTranspose1d(_:weight:bias:stride:padding:outputPadding:groups:dilation:file:line:)`` has it along one.
public func convTranspose2d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialSizes = 0,
    outputPadding: SpatialSizes = 0,
    groups: Int = 1,
    dilation: SpatialSizes = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(
        2,
        input,
        weight,
        bias,
        stride,
        .sizes(padding),
        dilation,
        groups,
        outputPadding,
        at: CallSite(file, line)
    )
}

/// The transposed convolution of `input` along its last three axes, as
/// ``convTranspose1d(_:weight:bias:stride:padding:outputPadding:groups:dilation:file:line:)`` has it along one.
public func convTranspose3d(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    stride: SpatialSizes = 1,
    padding: SpatialSizes = 0,
    outputPadding: SpatialSizes = 0,
    groups: Int = 1,
    dilation: SpatialSizes = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    convolution(
        3,
        input,
        weight,
        bias,
        stride,
        .sizes(padding),
        dilation,
        groups,
        outputPadding,
        at: CallSite(file, line)
    )
}

/// The convolution along the last `axes` axes, or its transpose if there is an output padding, and `activation` of that.
///
/// - Parameter layer: what refusals name instead of the function.
package func convolution(
    _ axes: Int,
    _ input: Tensor,
    _ weight: Tensor,
    _ bias: Tensor?,
    _ stride: SpatialSizes,
    _ padding: SpatialPadding,
    _ dilation: SpatialSizes,
    _ groups: Int,
    _ outputPadding: SpatialSizes?,
    activation: Activation? = nil,
    layer: StaticString? = nil,
    at site: CallSite
) -> Tensor {
    let arguments = ConvolutionArguments(
        axes: axes,
        isTransposed: outputPadding != nil,
        stride: stride,
        padding: padding,
        dilation: dilation,
        groups: groups,
        outputPadding: outputPadding ?? 0,
        layer: layer
    )
    return arguments.apply(input, weight, bias, activation, at: site)
}
