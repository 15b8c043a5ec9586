public import WeftTensor

/// A tensor that a module learns: a leaf of the tape, which optimizers change in place.
///
/// A module finds its parameters in its stored properties, and only there: a learned tensor is stored as
/// `let weight = Parameter(Tensor(normal: [8, 4]))` and used as `weight.value`.
///
/// A parameter can be shared, by several modules and by several tasks. Reading ``value`` takes a snapshot: a tensor is a
/// value, so what was read does not change when an optimizer steps. Every snapshot is the same leaf, however often the
/// parameter changes, so gradients always arrive here.
public final class Parameter: Sendable {
    private let tensor: LendableTensor
    /// Where the gradient gathers, whatever the values.
    let leaf: Leaf

    /// Makes a parameter that starts with the values of `tensor`, of any shape.
    ///
    /// Refused unless `tensor` has a floating-point dtype. What `tensor` was computed from gets no gradient from here.
    public init(_ tensor: Tensor, file: StaticString = #fileID, line: UInt = #line) {
        let tensor = refusing(as: "Parameter", at: CallSite(file, line)) { tensor.contiguous().withRequiresGrad() }
        leaf = if case .leaf(let leaf) = tensor.tracking { leaf } else { Leaf() }
        self.tensor = LendableTensor(tensor)
    }

    /// The values, as a leaf that requires a gradient, unless ``requiresGrad`` is false.
    ///
    /// Assigning replaces the values; the leaf, and the gradient that it has gathered, stay. The assignment is refused,
    /// and changes nothing, unless the new values have the parameter's shape and dtype.
    public var value: Tensor {
        get { tensor.snapshot }
        set { tensor.withValue { replaceValues(of: &$0, with: newValue, operation: "Parameter") } }
    }

    /// The gradient that backward passes have added up; `nil` before the first and after ``zeroGrad()``.
    ///
    /// It can be set, to `nil` or to a tensor, from which on later passes add to that. A tensor is refused, and the
    /// gradient stays, unless it has the parameter's shape and dtype. To keep gradients small see `clipGradNorm`.
    public var grad: Tensor? {
        get { leaf.accumulated ?? value.grad }
        set { leaf.set(newValue, like: value) }
    }

    /// Whether gradients are computed for this parameter; true unless it was frozen.
    ///
    /// A frozen parameter's values are tensors like any others: nothing that is computed from them alone is recorded.
    /// What was recorded before still leads here, and the gradient stays until ``zeroGrad()``, as in PyTorch: an optimizer
    /// passes over parameters whose gradient is `nil`.
    public var requiresGrad: Bool {
        get { value.requiresGrad }
        set { tensor.withValue { $0.tracking = newValue ? .leaf(leaf) : .none } }
    }

    /// Forgets the gradient.
    public func zeroGrad() {
        leaf.replace(with: nil)
    }

    /// Changes the values, without recording how.
    ///
    /// No other change of this parameter comes between, hence `body` must not use the parameter itself. What `body`
    /// leaves is assigned to ``value`` under the same conditions. If `body` throws, nothing changes.
    ///
    /// ```swift
    /// weight.update { $0 -= 0.1 * gradient }
    /// ```
    public func update(_ body: (inout Tensor) throws -> Void) rethrows {
        try tensor.withValue { current in
            // A second reference, so that a refused or abandoned update leaves the first as it was.
            var changed = current
            try noGrad { try body(&changed) }
            replaceValues(of: &current, with: changed, operation: "Parameter")
        }
    }

    /// Converts the values, and the gradient if there is one, to `dtype`, a floating-point one.
    func convert(to dtype: DType) {
        tensor.withValue { current in
            guard !current.isFailed, current.dtype != dtype else { return }
            let tracking = current.tracking
            var converted = current.detached().to(dtype)
            if converted.isFailed { return }
            converted.tracking = tracking
            current = converted
            if let gradient = leaf.take() { leaf.accumulate(gradient.detached().to(dtype)) }
        }
    }

    /// Takes the values away, to be changed where they are and given back soon. They keep their shape, dtype and
    /// tracking. Who reads the parameter meanwhile waits.
    func borrow() -> Tensor { tensor.borrow() }

    func giveBack(_ values: consuming Tensor) { tensor.giveBack(values) }
}

/// Replaces the values of what a module holds, which keeps its shape, dtype and tracking; refused, with nothing changed,
/// unless the new ones have those.
func replaceValues(of current: inout Tensor, with new: Tensor, operation: String) {
    if new.isFailed { return }
    guard new.shape == current.shape, new.dtype == current.dtype else {
        return refuse(
            operation,
            "values of shape \(new.shape) and dtype \(new.dtype) cannot replace those of shape \(current.shape) "
                + "and dtype \(current.dtype)",
            at: nil
        )
    }
    let tracking = current.tracking
    current = new.contiguous().detached()
    current.tracking = tracking
}
