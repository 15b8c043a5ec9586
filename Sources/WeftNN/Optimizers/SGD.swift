public import WeftTensor

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
        get { group.learningRate }
        set { group.learningRate = newValue }
    }

    public var momentum: Double { group.configuration.momentum }
    public var dampening: Double { group.configuration.dampening }
    public var weightDecay: Double { group.configuration.weightDecay }
    public var nesterov: Bool { group.configuration.nesterov }

    /// With b of every parameter.
    private var group: ParameterGroup<SGDConfiguration>

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
        let configuration = SGDConfiguration(
            learningRate: learningRate,
            momentum: momentum,
            dampening: dampening,
            weightDecay: weightDecay,
            nesterov: nesterov
        )
        group = ParameterGroup(parameters, configuration, name: "SGD", at: CallSite(file, line))
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

    /// Changes the parameters that have a gradient, all at once.
    public func step() { group.takeStep() }

    /// See ``Optimizer``; what is remembered of a parameter is called `momentum_buffer`, and is there with momentum only.
    public var stateDict: [String: Tensor] { group.stateDict }

    /// Takes over everything in `stateDict`, the configuration included, or, if it does not fit, nothing. See ``Optimizer``.
    ///
    /// - Throws: ``StateDictError``, which lists everything that does not fit.
    public func load(stateDict: [String: Tensor]) throws { try group.load(stateDict) }
}
