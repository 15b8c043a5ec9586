import WeftTensor

/// What an optimizer is configured with, from which the rest of it follows.
protocol OptimizerConfiguration: Sendable {
    var learningRate: Double { get set }

    /// What makes no sense in it: PyTorch's name of the setting, and a sentence.
    var problems: [SettingProblem] { get }

    /// PyTorch's names for what is remembered of a parameter, in the order of the kernel's memories.
    var memoryNames: [String] { get }
    /// Whether the number of a parameter's steps matters, beyond whether there were any.
    static var countsSteps: Bool { get }

    /// A step without parameters.
    var emptyStep: OptimizerStep { get }
    /// Runs a step of this configuration.
    func run(_ step: inout OptimizerStep)

    /// Hands every setting to `exchange`, which reads it into a state dict or replaces it by what is there.
    mutating func exchangeSettings(_ exchange: inout StateExchange)
}

typealias SettingProblem = (setting: String, message: String)

/// What all optimizers refuse, in one voice.
struct SettingChecks {
    private(set) var problems: [SettingProblem] = []

    mutating func checkNotNegative(_ value: Double, _ setting: String, as what: String) {
        if value >= 0, value.isFinite { return }
        problems.append((setting, "the \(what) is \(value); it must be finite and not negative"))
    }

    mutating func checkDecay(_ value: Double, _ setting: String, as what: String) {
        if (0..<1).contains(value) { return }
        problems.append((setting, "\(what) is \(value); it must be at least 0 and less than 1"))
    }

    mutating func check(_ isSensible: Bool, _ setting: String, _ message: @autoclosure () -> String) {
        if !isSensible { problems.append((setting, message())) }
    }
}

extension SGDConfiguration: OptimizerConfiguration {
    var problems: [SettingProblem] {
        var checks = SettingChecks()
        checks.checkNotNegative(learningRate, "lr", as: "learning rate")
        checks.checkNotNegative(momentum, "momentum", as: "momentum")
        checks.checkNotNegative(dampening, "dampening", as: "dampening")
        checks.checkNotNegative(weightDecay, "weight_decay", as: "weight decay")
        checks.check(
            !nesterov || momentum > 0 && dampening == 0,
            "nesterov",
            "Nesterov momentum needs a momentum and no dampening; they are \(momentum) and \(dampening)"
        )
        return checks.problems
    }

    var memoryNames: [String] { momentum == 0 ? [] : ["momentum_buffer"] }
    static var countsSteps: Bool { false }

    var emptyStep: OptimizerStep { .sgd(hasMomentum: momentum != 0) }
    func run(_ step: inout OptimizerStep) { step.run(self) }

    mutating func exchangeSettings(_ exchange: inout StateExchange) {
        exchange.number("lr", &learningRate)
        exchange.number("momentum", &momentum)
        exchange.number("dampening", &dampening)
        exchange.number("weight_decay", &weightDecay)
        exchange.truth("nesterov", &nesterov)
    }
}

extension AdamConfiguration: OptimizerConfiguration {
    /// What PyTorch refuses, and numbers that are not finite.
    var problems: [SettingProblem] {
        var checks = SettingChecks()
        checks.checkNotNegative(learningRate, "lr", as: "learning rate")
        checks.checkDecay(beta1, "betas", as: "beta 1")
        checks.checkDecay(beta2, "betas", as: "beta 2")
        checks.checkNotNegative(epsilon, "eps", as: "epsilon")
        checks.checkNotNegative(weightDecay, "weight_decay", as: "weight decay")
        return checks.problems
    }

    var memoryNames: [String] { ["exp_avg", "exp_avg_sq"] }
    static var countsSteps: Bool { true }

    var emptyStep: OptimizerStep { .adam() }
    func run(_ step: inout OptimizerStep) { step.run(self) }

    mutating func exchangeSettings(_ exchange: inout StateExchange) {
        exchange.number("lr", &learningRate)
        var betas = [beta1, beta2]
        exchange.numbers("betas", &betas)
        (beta1, beta2) = (betas[0], betas[1])
        exchange.number("eps", &epsilon)
        exchange.number("weight_decay", &weightDecay)
        // What tells AdamW from Adam, and so is no setting that can change.
        exchange.constant("decoupled_weight_decay", Tensor(decoupled))
    }
}
