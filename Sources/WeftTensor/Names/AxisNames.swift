// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// What PyTorch and NumPy call `dim:`, `keepdim:` and `keepdims:` is `axis:`, `axes:` and `keepDims:` here. The compiler
/// says so at once, where it would else look for another meaning of the whole expression.
extension Tensor {
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func sum(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func sum(axis: Any, keepdims: Bool) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func mean(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func mean(axis: Any, keepdims: Bool) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func variance(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func variance(axis: Any, keepdims: Bool) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func standardDeviation(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: for one axis, axes: for several, and keepDims:")
    public func standardDeviation(axis: Any, keepdims: Bool) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: and keepDims:")
    public func max(dim: Int, keepdim: Bool = false) -> (values: Tensor, indices: Tensor) { fatalError() }
    @available(*, unavailable, message: "say axis: and keepDims:")
    public func min(dim: Int, keepdim: Bool = false) -> (values: Tensor, indices: Tensor) { fatalError() }
    @available(*, unavailable, message: "say axis: and keepDims:")
    public func argmax(dim: Int, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say axis: and keepDims:")
    public func argmin(dim: Int, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "softmax(axis:)")
    public func softmax(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "logSoftmax(axis:)")
    public func logSoftmax(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "cumulativeSum(axis:)")
    public func cumulativeSum(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "squeezed(axis:)")
    public func squeezed(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "unsqueezed(axis:)")
    public func unsqueezed(dim: Int) -> Tensor { fatalError() }
}

@available(*, unavailable, renamed: "concatenated(_:axis:)")
public func concatenated(_ tensors: [Tensor], dim: Int) -> Tensor { fatalError() }

@available(*, unavailable, renamed: "concatenated(_:axis:)")
public func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }

@available(*, unavailable, renamed: "stacked(_:axis:)")
public func stacked(_ tensors: [Tensor], dim: Int) -> Tensor { fatalError() }

@available(*, unavailable, renamed: "stacked(_:axis:)")
public func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }

@available(*, unavailable, renamed: "concatenated(_:axis:)")
public func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor { fatalError() }

@available(*, unavailable, renamed: "stacked(_:axis:)")
public func stack(_ tensors: [Tensor], axis: Int) -> Tensor { fatalError() }
