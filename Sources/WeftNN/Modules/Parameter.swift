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
        let tensor = tensor.contiguous().withRequiresGrad(file: file, line: line)
        leaf = if case .leaf(let leaf) = tensor.tracking { leaf } else { Leaf() }
        self.tensor = LendableTensor(tensor)
    }

    /// The values, as a leaf that requires a gradient.
    ///
    /// Assigning replaces the values; the leaf, and the gradient that it has gathered, stay. The assignment is refused,
    /// and changes nothing, unless the new values have the parameter's shape and dtype.
    public var value: Tensor {
        get { tensor.snapshot }
        set { tensor.withValue { Self.replace(&$0, with: newValue) } }
    }

    /// The gradient that backward passes have added up; `nil` before the first and after ``zeroGrad()``.
    public var grad: Tensor? { leaf.accumulated ?? value.grad }

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
            Self.replace(&current, with: changed)
        }
    }

    /// Takes the values away, to be changed where they are and given back soon. They keep their shape, dtype and
    /// tracking. Who reads the parameter meanwhile waits.
    func borrow() -> Tensor { tensor.borrow() }

    func giveBack(_ values: consuming Tensor) { tensor.giveBack(values) }

    private static func replace(_ current: inout Tensor, with new: Tensor) {
        if new.isFailed { return }
        guard new.shape == current.shape, new.dtype == current.dtype else {
            refuse(
                "Parameter",
                "values of shape \(new.shape) and dtype \(new.dtype) cannot replace those of shape \(current.shape) "
                    + "and dtype \(current.dtype)",
                at: nil
            )
            return
        }
        let tracking = current.tracking
        current = new.contiguous().detached()
        current.tracking = tracking
    }
}
