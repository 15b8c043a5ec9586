// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import WeftTensor

/// PyTorch's names of what has another form here.
extension Optimizer {
    @available(*, unavailable, renamed: "zeroGrad()")
    public func zero_grad() { fatalError() }
}

/// PyTorch's names of what has another form here.
extension Module {
    @available(*, unavailable, message: "run in withMode(.evaluation) { … }, which leaves no mode behind")
    public func eval() { fatalError() }
    @available(*, unavailable, message: "training is the mode outside of withMode(.evaluation) { … }")
    public func train() { fatalError() }
    @available(*, unavailable, message: "say model(x), which calls callAsFunction(_:)")
    public func forward(_ input: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say stateDict")
    public func state_dict() -> [String: Tensor] { fatalError() }
    @available(*, unavailable, renamed: "load(stateDict:)")
    public func load_state_dict(_ stateDict: [String: Tensor]) { fatalError() }
    @available(*, unavailable, message: "leave it out: Weft computes on the CPU")
    public func to(_ device: String) -> Self { fatalError() }
}
