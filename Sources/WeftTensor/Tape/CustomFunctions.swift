import WeftRuntime

/// What the derivative of a function of one's own has to go by.
public struct DerivativeStep: Sendable {
    /// The tensors that the function was given.
    public let inputs: [Tensor]
    /// What the function gave.
    public let outputs: [Tensor]
    /// What else the function kept for its derivative. No derivative is taken through it: a rule that is to be
    /// differentiated again computes such values anew from `inputs` and `outputs`.
    public let saved: [Tensor]
}

/// The outputs of a function of one's own, recorded as one step of the tape with the derivative that is given, in place
/// of those of the operations that `forward` is made of.
///
/// ```swift
/// // The sign of x, through which gradients pass as through the identity where x is in -1 ... 1.
/// let y = differentiable("binarized", [x]) { inputs in
///     (outputs: [inputs[0].sign()], saved: [])
/// } derivative: { gradients, step in
///     [gradients[0] * (step.inputs[0].abs() .<= 1).to(.float32)]
/// }
/// ```
///
/// With `createGraph` the derivative is recorded in turn, so that it can be differentiated again as far as it is made of
/// differentiable operations on the gradients, `step.inputs` and `step.outputs`.
///
/// - Parameters:
///   - name: what `gradFn` and errors call the function.
///   - inputs: of any shapes and dtypes.
///   - forward: gets the inputs without their gradients, is not recorded, and gives the outputs, of any shapes and
///     dtypes, and what to keep for the derivative until a backward pass has used it.
///   - derivative: gets a gradient for each output, of its shape and dtype (zeros where none has reached it, or none can,
///     since it is no floating-point tensor), and gives one for each input, of the input's shape and dtype; nil where
///     there is none.
///
/// A derivative that gives another number of gradients, or one of another shape or dtype, is refused by the backward
/// pass, with the line of this call.
public func differentiable(
    _ name: StaticString,
    _ inputs: [Tensor],
    file: StaticString = #fileID,
    line: UInt = #line,
    forward: (_ inputs: [Tensor]) throws -> (outputs: [Tensor], saved: [Tensor]),
    derivative: @escaping @Sendable (_ gradients: [Tensor], _ step: DerivativeStep) -> [Tensor?]
) rethrows -> [Tensor] {
    let (outputs, saved) = try noGrad { try forward(inputs.map { $0.detached() }) }
    let function = CustomFunction(Call(name, file, line), outputs, derivative)
    return function.recorded(outputs.map { $0.detached() }, from: inputs, saving: saved.map { $0.detached() })
}

/// The output of a function of one tensor with a derivative of its own: see `differentiable(_:_:forward:derivative:)`
/// for functions of several.
///
/// ```swift
/// let y = differentiable("cube", x) { $0 * $0 * $0 } derivative: { gradient, step in
///     gradient * 3 * step.inputs[0].square()
/// }
/// ```
public func differentiable(
    _ name: StaticString,
    _ input: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line,
    forward: (_ input: Tensor) throws -> Tensor,
    derivative: @escaping @Sendable (_ gradient: Tensor, _ step: DerivativeStep) -> Tensor
) rethrows -> Tensor {
    try differentiable(name, [input], file: file, line: line) { inputs in
        (outputs: [try forward(inputs[0])], saved: [])
    } derivative: { gradients, step in
        [derivative(gradients[0], step)]
    }[0]
}

/// One call of a function with a derivative of its own: what its rule needs beside the tensors that the tape keeps.
///
/// Its entry on the tape has one gradient, as all have. Where there are several outputs, that is one vector, of which
/// each output's gradient is a part, and the outputs are recorded as parts of a vector that is never made.
private struct CustomFunction: Sendable {
    let call: Call
    let outputs: [(layout: Layout, dtype: DType, start: Int)]
    /// The sizes and the dtype of all floating-point outputs together.
    let vector: (layout: Layout, dtype: DType)
    let derivative: @Sendable ([Tensor], DerivativeStep) -> [Tensor?]

    init(
        _ call: Call,
        _ outputs: [Tensor],
        _ derivative: @escaping @Sendable ([Tensor], DerivativeStep) -> [Tensor?]
    ) {
        self.call = call
        self.derivative = derivative
        var count = 0
        self.outputs = outputs.map { output in
            defer { if output.dtype.isFloatingPoint { count += output.count } }
            return (output.layout.rowMajor, output.dtype, count)
        }
        let dtypes = outputs.map(\.dtype).filter(\.isFloatingPoint)
        vector = (Layout(rowMajor: [count]), dtypes.reduce(dtypes.first ?? .float32, DType.promoted))
    }

    /// `results`, the outputs, as the outcome of the function of `inputs`.
    func recorded(_ results: [Tensor], from inputs: [Tensor], saving saved: [Tensor]) -> [Tensor] {
        if inputs.contains(where: \.isFailed) { return results.map(Tensor.failed(like:)) }
        guard inputs.contains(where: \.tracking.isTracked), GradientMode.isEnabled,
            outputs.contains(where: \.dtype.isFloatingPoint)
        else { return results }
        let function = self
        let savedCount = saved.count
        let entry = TapeEntry(
            RecordedOperation(named: call.operation),
            attributes: OperationAttributes(),
            inputs: inputs,
            saved: results + saved
        ) { gradient, step in
            function.differentiate(gradient, step, inputCount: inputs.count, savedCount: savedCount)
        }
        return results.indices.map { track($0, of: results, as: .operation(entry)) }
    }

    /// Output `index` of `results`, tracked by the function's entry or by none.
    private func track(_ index: Int, of results: [Tensor], as tracking: Tracking) -> Tensor {
        var result = results[index]
        guard case .operation(let entry) = tracking, result.dtype.isFloatingPoint else { return result }
        guard outputs.count > 1 else {
            result.record(as: entry)
            return result
        }
        let vector = Tensor(standIn: vector.layout, dtype: vector.dtype, tracking: tracking)
        let part = TapeEntry(
            entry.operation,
            attributes: OperationAttributes(start: outputs[index].start),
            inputs: [vector],
            saved: []
        ) { gradient, step in
            let part = gradient.recastFloatingPoint(step[0].dtype, at: nil).flattened()
            let (whole, start) = (step[0].layout, step.attributes.start)
            if GradientMode.isEnabled {
                step.give(0, part.embedded(in: whole, axis: 0, start: start))
            } else {
                step.give(0) { part.addEmbedded(in: whole, axis: 0, start: start, to: &$0) }
            }
        }
        result.record(as: part)
        return result
    }

    private func differentiate(_ gradient: Tensor, _ step: BackwardStep, inputCount: Int, savedCount: Int) {
        let results = outputs.indices.map { step[inputCount + $0] }
        let inputs = (0..<inputCount).map { step[$0] }
        let given = derivative(
            gradients(of: gradient),
            DerivativeStep(
                inputs: inputs,
                outputs: results.indices.map { track($0, of: results, as: step.resultTracking) },
                saved: (0..<savedCount).map { step[inputCount + results.count + $0] }
            )
        )
        guard given.count == inputs.count else {
            refuse(
                call.operation,
                "its derivative gives \(given.count) gradients for \(inputs.count) inputs",
                at: call.site
            )
            return
        }
        for (index, (gradient, input)) in zip(given, inputs).enumerated() where input.tracking.isTracked {
            guard let gradient else { continue }
            guard gradient.dtype == input.dtype, gradient.hasSameShape(as: input) else {
                refuse(
                    call.operation,
                    "its derivative gives a \(gradient.dtype) gradient of shape \(gradient.shape) for input \(index), "
                        + "\(input.dtype) of shape \(input.shape)",
                    at: call.site
                )
                return
            }
            step.give(index, gradient)
        }
    }

    /// Each output's part of the gradient of all.
    private func gradients(of gradient: Tensor) -> [Tensor] {
        if outputs.count == 1 { return [gradient] }
        return outputs.map { output in
            guard output.dtype.isFloatingPoint else { return .filled(output.layout, 0, dtype: output.dtype, at: nil) }
            return gradient.sliced(axis: 0, start: output.start, count: output.layout.count)
                .reshaped(to: output.layout)
                .recastFloatingPoint(output.dtype, at: nil)
        }
    }
}
