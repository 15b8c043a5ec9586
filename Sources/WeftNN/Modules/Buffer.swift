public import WeftTensor

/// A tensor that belongs to a module but is not learned: running statistics, a mask, positions.
///
/// A module finds its buffers in its stored properties, as it finds its ``Parameter``s, and gives them the same kind of
/// names. A persistent one is in the state dict.
///
/// ```swift
/// final class Centred: Module {
///     let mean = Buffer(Tensor(zeros: [8]))
///
///     func callAsFunction(_ x: Tensor) -> Tensor {
///         if Mode.current == .training {
///             let batch = x.detached().mean(axis: 0)
///             mean.update { $0 = 0.9 * $0 + 0.1 * batch }
///         }
///         return x - mean.value
///     }
/// }
/// ```
///
/// A buffer can be shared by several tasks, like a parameter: reading ``value`` takes a snapshot, and changes come one
/// after the other. That makes evaluation safe from any number of tasks. Two tasks that train one module at a time lose
/// nothing either, if they change the buffer in ``update(_:)``, but then its values depend on who came first.
public final class Buffer: Sendable {
    private let tensor: LendableTensor
    /// Whether the buffer is in the state dict. What can be computed again need not be.
    public let isPersistent: Bool

    /// Makes a buffer that starts with the values of `tensor`, of any shape and dtype.
    ///
    /// No gradient flows to a buffer, nor through it to what `tensor` was computed from.
    ///
    /// - Parameter persistent: whether the buffer is in the state dict.
    public init(_ tensor: Tensor, persistent: Bool = true) {
        self.tensor = LendableTensor(tensor.contiguous().detached())
        isPersistent = persistent
    }

    /// The values, which require no gradient.
    ///
    /// Assigning replaces them; it is refused, and changes nothing, unless the new values have the buffer's shape and
    /// dtype.
    public var value: Tensor {
        get { tensor.snapshot }
        set { tensor.withValue { replaceValues(of: &$0, with: newValue, operation: "Buffer") } }
    }

    /// Changes the values, without recording how.
    ///
    /// No other change of this buffer comes between, hence `body` must not use the buffer itself. What `body` leaves is
    /// assigned to ``value`` under the same conditions. If `body` throws, nothing changes.
    public func update(_ body: (inout Tensor) throws -> Void) rethrows {
        try tensor.withValue { current in
            // A second reference, so that a refused or abandoned update leaves the first as it was.
            var changed = current
            try noGrad { try body(&changed) }
            replaceValues(of: &current, with: changed, operation: "Buffer")
        }
    }

    /// Converts the values to `dtype`.
    func convert(to dtype: DType) {
        tensor.withValue { current in
            let converted = current.to(dtype)
            if !converted.isFailed { current = converted }
        }
    }
}
