import WeftRuntime

extension Tensor {
    /// Whether operations on this tensor are recorded so that gradients can flow through it.
    public var requiresGrad: Bool { tracking.isTracked }

    /// Whether the user created this tensor, rather than a recorded operation.
    public var isLeaf: Bool {
        if case .operation = tracking { false } else { true }
    }

    /// The name of the recorded operation that made this tensor; nil for leaves.
    public var gradFn: String? {
        if case .operation(let entry) = tracking { entry.operation.name } else { nil }
    }

    /// The gradient that backward passes have accumulated for this leaf; nil before the first, and for
    /// tensors that are not leaves or require none. Copies of the tensor share it.
    ///
    /// It can be set, to nil or to a tensor, from which on later passes add to that: to scale or clip a gradient, or to
    /// bring in one that was computed elsewhere. A tensor is refused, and the gradient stays, unless this is a leaf that
    /// requires a gradient and the tensor has its shape and dtype.
    ///
    /// ```swift
    /// w.grad! *= 0.5
    /// ```
    public var grad: Tensor? {
        get {
            guard case .leaf(let leaf) = tracking else {
                return isFailed ? self : nil
            }
            if let gradient = leaf.accumulated { return gradient }
            // A refused backward pass must not turn into a crash where the gradient is unwrapped.
            return ErrorRecorder.current?.error == nil ? nil : .failed(like: self)
        }
        nonmutating set {
            if case .leaf(let leaf) = tracking { return leaf.set(newValue, like: self) }
            guard newValue != nil, !isFailed else { return }
            refuse("grad", "the tensor of shape \(shape) is not a leaf that requires a gradient: it has none", at: nil)
        }
    }

    /// Forgets the accumulated gradient.
    public func zeroGrad() {
        if case .leaf(let leaf) = tracking { leaf.replace(with: nil) }
    }

    /// The same values, cut off from the tape.
    public func detached() -> Tensor {
        guard tracking.isTracked else { return self }
        var result = self
        result.tracking = .none
        return result
    }

    /// The same values as a leaf of its own that requires a gradient, or none.
    ///
    /// Refused for dtypes that are not floating point.
    public func withRequiresGrad(
        _ requiresGrad: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        var result = detached()
        guard requiresGrad else { return result }
        guard dtype.isFloatingPoint else {
            refuse(
                "requiresGrad",
                "only floating-point tensors can require gradients, not \(dtype)",
                at: CallSite(file, line)
            )
            return .failed(like: self)
        }
        if !isFailed { result.tracking = .leaf(Leaf()) }
        return result
    }

    /// Computes the gradients of this tensor with respect to every leaf that it depends on, and adds them to
    /// the leaves' `grad`.
    ///
    /// - Parameters:
    ///   - gradient: the gradient to start with, of this tensor's shape; a scalar starts with 1.
    ///   - retainGraph: whether to keep what the tape saved, to go through it again. Otherwise it is freed as
    ///     the pass proceeds, and a second pass is refused.
    ///   - createGraph: whether to record the derivatives in turn, so that they can be differentiated; implies
    ///     `retainGraph`. A leaf's gradient then refers to the graph, and so to the leaf: `zeroGrad()` lets go of
    ///     both. `grad(of:withRespectTo:)` makes no such circle.
    public func backward(
        gradient: Tensor? = nil,
        retainGraph: Bool = false,
        createGraph: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard let root = backwardRoot(gradient, operation: "backward", at: site) else { return }
        _ = BackwardPass.run(
            from: [root],
            retainGraph: retainGraph || createGraph,
            createGraph: createGraph,
            operation: "backward",
            at: site
        )
    }

    fileprivate func backwardRoot(
        _ gradient: Tensor?,
        operation: StaticString,
        at site: CallSite
    ) -> (tensor: Tensor, gradient: Tensor)? {
        if isFailed || gradient?.isFailed == true {
            refuseOutOfScope("backward", at: site)
            return nil
        }
        guard requiresGrad else {
            refuse(
                operation,
                "the tensor of shape \(shape) does not require a gradient: nothing that it was computed from "
                    + "does, or it was computed in noGrad",
                at: site
            )
            return nil
        }
        guard let gradient else {
            guard count == 1 else {
                refuse(
                    operation,
                    "a gradient to start with is needed for shape \(shape); only a scalar has one implied",
                    at: site
                )
                return nil
            }
            return (self, Tensor(full: shape, 1.0, dtype: dtype))
        }
        guard gradient.layout.hasSameShape(as: layout) else {
            refuse(operation, "the gradient's shape \(gradient.shape) is not the tensor's, \(shape)", at: site)
            return nil
        }
        return (self, gradient.converted(to: dtype, at: site))
    }
}

/// The gradients of `output` with respect to `inputs`, in their order. Leaves' `grad` is left alone.
///
/// - Parameters:
///   - gradient: the gradient to start with, of `output`'s shape; a scalar starts with 1.
///   - retainGraph: whether to keep what the tape saved, to go through it again.
///   - createGraph: whether to record the derivatives in turn, so that they can be differentiated; implies
///     `retainGraph`.
///   - allowUnused: whether an input that `output` does not depend on has a gradient of zeros; otherwise that
///     is refused.
public func grad(
    of output: Tensor,
    withRespectTo inputs: [Tensor],
    gradient: Tensor? = nil,
    retainGraph: Bool = false,
    createGraph: Bool = false,
    allowUnused: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> [Tensor] {
    let site = CallSite(file, line)
    let failed = inputs.map(Tensor.failed(like:))
    guard let root = output.backwardRoot(gradient, operation: "grad", at: site) else { return failed }
    let ids = inputs.map(\.tracking.identity)
    if let index = ids.firstIndex(of: nil) {
        if !inputs[index].isFailed {
            refuse("grad", "input \(index) of shape \(inputs[index].shape) does not require a gradient", at: site)
        }
        return failed
    }
    let found = BackwardPass.run(
        from: [root],
        retainGraph: retainGraph || createGraph,
        createGraph: createGraph,
        wanted: inputs.map(\.tracking),
        operation: "grad",
        at: site
    )
    return inputs.indices.map { index in
        if let gradient = found[ids[index]!] { return gradient }
        if allowUnused { return Tensor(zeros: inputs[index].shape, dtype: inputs[index].dtype) }
        if ErrorRecorder.current?.error == nil {
            refuse(
                "grad",
                "the output does not depend on input \(index) of shape \(inputs[index].shape); "
                    + "pass allowUnused: true to get zeros",
                at: site
            )
        }
        return .failed(like: inputs[index])
    }
}

extension Leaf {
    /// Makes `gradient` the gradient of this leaf, a tensor like `values`; refused, with nothing changed, if it has
    /// another shape or dtype.
    package func set(_ gradient: Tensor?, like values: Tensor) {
        guard let gradient else { return replace(with: nil) }
        if gradient.isFailed { return gradient.refuseOutOfScope("grad", at: nil) }
        guard gradient.hasSameShape(as: values), gradient.dtype == values.dtype else {
            return refuse(
                "grad",
                "a \(gradient.dtype) gradient of shape \(gradient.shape) does not fit a \(values.dtype) tensor of shape "
                    + "\(values.shape)",
                at: nil
            )
        }
        let rows = gradient.contiguous()
        if !rows.isFailed { replace(with: rows) }
    }
}

extension Tracking {
    /// What tells this tensor's place on the tape from others'; nil if it has none.
    var identity: ObjectIdentifier? {
        switch self {
        case .none: nil
        case .leaf(let leaf): ObjectIdentifier(leaf)
        case .operation(let entry): ObjectIdentifier(entry)
        }
    }

    /// The recorded operation's number; nil for leaves.
    var sequence: UInt64? {
        if case .operation(let entry) = self { entry.sequence } else { nil }
    }
}
