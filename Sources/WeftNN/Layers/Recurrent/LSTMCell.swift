public import WeftTensor

/// One step of long short-term memory. See ``LSTM``.
///
/// The parameters are `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, as in PyTorch's state dicts.
public final class LSTMCell: Module {
    private let step: RecurrentStep

    /// Makes a cell whose parameters are drawn uniformly between -k and k, where k is `1 / sqrt(hiddenSize)`.
    ///
    /// - Parameter bias: whether W x and U h have a bias each.
    ///
    /// Refused for a negative `inputSize` and a `hiddenSize` below 1.
    public init(
        _ inputSize: Int,
        _ hiddenSize: Int,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        step = RecurrentStep("LSTMCell", .lstm, inputSize, hiddenSize, bias: bias, at: CallSite(file, line))
    }

    /// h and c, `[batch, hiddenSize]`, behind a step with `input`, `[batch, inputSize]`, from `states`, nil for zeros; a single
    /// row without the batch gives one. Refused for shapes that do not fit.
    public func callAsFunction(
        _ input: Tensor,
        _ states: (h: Tensor, c: Tensor)? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (h: Tensor, c: Tensor) {
        let states = step(input, states.map { RecurrentStates(h: $0.h, c: $0.c) }, at: CallSite(file, line))
        return (states.h, states.c!)
    }
}

extension LSTMCell: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { step.named }
}
