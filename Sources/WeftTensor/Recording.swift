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
        _ name: StaticString, _ handle: KernelHandle?, _ result: Tensor, from input: Tensor,
        savingInput: Bool = false, savingResult: Bool = false, attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard input.tracking.isTracked, !result.isFailed, GradientMode.isEnabled else { return result }
        let operands = SavedOperands(
            first: savingInput ? input : input.withoutValues, second: savingResult ? result : nil, third: nil, rest: [],
            inputCount: 1)
        return result.attached(
            TapeEntry.make(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule))
    }

    /// `result` as the outcome of an operation on `a` and `b` whose derivative is `rule`, recorded if a
    /// gradient may flow to either.
    static func recorded(
        _ name: StaticString, _ handle: KernelHandle?, _ result: Tensor, from a: Tensor, _ b: Tensor,
        savingInputs: Bool = false, attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard a.tracking.isTracked || b.tracking.isTracked, !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let operands = SavedOperands(
            first: savingInputs ? a : a.withoutValues, second: savingInputs ? b : b.withoutValues, third: nil, rest: [],
            inputCount: 2)
        return result.attached(
            TapeEntry.make(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule))
    }

    /// `result` as the outcome of an operation on `inputs` whose derivative is `rule`; `saved` are more tensors
    /// that the rule needs, which it finds behind the inputs.
    static func recorded(
        _ name: StaticString, _ handle: KernelHandle?, _ result: Tensor, from inputs: [Tensor],
        saving saved: [Tensor] = [], attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard inputs.contains(where: { $0.tracking.isTracked }), !result.isFailed, GradientMode.isEnabled else {
            return result
        }
        let all = inputs + saved
        let operands = SavedOperands(
            first: all[0], second: all.count > 1 ? all[1] : nil, third: all.count > 2 ? all[2] : nil,
            rest: Array(all.dropFirst(3)), inputCount: inputs.count)
        return result.attached(
            TapeEntry.make(name: name, handle: handle, attributes: attributes, operands: operands, rule: rule))
    }

    private func attached(_ entry: TapeEntry) -> Tensor {
        var result = self
        result.tracking = .operation(entry)
        return result
    }
}
