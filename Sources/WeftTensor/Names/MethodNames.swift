// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// PyTorch's and NumPy's names of what has another name or another form here.
extension Tensor {
    @available(*, unavailable, message: "reshaped([2, 3]) takes the shape as an array")
    public func view(_ shape: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "reshaped(_:)")
    public func view(_ shape: [Int]) -> Tensor { fatalError() }
    @available(*, unavailable, message: "reshaped([2, 3]) takes the shape as an array")
    public func reshape(_ shape: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, message: "reshaped([2, 3]) takes the shape as an array")
    public func reshaped(_ sizes: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, message: "permuted([1, 0]) takes the axes as an array")
    public func permuted(_ axes: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, message: "expanded(to: [2, 3]) takes the shape as an array")
    public func expanded(to sizes: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "reshaped(_:)")
    public func reshape(_ shape: [Int]) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say flattened(), or flattened(from:through:) for some of the dimensions")
    public func flatten(start_dim: Int = 0, end_dim: Int = -1) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "flattened()")
    public func ravel() -> Tensor { fatalError() }
    @available(*, unavailable, message: "permuted([1, 0]) takes the axes as an array")
    public func permute(_ axes: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "permuted(_:)")
    public func permute(_ axes: [Int]) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "transposed(_:_:)")
    public func transpose(_ a: Int, _ b: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "transposed(_:_:)")
    public func swapaxes(_ a: Int, _ b: Int) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .T, the last two dimensions swapped")
    public func t() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "unsqueezed(axis:)")
    public func unsqueeze(_ axis: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "unsqueezed(axis:)")
    public func unsqueeze(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "squeezed(axis:)")
    public func squeeze(_ axis: Int? = nil) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "squeezed(axis:)")
    public func squeeze(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, message: "expanded(to: [2, 3]) takes the shape as an array")
    public func expand(_ shape: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say expanded(to: other.shape)")
    public func expand_as(_ other: Tensor) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "say repeated([2, 3]); a broadcast, expanded(to:), needs no copy"
    )
    public func `repeat`(_ counts: Int...) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "say tiled([2, 3]); a broadcast, expanded(to:), needs no copy"
    )
    public func tile(_ counts: Int...) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say masked(mask, with: value), or where(mask, value, tensor)")
    public func masked_fill(_ mask: Tensor, _ value: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say indexSelect(axis:_:)")
    public func index_select(_ axis: Int, _ indices: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say matmul(a, b)")
    public func mm(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say matmul(a, b)")
    public func bmm(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say matmul(a, b)")
    public func dot(_ other: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "clamp(min:max:)")
    public func clamp(_ min: Any, _ max: Any) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "clamp(min:max:)")
    public func clip(_ min: Any, _ max: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say standardDeviation(axis:keepDims:), whose correction is 1 as in PyTorch")
    public func std() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say standardDeviation(axis:keepDims:)")
    public func std(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say variance(axis:keepDims:)")
    public func `var`(dim: Any, keepdim: Bool = false) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "logSoftmax(axis:)")
    public func log_softmax(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "cumulativeSum(axis:)")
    public func cumsum(_ axis: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "cumulativeSum(axis:)")
    public func cumsum(dim: Int) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "detached()")
    public func detach() -> Tensor { fatalError() }
    @available(*, unavailable, message: "copy with let b = a: tensors are values, and writing to one changes no other")
    public func clone() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say array(of: Float.self) for Swift numbers, row-major")
    public func numpy() -> [Float] { fatalError() }
    @available(*, unavailable, message: "say array(of: Float.self) for Swift numbers, row-major")
    public func tolist() -> [Float] { fatalError() }
    @available(*, unavailable, message: "say to(.float32)")
    public func float() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say to(.float64)")
    public func double() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say to(.float16)")
    public func half() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say to(.int64)")
    public func long() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say to(.int64)")
    public func int() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say to(.bool)")
    public func bool() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "to(_:)")
    public func astype(_ dtype: DType) -> Tensor { fatalError() }
    @available(*, unavailable, message: "leave it out: tensors are in the CPU's memory")
    public func cpu() -> Tensor { fatalError() }
    @available(*, unavailable, message: "leave it out: Weft computes on the CPU")
    public func cuda() -> Tensor { fatalError() }
    @available(*, unavailable, message: "say count")
    public func numel() -> Int { fatalError() }
    @available(*, unavailable, message: "say count")
    public func nelement() -> Int { fatalError() }
    @available(*, unavailable, message: "say rank")
    public func dim() -> Int { fatalError() }
    @available(*, unavailable, message: "say x = x.withRequiresGrad()")
    @discardableResult
    public func requires_grad_(_ required: Bool = true) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say backward(retainGraph: true)")
    public func backward(retain_graph: Bool) { fatalError() }
    @available(*, unavailable, renamed: "backward(gradient:)")
    public func backward(_ gradient: Tensor) { fatalError() }
    @available(*, unavailable, message: "say +=, which updates in place")
    @discardableResult
    public func add_(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say -=, which updates in place")
    @discardableResult
    public func sub_(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say *=, which updates in place")
    @discardableResult
    public func mul_(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say /=, which updates in place")
    @discardableResult
    public func div_(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say x *= 0, or assign Tensor(zeros: x.shape)")
    @discardableResult
    public func zero_() -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "zeroGrad()")
    public func zero_grad() { fatalError() }
    @available(*, unavailable, message: "say .==, which compares elements")
    public func eq(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .>, which compares elements")
    public func gt(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .<, which compares elements")
    public func lt(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say +")
    public func add(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say *, elementwise, or matmul(a, b)")
    public func mul(_ other: Any) -> Tensor { fatalError() }
    @available(*, unavailable, renamed: "rank")
    public var ndim: Int { fatalError() }
    @available(*, unavailable, renamed: "requiresGrad")
    public var requires_grad: Bool { fatalError() }
    @available(*, unavailable, renamed: "gradFn")
    public var grad_fn: String? { fatalError() }
    @available(*, unavailable, renamed: "isLeaf")
    public var is_leaf: Bool { fatalError() }
    @available(*, unavailable, renamed: "T")
    public var mT: Tensor { fatalError() }
    @available(*, unavailable, message: "say detached(), or update inside noGrad { }")
    public var data: Tensor { fatalError() }
    @available(*, unavailable, message: "leave it out: Weft computes on the CPU")
    public var device: String { fatalError() }
}
