import WeftRuntime
public import WeftTensor

/// A recurrent network (Elman, 1990), in layers one above the other, in one or both directions.
///
/// A step gives h = tanh(W x + U h + b), or relu of that. All steps of a layer are few launches, whatever their number.
///
/// ```swift
/// let rnn = RNN(16, 32, nonlinearity: .relu)
/// let (output, h) = rnn(x)                                   // x: [steps, batch, 16]
/// ```
///
/// The parameters are `weight_ih_l0`, `weight_hh_l0`, `bias_ih_l0`, `bias_hh_l0`, then those that end in `_l0_reverse`,
/// `_l1` and so on, as in PyTorch's state dicts.
public final class RNN: Module {
    /// The function that a step applies.
    public enum Nonlinearity: Sendable {
        /// The hyperbolic tangent.
        case tanh
        /// The rectifier, max(x, 0).
        case relu

        var cell: RecurrentCell { self == .tanh ? .tanh : .relu }
    }

    private let layers: RecurrentStack

    /// Makes a network whose parameters are drawn uniformly between -k and k, where k is `1 / sqrt(hiddenSize)`.
    ///
    /// - Parameters:
    ///   - numLayers: the number of layers; each above the first gets the outputs of the one below.
    ///   - nonlinearity: the function of each step.
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
        nonlinearity: Nonlinearity = .tanh,
        bias: Bool = true,
        batchFirst: Bool = false,
        dropout: Double = 0,
        bidirectional: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        layers = RecurrentStack(
            "RNN",
            nonlinearity.cell,
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

extension RNN: ParameterNaming {
    var ownParameters: [(name: String, parameter: Parameter)] { layers.named }
}
