import WeftTensor

/// What Adam and AdamW remember of one parameter. They take the same step, but for where weight decay enters.
struct AdamState {
    /// The number of steps that this parameter has taken part in.
    private var step = 0
    /// The running estimates of the gradient and of its square; `nil` before the first step.
    private var moments: (first: Tensor, second: Tensor)?

    mutating func update(_ parameter: Parameter, _ configuration: AdamConfiguration) {
        parameter.updateInPlace { tensor in
            guard let gradient = tensor.grad, !gradient.isFailed else { return }
            var (first, second) = moments ?? (Tensor(zeros: tensor.shape), Tensor(zeros: tensor.shape))
            // Given up here, so that the step owns the tensors alone and changes them without a copy.
            moments = nil
            let isDone = tensor.stepAdam(
                gradient: gradient,
                firstMoment: &first,
                secondMoment: &second,
                step: step + 1,
                configuration
            )
            if isDone { step += 1 }
            // A first step that was refused leaves nothing behind: its moments may have failed for want of memory.
            if step > 0 { moments = (first, second) }
        }
    }
}

extension OptimizerChecks {
    /// Refuses what PyTorch refuses, and numbers that are not finite.
    func check(_ configuration: AdamConfiguration) {
        check(configuration.learningRate, as: "learning rate")
        checkDecay(configuration.beta1, as: "beta 1")
        checkDecay(configuration.beta2, as: "beta 2")
        check(configuration.epsilon, as: "epsilon")
        check(configuration.weightDecay, as: "weight decay")
    }
}
