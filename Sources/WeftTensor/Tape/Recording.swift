import WeftRuntime

/// Writing operations to the tape. Here also ends what an operand that was refused began: a launch over it has run
/// nothing, and a result recorded from it is refused in turn, so that operations need not ask.
extension Tensor {
    /// Whether an operation on this tensor is recorded.
    @inline(__always)
    package var recordsGradient: Bool { tracking.isTracked && GradientMode.isEnabled }

    /// `result` as the outcome of an operation on `input` whose derivative is `rule`, recorded if a gradient
    /// may flow to the input.
    ///
    /// - Parameters:
    ///   - input: kept without its values unless `savingInput`.
    ///   - savingResult: whether the rule needs the result; it finds it behind the inputs.
    ///   - readsOperands: whether the rule looks at the input, if only for its shape. Otherwise no more of it is kept
    ///     than the gradient's way to it.
    static func recorded(
        _ operation: RecordedOperation,
        _ result: consuming Tensor,
        from input: Tensor,
        savingInput: Bool = false,
        savingResult: Bool = false,
        readsOperands: Bool = true,
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        if input.isFailed { return .failed(like: result) }
        guard input.recordsGradient, !result.isFailed else { return result }
        let entry = TapeEntry(
            operation,
            attributes: attributes,
            inputCount: 1,
            readsOperands
                ? .tensor(savingInput ? input : input.withoutValues) : .way(to: input, from: result),
            savingResult ? .tensor(copy result) : .nothing,
            rule: rule
        )
        result.record(as: entry)
        return result
    }

    /// `result` as the outcome of an operation on `a` and `b` whose derivative is `rule`, recorded if a
    /// gradient may flow to either.
    ///
    /// - Parameters:
    ///   - a, b: kept without their values unless `savingInputs`.
    ///   - readsOperands: whether the rule looks at the inputs, if only for their shapes. Otherwise no more of them is
    ///     kept than the gradient's way to them.
    ///   - saved: one more tensor that the rule needs, which it finds behind the inputs.
    static func recorded(
        _ operation: RecordedOperation,
        _ result: consuming Tensor,
        from a: Tensor,
        _ b: Tensor,
        savingInputs: Bool = false,
        readsOperands: Bool = true,
        saving saved: Tensor? = nil,
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        if a.isFailed || b.isFailed { return .failed(like: result) }
        guard a.tracking.isTracked || b.tracking.isTracked, !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let entry = TapeEntry(
            operation,
            attributes: attributes,
            inputCount: 2,
            readsOperands ? .tensor(savingInputs ? a : a.withoutValues) : .way(to: a, from: result),
            readsOperands ? .tensor(savingInputs ? b : b.withoutValues) : .way(to: b, from: result),
            saved.map { .tensor($0) } ?? .nothing,
            rule: rule
        )
        result.record(as: entry)
        return result
    }

    /// `result` as the outcome of an operation on `a`, `b` and `c` whose derivative is `rule`, recorded if a gradient
    /// may flow to any.
    ///
    /// - Parameters:
    ///   - savingFirst: whether `a` is kept with its values; else only its shape.
    ///   - savingLast: the same of `c`.
    ///   - saved: one more tensor that the rule needs, which it finds behind the inputs.
    static func recorded(
        _ operation: RecordedOperation,
        _ result: consuming Tensor,
        from a: Tensor,
        _ b: Tensor,
        _ c: Tensor,
        savingFirst: Bool = true,
        savingLast: Bool = true,
        saving saved: Tensor? = nil,
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        if a.isFailed || b.isFailed || c.isFailed { return .failed(like: result) }
        guard a.tracking.isTracked || b.tracking.isTracked || c.tracking.isTracked, !result.isFailed,
            GradientMode.isEnabled
        else { return result }
        let last = Operand.tensor(savingLast ? c : c.withoutValues)
        let entry = TapeEntry(
            operation,
            attributes: attributes,
            inputCount: 3,
            .tensor(savingFirst ? a : a.withoutValues),
            .tensor(b),
            saved.map { .more([last, .tensor($0)]) } ?? last,
            rule: rule
        )
        result.record(as: entry)
        return result
    }

    /// `result` as the outcome of an operation on `inputs` whose derivative is `rule`, recorded if a gradient may flow to
    /// any.
    ///
    /// - Parameters:
    ///   - savingInputs: whether the inputs are kept with their values; else only their shapes.
    ///   - saved: more tensors that the rule needs, which it finds behind the inputs.
    static func recorded(
        _ operation: RecordedOperation,
        _ result: consuming Tensor,
        from inputs: [Tensor],
        savingInputs: Bool = true,
        saving saved: [Tensor] = [],
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        if inputs.contains(where: \.isFailed) || saved.contains(where: \.isFailed) { return .failed(like: result) }
        guard inputs.contains(where: { $0.tracking.isTracked }), !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let entry = TapeEntry(
            operation,
            attributes: attributes,
            inputs: savingInputs ? inputs : inputs.map(\.withoutValues),
            saved: saved,
            rule: rule
        )
        result.record(as: entry)
        return result
    }
}
