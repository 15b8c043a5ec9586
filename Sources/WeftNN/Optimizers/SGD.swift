import WeftTensor

/// Stochastic gradient descent, with momentum if asked for.
///
/// With the gradient g, the parameter p, the learning rate γ, momentum μ, dampening τ and weight decay λ, a step is
/// PyTorch's (`torch.optim.SGD`, after Sutskever et al., 2013):
///
///     g ← g + λ p
///     b ← μ b + (1 - τ) g       at first b ← g; only if μ ≠ 0
///     g ← g + μ b               with Nesterov momentum; otherwise g ← b
///     p ← p - γ g
public final class SGD: Optimizer {
    public var parameters: [Parameter] { group.parameters }

    public var learningRate: Double {
        get { configuration.learningRate }
        set {
            let isValid = OptimizerChecks(name: "SGD", site: nil).check(newValue, as: "learning rate")
            if isValid { configuration.learningRate = newValue }
        }
    }

    public var momentum: Double { configuration.momentum }
    public var dampening: Double { configuration.dampening }
    public var weightDecay: Double { configuration.weightDecay }
    public var nesterov: Bool { configuration.nesterov }

    private var configuration: SGDConfiguration
    /// With b of every parameter.
    private var group: ParameterGroup

    /// Makes an optimizer of `parameters`, each of which may occur once.
    ///
    /// Refused if there are none, if a number is negative or not finite, and if Nesterov momentum is to have no momentum
    /// or to be dampened.
    public init(
        _ parameters: [Parameter],
        learningRate: Double,
        momentum: Double = 0,
        dampening: Double = 0,
        weightDecay: Double = 0,
        nesterov: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let checks = OptimizerChecks(name: "SGD", site: CallSite(file, line))
        checks.check(parameters)
        checks.check(learningRate, as: "learning rate")
        checks.check(momentum, as: "momentum")
        checks.check(dampening, as: "dampening")
        checks.check(weightDecay, as: "weight decay")
        if nesterov, momentum <= 0 || dampening != 0 {
            checks.refuse("Nesterov momentum needs a momentum and no dampening; they are \(momentum) and \(dampening)")
        }
        self.configuration = SGDConfiguration(
            learningRate: learningRate,
            momentum: momentum,
            dampening: dampening,
            weightDecay: weightDecay,
            nesterov: nesterov
        )
        self.group = ParameterGroup(parameters, .sgd(hasMomentum: momentum != 0))
    }

    /// Makes an optimizer of the parameters that `model` has now.
    public convenience init(
        _ model: any Module,
        learningRate: Double,
        momentum: Double = 0,
        dampening: Double = 0,
        weightDecay: Double = 0,
        nesterov: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init(
            model.parameters,
            learningRate: learningRate,
            momentum: momentum,
            dampening: dampening,
            weightDecay: weightDecay,
            nesterov: nesterov,
            file: file,
            line: line
        )
    }

    public func step() {
        group.update { $0.run(configuration) }
    }
}
