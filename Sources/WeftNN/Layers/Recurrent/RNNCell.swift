public import WeftTensor

/// One step of a recurrent network: h = tanh(W x + U h + b), or relu of that. See ``RNN``.
///
/// The parameters are `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, as in PyTorch's state dicts.
public final class RNNCell: Module {
    private let step: RecurrentStep

    /// Makes a cell whose parameters are drawn uniformly between -k and k, where k is `1 / sqrt(hiddenSize)`.
    ///
    /// - Parameters:
    ///   - bias: whether W x and U h have a bias each.
    ///   - nonlinearity: the function of the step.
    ///
    /// Refused for a negative `inputSize` and a `hiddenSize` below 1.
    public init(
        _ inputSize: Int,
        _ hiddenSize: Int,
        bias: Bool = true,
        nonlinearity: RNN.Nonlinearity = .tanh,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        step = RecurrentStep("RNNCell", nonlinearity.cell, inputSize, hiddenSize, bias: bias, at: CallSite(file, line))
    }

    /// h, `[batch, hiddenSize]`, behind a step with `input`, `[batch, inputSize]`, from `state`, nil for zeros; a single row
    /// without the batch gives one. Refused for shapes that do not fit.
    public func callAsFunction(
        _ input: Tensor,
        _ state: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        step(input, state.map { RecurrentStates(h: $0, c: nil) }, at: CallSite(file, line)).h
    }
}

extension RNNCell: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { step.named }
}
