public import WeftTensor

/// Gated recurrent units (Cho et al., 2014), in layers one above the other, in one or both directions.
///
/// With the gates r, z = σ(W x + a + U h + b) of a step, n = tanh(W x + a + r (U h + b)) and h = (1 - z) n + z h: the reset
/// gate is applied behind the product and its bias. All steps of a layer are few launches, whatever their number.
///
/// ```swift
/// let gru = GRU(64, 128, bidirectional: true)
/// let (output, h) = gru(x, lengths: [9, 4])                  // x: [9, 2, 64], output: [9, 2, 256]
/// ```
///
/// The parameters are `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then those that end in `_l0_reverse`,
/// `_l1` and so on, with gates in the order r, z, n, as in PyTorch's state dicts.
public final class GRU: Module {
    private let layers: RecurrentStack

    /// Makes a network whose parameters are drawn uniformly between -k and k, where k is `1 / sqrt(hiddenSize)`.
    ///
    /// - Parameters:
    ///   - numLayers: the number of layers; each above the first gets the outputs of the one below.
    ///   - bias: whether W x and U h have a bias each.
    ///   - batchFirst: whether inputs and outputs are `[batch, steps, …]`, not `[steps, batch, …]`.
    ///   - dropout: the probability with which elements of a layer's output are dropped in training before they reach
    ///     the next layer.
    ///   - bidirectional: whether each layer also goes from the last step to the first, with weights of its own.
    ///
    /// Refused for a negative `inputSize`, a `hiddenSize` or `numLayers` below 1, and a `dropout` that is not from 0 to 1.
    public init(
        _ inputSize: Int,
        _ hiddenSize: Int,
        numLayers: Int = 1,
        bias: Bool = true,
        batchFirst: Bool = false,
        dropout: Double = 0,
        bidirectional: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        layers = RecurrentStack(
            "GRU",
            .gru,
            inputSize,
            hiddenSize,
            numLayers: numLayers,
            bias: bias,
            batchFirst: batchFirst,
            dropout: dropout,
            bidirectional: bidirectional,
            at: CallSite(file, line)
        )
    }

    /// The last layer's h at each step, and h of all layers behind each sequence's last step.
    ///
    /// - Parameters:
    ///   - input: `[steps, batch, inputSize]`, with `batchFirst` `[batch, steps, inputSize]`, or, for a single sequence,
    ///     `[steps, inputSize]`, which leaves the batch out of all other shapes too.
    ///   - state: h, `[layers · directions, batch, hiddenSize]`, to begin with; nil for zeros. A layer's directions lie
    ///     one behind the other.
    ///   - lengths: how many steps each sequence of the batch has, in any order; nil if all have those of `input`. What
    ///     lies behind a sequence's last step is not looked at, and gives zeros; the final state is that of its last step,
    ///     where the other direction begins. It is what PyTorch gives for a packed sequence.
    ///
    /// - Returns: the output, `[steps, batch, directions · hiddenSize]` in the input's order, where the second direction lies
    ///   behind the first, and the state in the shape above.
    ///
    /// Refused for shapes that do not fit, an input without steps, and lengths that are not from 1 to all steps, one for
    /// each sequence.
    public func callAsFunction(
        _ input: Tensor,
        _ state: Tensor? = nil,
        lengths: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (output: Tensor, state: Tensor) {
        let initial = state.map { RecurrentStates(h: $0, c: nil) }
        let (output, states) = layers(input, initial, lengths: lengths, at: CallSite(file, line))
        return (output, states.h)
    }
}

extension GRU: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { layers.named }
}
