import WeftRuntime
import WeftTensor

/// One step of a recurrent network: what `RNNCell`, `LSTMCell` and `GRUCell` share.
struct RecurrentStep: Sendable {
    private let name: StaticString
    private let cell: RecurrentCell
    private let inputSize, hiddenSize: Int
    private let weights: RecurrentParameters

    /// Refused, with numbers in the place of wrong ones, as the modules say.
    init(
        _ name: StaticString,
        _ cell: RecurrentCell,
        _ inputSize: Int,
        _ hiddenSize: Int,
        bias: Bool,
        at site: CallSite
    ) {
        if inputSize < 0 || hiddenSize < 1 {
            refuse(
                name,
                "the input size is \(inputSize) and the hidden size \(hiddenSize); they must be at least 0 and 1",
                at: site
            )
        }
        (self.name, self.cell) = (name, cell)
        (self.inputSize, self.hiddenSize) = (max(inputSize, 0), max(hiddenSize, 1))
        let sizes = (self.inputSize, self.hiddenSize)
        weights = refusing(as: name, at: site) { RecurrentParameters(cell, sizes.0, sizes.1, bias: bias) }
    }

    /// The parameters under PyTorch's names.
    var named: [(name: String, parameter: Parameter)] { weights.named(suffix: "") }

    /// The states behind a step.
    func callAsFunction(_ input: Tensor, _ states: RecurrentStates?, at site: CallSite) -> RecurrentStates {
        let dtype = DType.promoted(input.dtype, weights.dtype)
        let shape = Array(input.shape.dropLast()) + [hiddenSize]
        do throws(Refusal) {
            let call = Call(name, at: site)
            try call.require(
                (input.rank == 1 || input.rank == 2) && input.size(-1) == inputSize,
                "the input has shape \(input.shape); [batch, \(inputSize)] or [\(inputSize)] is wanted"
            )
            for (name, state) in [("h", states?.h), ("c", states?.c)] {
                guard let state else { continue }
                try call.require(
                    state.shape == shape && state.dtype.isFloatingPoint,
                    "a \(state.dtype) state \(name) of shape \(state.shape) does not fit an input of shape "
                        + "\(input.shape): floating-point numbers of shape \(shape) are wanted"
                )
            }
            if !input.isFailed, states?.h.isFailed != true, states?.c?.isFailed != true {
                return next(input, states, dtype, shape, at: site)
            }
        } catch {}
        let standIn = Tensor(standIn: Layout(nearest: shape), dtype: dtype)
        return RecurrentStates(h: standIn, c: cell.hasCellState ? standIn : nil)
    }

    /// As a sequence of one step.
    private func next(
        _ input: Tensor,
        _ states: RecurrentStates?,
        _ dtype: DType,
        _ shape: [Int],
        at site: CallSite
    ) -> RecurrentStates {
        let batch = input.rank == 2 ? input.size(0) : 1
        func sequence(_ tensor: Tensor) -> Tensor {
            tensor.to(dtype).reshaped([1, batch, tensor.size(-1)], file: site.file, line: site.line)
        }
        let (_, next) = sequence(input).recurrent(
            cell,
            [weights.values(dtype)],
            states: states.map { RecurrentStates(h: sequence($0.h), c: $0.c.map(sequence)) },
            lengths: nil,
            at: site
        )
        return RecurrentStates(h: next.h.reshaped(shape), c: next.c?.reshaped(shape))
    }
}
