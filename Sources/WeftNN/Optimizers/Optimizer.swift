/// Changes parameters so that a loss falls, by the gradients that backward passes have left in them.
///
/// ```swift
/// let optimizer = SGD(model, learningRate: 0.1, momentum: 0.9)
/// for (x, y) in batches {
///     optimizer.zeroGrad()
///     crossEntropy(model(x), y).backward()
///     optimizer.step()
/// }
/// ```
///
/// An optimizer belongs to one task. A parameter without a gradient is passed over by a step, along with what the
/// optimizer remembers of it.
///
/// ## Saving and going on
///
/// `stateDict` has what the optimizer remembers and what it is configured with, under PyTorch's names, so that a run which
/// is resumed from it and from its model's state dict equals one that was not interrupted, to the bit:
/// - `state.0.exp_avg` and so on: what is remembered of the first parameter, once it has taken part in a step. Parameters
///   are counted in the order in which the optimizer was given them.
/// - `param_groups.0.lr` and so on: float64 scalars, or vectors such as `betas`, and truth values.
/// - `param_groups.0.params`: the numbers of the parameters, int64.
///
/// Nothing is copied: the tensors share memory with the optimizer until its next step. `load(stateDict:)` takes over the
/// configuration too, the learning rate included. Everything is checked before anything changes: names, shapes, dtypes,
/// and that the numbers are ones that the optimizer could have been made with.
public protocol Optimizer: Checkpointable {
    /// What is optimized, each parameter once.
    var parameters: [Parameter] { get }

    /// The factor on every step, which may change between steps. A negative one is refused.
    var learningRate: Double { get set }

    /// Changes the parameters once.
    func step()
}

extension Optimizer {
    /// Forgets the gradients of all parameters; they are `nil` afterwards.
    public func zeroGrad() {
        for parameter in parameters { parameter.zeroGrad() }
    }
}
