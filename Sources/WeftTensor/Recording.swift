import WeftRuntime

/// Writing operations to the tape.
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
    static func recorded(
        _ name: StaticString,
        _ handle: KernelHandle?,
        _ result: consuming Tensor,
        from input: Tensor,
        savingInput: Bool = false,
        savingResult: Bool = false,
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard input.tracking.isTracked, !result.isFailed, GradientMode.isEnabled else { return result }
        let operands = SavedOperands(
            savingInput ? input : input.withoutValues,
            savingResult ? result : nil,
            inputCount: 1
        )
        result.tracking = .operation(
            TapeEntry(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule)
        )
        return result
    }

    /// `result` as the outcome of an operation on `a` and `b` whose derivative is `rule`, recorded if a
    /// gradient may flow to either.
    static func recorded(
        _ name: StaticString,
        _ handle: KernelHandle?,
        _ result: consuming Tensor,
        from a: Tensor,
        _ b: Tensor,
        savingInputs: Bool = false,
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard a.tracking.isTracked || b.tracking.isTracked, !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let operands = SavedOperands(
            savingInputs ? a : a.withoutValues,
            savingInputs ? b : b.withoutValues,
            inputCount: 2
        )
        result.tracking = .operation(
            TapeEntry(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule)
        )
        return result
    }

    /// `result` as the outcome of an operation on `inputs` whose derivative is `rule`; `saved` are more tensors
    /// that the rule needs, which it finds behind the inputs.
    static func recorded(
        _ name: StaticString,
        _ handle: KernelHandle?,
        _ result: consuming Tensor,
        from inputs: [Tensor],
        saving saved: [Tensor] = [],
        attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard inputs.contains(where: { $0.tracking.isTracked }), !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let operands = SavedOperands(inputs + saved, inputCount: inputs.count)
        result.tracking = .operation(
            TapeEntry(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule)
        )
        return result
    }
}
