import WeftRuntime

extension Launch {
    /// Appends an operand. A launch with a tensor that was refused, and so has no memory, runs nothing.
    ///
    /// The launch does not keep the tensor alive: whoever runs it does.
    ///
    /// - Parameter bytesAhead: how far the operand's first element is behind the tensor's.
    @inline(__always)
    mutating func append(_ tensor: Tensor, bytesAhead: Int = 0, strides: Extents) {
        if tensor.isFailed {
            items = 0
            append(nil, strides: strides)
        } else {
            append(tensor.start + bytesAhead, strides: strides)
        }
    }

    /// Appends an operand whose dimensions are the launch's.
    mutating func append(_ tensor: Tensor) { append(tensor, strides: tensor.layout.strides) }
}
