import WeftTensor

/// Adam with weight decay that is not scaled by the gradients' moments (Loshchilov and Hutter, 2019).
///
/// With the gradient g, the parameter p, the learning rate γ and weight decay λ, the t-th step is PyTorch's
/// (`torch.optim.AdamW`):
///
///     p ← p - γ λ p
///     m ← β₁ m + (1 - β₁) g
///     v ← β₂ v + (1 - β₂) g²
///     p ← p - γ / (1 - β₁ᵗ) · m / (√(v / (1 - β₂ᵗ)) + ε)
public final class AdamW: Adam {
    /// Makes an optimizer of `parameters`, each of which may occur once.
    ///
    /// Refused if there are none, if a number is negative or not finite, and if a beta is not below 1.
    public convenience init(
        _ parameters: [Parameter],
        learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999),
        epsilon: Double = 1e-8,
        weightDecay: Double = 1e-2,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let configuration = AdamConfiguration(
            learningRate: learningRate,
            beta1: betas.0,
            beta2: betas.1,
            epsilon: epsilon,
            weightDecay: weightDecay,
            decoupled: true
        )
        self.init(parameters, configuration, name: "AdamW", at: CallSite(file, line))
    }

    /// Makes an optimizer of the parameters that `model` has now.
    public convenience init(
        _ model: any Module,
        learningRate: Double = 1e-3,
        betas: (Double, Double) = (0.9, 0.999),
        epsilon: Double = 1e-8,
        weightDecay: Double = 1e-2,
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
}
