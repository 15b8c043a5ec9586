public import WeftTensor

/// Adam: steps scaled by running estimates of the gradients' first and second moments (Kingma and Ba, 2015).
///
/// With the gradient g, the parameter p, the learning rate γ and weight decay λ, the t-th step is PyTorch's
/// (`torch.optim.Adam`):
///
///     g ← g + λ p
///     m ← β₁ m + (1 - β₁) g
///     v ← β₂ v + (1 - β₂) g²
///     p ← p - γ / (1 - β₁ᵗ) · m / (√(v / (1 - β₂ᵗ)) + ε)
///
/// Weight decay is a part of the gradient here; ``AdamW`` keeps it apart, and is the same otherwise.
public class Adam: Optimizer {
    public var parameters: [Parameter] { group.parameters }

    public var learningRate: Double {
        get { group.learningRate }
        set { group.learningRate = newValue }
    }

    /// β₁ and β₂, the shares of the running estimates that a step keeps.
    public var betas: (Double, Double) { (group.configuration.beta1, group.configuration.beta2) }
    /// ε, which keeps the divisor from 0.
    public var epsilon: Double { group.configuration.epsilon }
    public var weightDecay: Double { group.configuration.weightDecay }

    /// With m and v of every parameter.
    private var group: ParameterGroup<AdamConfiguration>

    /// Adam or AdamW, by the configuration.
    init(_ parameters: [Parameter], _ configuration: AdamConfiguration, name: StaticString, at site: CallSite) {
        group = ParameterGroup(parameters, configuration, name: name, at: site)
    }

    /// Makes an optimizer of `parameters`, each of which may occur once.
    ///
    /// Refused if there are none, if a number is negative or not finite, and if a beta is not below 1.
    public convenience init(
        _ parameters: [Parameter],
        learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999),
        epsilon: Double = 1e-8,
        weightDecay: Double = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let configuration = AdamConfiguration(
            learningRate: learningRate,
            beta1: betas.0,
            beta2: betas.1,
            epsilon: epsilon,
            weightDecay: weightDecay,
            decoupled: false
        )
        self.init(parameters, configuration, name: "Adam", at: CallSite(file, line))
    }

    /// Makes an optimizer of the parameters that `model` has now.
    public convenience init(
        _ model: any Module,
        learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999),
        epsilon: Double = 1e-8,
        weightDecay: Double = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init(
            model.parameters,
            learningRate: learningRate,
            betas: betas,
            epsilon: epsilon,
            weightDecay: weightDecay,
            file: file,
            line: line
        )
    }

    /// Changes the parameters that have a gradient, all at once.
    public func step() { group.takeStep() }

    /// See ``Optimizer``; what is remembered of a parameter is called `step`, `exp_avg` (m) and `exp_avg_sq` (v).
    ///
    /// A state dict of Adam does not fit AdamW, nor the other way round.
    public var stateDict: [String: Tensor] { group.stateDict }

    /// Takes over everything in `stateDict`, the configuration included, or, if it does not fit, nothing. See ``Optimizer``.
    ///
    /// - Throws: ``StateDictError``, which lists everything that does not fit.
    public func load(stateDict: [String: Tensor]) throws { try group.load(stateDict) }
}
