public import WeftTensor

/// One step of gated recurrent units. See ``GRU``.
///
/// The parameters are `weight_ih`, `weight_hh`, `bias_ih` and `bias_hh`, as in PyTorch's state dicts.
public final class GRUCell: Module {
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
        step = RecurrentStep("GRUCell", .gru, inputSize, hiddenSize, bias: bias, at: CallSite(file, line))
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

extension GRUCell: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { step.named }
}
