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
public protocol Optimizer: AnyObject {
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
