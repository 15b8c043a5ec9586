// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// PyTorch's and NumPy's functions that make tensors, which are initialisers here.
extension Tensor {
    @available(*, unavailable, message: "say Tensor(zeros: [2, 3])")
    public static func zeros(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor(ones: [2, 3])")
    public static func ones(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor(normal: [2, 3])")
    public static func randn(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor(uniform: [2, 3])")
    public static func rand(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor(full: [2, 3], value)")
    public static func full(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor(arange: 0..<10)")
    public static func arange(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "say Tensor([[1, 2], [3, 4]])")
    public static func tensor(_ arguments: Any..., dtype: DType? = nil, requires_grad: Bool = false) -> Tensor {
        fatalError()
    }
    @available(*, unavailable, message: "Tensor(zeros: [2, 3]) takes the shape as an array")
    public init(zeros first: Int, _ others: Int...) { fatalError() }
    @available(*, unavailable, message: "Tensor(ones: [2, 3]) takes the shape as an array")
    public init(ones first: Int, _ others: Int...) { fatalError() }
    @available(*, unavailable, message: "Tensor(uniform: [2, 3]) takes the shape as an array")
    public init(uniform first: Int, _ others: Int...) { fatalError() }
    @available(*, unavailable, message: "Tensor(normal: [2, 3]) takes the shape as an array")
    public init(normal first: Int, _ others: Int...) { fatalError() }
    @available(*, unavailable, message: "say Tensor(zeros: x.shape)")
    public static func zeros_like(_ tensor: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say Tensor(ones: x.shape)")
    public static func ones_like(_ tensor: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say Tensor(normal: x.shape)")
    public static func randn_like(_ tensor: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say Tensor(uniform: x.shape)")
    public static func rand_like(_ tensor: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say concatenated(tensors, axis: 0)")
    public static func cat(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say stacked(tensors, axis: 0)")
    public static func stack(_ tensors: [Tensor], dim: Int = 0) -> Tensor { fatalError() }
}

@available(
    *,
    unavailable,
    message: "Weft's functions are initialisers, as in Tensor(zeros: [2, 3]), and methods of Tensor, as in x.exp()"
)
public var torch: UnknownMember { fatalError() }

@available(
    *,
    unavailable,
    message: "Weft's functions are initialisers, as in Tensor(zeros: [2, 3]), and methods of Tensor, as in x.exp()"
)
public var np: UnknownMember { fatalError() }

@available(*, unavailable, message: "layers are types without a prefix, as in Linear(784, 10)")
public var nn: UnknownMember { fatalError() }

@available(*, unavailable, message: "optimizers are types without a prefix, as in SGD and Adam")
public var optim: UnknownMember { fatalError() }

@available(*, unavailable, renamed: "manualSeed(_:)")
public func manual_seed(_ seed: Int) { fatalError() }

@available(*, unavailable, renamed: "noGrad(_:)")
public func no_grad<R>(_ body: () throws -> R) rethrows -> R { fatalError() }
