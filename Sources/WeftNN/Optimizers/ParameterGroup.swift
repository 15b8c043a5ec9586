// A step holds the runtime's types. An incremental build compiles this module anew for a change of those only if it
// imports them.
import WeftRuntime
import WeftTensor

/// The parameters of an optimizer, each of which occurs once, to be changed together, with everything else that the
/// optimizer consists of.
struct ParameterGroup<Configuration: OptimizerConfiguration> {
    let parameters: [Parameter]
    private(set) var configuration: Configuration
    /// What the refusals call the optimizer.
    private let name: StaticString
    /// The parameters' positions in the order of their addresses, in which all groups borrow them.
    private let order: [Int]
    /// What the optimizer remembers of each.
    private var memories: [OptimizerMemory]
    /// The values of those that a step changes, while it does.
    private var borrowed: [(position: Int, value: Tensor)] = []
    private var step: OptimizerStep

    /// Refuses parameters and settings that an optimizer called `name` cannot have.
    init(_ parameters: [Parameter], _ configuration: Configuration, name: StaticString, at site: CallSite) {
        self.parameters = parameters
        self.configuration = configuration
        self.name = name
        step = configuration.emptyStep
        order = parameters.indices.sorted { ObjectIdentifier(parameters[$0]) < ObjectIdentifier(parameters[$1]) }
        memories = Array(repeating: OptimizerMemory(), count: parameters.count)
        if parameters.isEmpty { refuse(name, "there are no parameters to optimize", at: site) }
        var positions: [ObjectIdentifier: Int] = [:]
        for (index, parameter) in parameters.enumerated() {
            if let first = positions.updateValue(index, forKey: ObjectIdentifier(parameter)) {
                refuse(
                    name,
                    "parameters \(first) and \(index) are one; it would be changed twice in a step",
                    at: site
                )
            }
        }
        for problem in configuration.problems { refuse(name, problem.message, at: site) }
    }

    /// The factor on every step. A new one that makes no sense is refused.
    var learningRate: Double {
        get { configuration.learningRate }
        set {
            var changed = configuration
            changed.learningRate = newValue
            if let problem = changed.problems.first { return refuse(name, problem.message, at: nil) }
            configuration = changed
        }
    }

    /// Changes the parameters that have a gradient, all in one launch. Who reads one meanwhile waits.
    mutating func takeStep() {
        for position in order {
            guard let gradient = parameters[position].leaf.accumulated, !gradient.isFailed else { continue }
            borrowed.append((position, parameters[position].borrow()))
            step.add(&borrowed[borrowed.count - 1].value, gradient: gradient, &memories[position])
        }
        configuration.run(&step)
        while let (position, value) = borrowed.popLast() { parameters[position].giveBack(value) }
    }

    // MARK: State

    var stateDict: [String: Tensor] {
        var exchange = StateExchange.writing
        var copy = self
        copy.pass(through: &exchange)
        return exchange.tensors
    }

    /// Takes over everything in `stateDict` or, if it does not fit, nothing.
    mutating func load(_ stateDict: [String: Tensor]) throws(StateDictError) {
        var exchange = StateExchange.reading(stateDict)
        var loaded = self
        loaded.pass(through: &exchange)
        exchange.finish()
        guard exchange.problems.isEmpty else {
            throw StateDictError(module: "\(name)", problems: exchange.problems)
        }
        self = loaded
        step = configuration.emptyStep
    }

    private mutating func pass(through exchange: inout StateExchange) {
        configuration.exchangeSettings(&exchange)
        exchange.note(configuration.problems)
        exchange.constant("params", Tensor(arange: 0..<parameters.count))
        for index in parameters.indices {
            exchange.memory(
                &memories[index],
                of: index,
                like: parameters[index].value,
                names: configuration.memoryNames,
                countsSteps: Configuration.countsSteps
            )
        }
    }
}
