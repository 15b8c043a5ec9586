public import WeftTensor

/// Long short-term memory (Hochreiter and Schmidhuber, 1997), in layers one above the other, in one or both directions,
/// with projections (Sak et al., 2014) if wanted.
///
/// With the gates i, f, o = σ(W x + U h + b) and g = tanh(W x + U h + b) of a step, c = f c + i g and h = o tanh(c), or
/// R o tanh(c) with a projection. All steps of a layer are few launches, whatever their number.
///
/// ```swift
/// let lstm = LSTM(128, 256, numLayers: 2, batchFirst: true)
/// let (output, (h, c)) = lstm(x)                             // x: [batch, steps, 128]
/// let (next, _) = lstm(y, (h, c))                            // goes on where x ended
/// let (padded, _) = lstm(z, lengths: [7, 3, 5])              // rows of z that end after 7, 3 and 5 steps
/// ```
///
/// The parameters are `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, `weight_hr_l0`, then those that end in
/// `_l0_reverse`, `_l1` and so on, with gates in the order i, f, g, o, as in PyTorch's state dicts.
public final class LSTM: Module {
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
    ///   - projSize: the size of h where it is a projection of what the gates give, and smaller; 0 for none.
    ///
    /// Refused for a negative `inputSize`, a `hiddenSize` or `numLayers` below 1, a `dropout` that is not from 0 to 1, and a
    /// `projSize` that is negative or not less than `hiddenSize`.
    public init(
        _ inputSize: Int,
        _ hiddenSize: Int,
        numLayers: Int = 1,
        bias: Bool = true,
        batchFirst: Bool = false,
        dropout: Double = 0,
        bidirectional: Bool = false,
        projSize: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        layers = RecurrentStack(
            "LSTM",
            .lstm,
            inputSize,
            hiddenSize,
            numLayers: numLayers,
            bias: bias,
            batchFirst: batchFirst,
            dropout: dropout,
            bidirectional: bidirectional,
            projSize: projSize,
            at: CallSite(file, line)
        )
    }

    /// The last layer's h at each step, and h and c of all layers behind each sequence's last step.
    ///
    /// - Parameters:
    ///   - input: `[steps, batch, inputSize]`, with `batchFirst` `[batch, steps, inputSize]`, or, for a single sequence,
    ///     `[steps, inputSize]`, which leaves the batch out of all other shapes too.
    ///   - states: h, `[layers · directions, batch, projSize or hiddenSize]`, and c, `[layers · directions, batch,
    ///     hiddenSize]`, to begin with; nil for zeros. A layer's directions lie one behind the other.
    ///   - lengths: how many steps each sequence of the batch has, in any order; nil if all have those of `input`. What
    ///     lies behind a sequence's last step is not looked at, and gives zeros; the final states are those of its last
    ///     step, where the other direction begins. It is what PyTorch gives for a packed sequence.
    ///
    /// - Returns: the output, `[steps, batch, directions · (projSize or hiddenSize)]` in the input's order, where the second
    ///   direction lies behind the first, and the states in the shapes above.
    ///
    /// Refused for shapes that do not fit, an input without steps, and lengths that are not from 1 to all steps, one for
    /// each sequence.
    public func callAsFunction(
        _ input: Tensor,
        _ states: (h: Tensor, c: Tensor)? = nil,
        lengths: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (output: Tensor, states: (h: Tensor, c: Tensor)) {
        let initial = states.map { RecurrentStates(h: $0.h, c: $0.c) }
        let (output, states) = layers(input, initial, lengths: lengths, at: CallSite(file, line))
        return (output, (states.h, states.c!))
    }
}

extension LSTM: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { layers.named }
}
