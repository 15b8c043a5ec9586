import WeftTensor

/// What all optimizers refuse, in one voice.
struct OptimizerChecks {
    /// The optimizer's name.
    let name: StaticString
    /// Where it was made; `nil` once it is in use.
    let site: CallSite?

    func check(_ parameters: [Parameter]) {
        if parameters.isEmpty { refuse("there are no parameters to optimize") }
        var positions: [ObjectIdentifier: Int] = [:]
        for (index, parameter) in parameters.enumerated() {
            if let first = positions.updateValue(index, forKey: ObjectIdentifier(parameter)) {
                refuse("parameters \(first) and \(index) are one; it would be changed twice in a step")
            }
        }
    }

    /// Whether `value` is finite and not negative; refuses it if it is not.
    @discardableResult
    func check(_ value: Double, as what: String) -> Bool {
        let isValid = value >= 0 && value.isFinite
        if !isValid { refuse("the \(what) is \(value); it must be finite and not negative") }
        return isValid
    }

    func checkDecay(_ value: Double, as what: String) {
        if !(0..<1).contains(value) { refuse("\(what) is \(value); it must be at least 0 and less than 1") }
    }

    /// Refuses what PyTorch refuses, and numbers that are not finite.
    func check(_ configuration: AdamConfiguration) {
        check(configuration.learningRate, as: "learning rate")
        checkDecay(configuration.beta1, as: "beta 1")
        checkDecay(configuration.beta2, as: "beta 2")
        check(configuration.epsilon, as: "epsilon")
        check(configuration.weightDecay, as: "weight decay")
    }

    func refuse(_ message: String) {
        WeftTensor.refuse(name, message, at: site)
    }
}
