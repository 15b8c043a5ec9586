import WeftRuntime

extension KernelFamily {
    fileprivate static let sgd = KernelFamily("sgd")
    fileprivate static let adam = KernelFamily("adam")
}

/// What a step of stochastic gradient descent is configured with.
package struct SGDConfiguration: Sendable {
    package var learningRate: Double
    package var momentum: Double
    package var dampening: Double
    package var weightDecay: Double
    package var nesterov: Bool

    package init(learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.weightDecay = weightDecay
        self.nesterov = nesterov
    }
}

/// What a step of Adam or AdamW is configured with.
package struct AdamConfiguration: Sendable {
    package var learningRate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double
    package var weightDecay: Double
    /// Whether weight decay acts on the parameters rather than the gradients: AdamW instead of Adam.
    package var decoupled: Bool

    package init(
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double,
        weightDecay: Double,
        decoupled: Bool
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.decoupled = decoupled
    }
}

/// What an optimizer remembers of one parameter.
package struct OptimizerMemory: Sendable {
    /// The number of steps that the parameter has taken part in.
    package private(set) var steps = 0
    /// As many tensors of the parameter's shape as the optimizer keeps; none before the first step.
    private var first: Tensor?
    private var second: Tensor?

    package init() {}

    /// What an optimizer remembered after `steps` steps, at least one: the tensors are like the parameter and
    /// contiguous.
    package init(steps: Int, tensors: [Tensor]) {
        self.steps = steps
        first = tensors.first
        second = tensors.dropFirst().first
    }

    /// The tensors that there are, in the order of the kernel's memories.
    package var tensors: [Tensor] { [first, second].compactMap { $0 } }

    /// Makes the first `count` tensors ready to be written; false, with everything as it was, if there is no memory.
    fileprivate mutating func prepare(_ count: Int, like parameter: Tensor, for optimizer: StaticString) -> Bool {
        if steps == 0 {
            refusing(as: optimizer, at: nil) {
                first = count > 0 ? Tensor.filled(parameter.layout, 0.0, dtype: parameter.dtype, at: nil) : nil
                second = count > 1 ? Tensor.filled(parameter.layout, 0.0, dtype: parameter.dtype, at: nil) : nil
            }
            if first?.isFailed ?? false || second?.isFailed ?? false {
                (first, second) = (nil, nil)
                return false
            }
        } else if let dtype = first?.dtype, dtype != parameter.dtype {
            // The parameter was converted since the last step.
            let converted = tensors.map { $0.to(parameter.dtype) }
            if converted.contains(where: \.isFailed) { return false }
            self = OptimizerMemory(steps: steps, tensors: converted)
        }
        return first?.makeUnique() ?? true && second?.makeUnique() ?? true
    }

    fileprivate mutating func countStep() { steps += 1 }

    fileprivate var starts: (first: UnsafeMutableRawPointer?, second: UnsafeMutableRawPointer?) {
        (first?.start, second?.start)
    }
}

/// A step of an optimizer for any number of parameters, done in a single launch for each dtype. It can be taken again
/// and again.
package struct OptimizerStep {
    private let family: KernelFamily
    /// What the refusals call the optimizer.
    private let name: StaticString
    /// How many tensors the optimizer remembers for each parameter.
    private let memories: Int
    /// The parameters that were added, by dtype.
    private var tables: [(dtype: DType, parameters: ParameterTable)] = []
    /// Kept until the step has run.
    private var gradients: [Tensor] = []

    private init(_ family: KernelFamily, name: StaticString, memories: Int) {
        self.family = family
        self.name = name
        self.memories = memories
    }

    package static func sgd(hasMomentum: Bool) -> OptimizerStep {
        OptimizerStep(.sgd, name: "SGD", memories: hasMomentum ? 1 : 0)
    }

    /// Adam or AdamW.
    package static func adam() -> OptimizerStep { OptimizerStep(.adam, name: "Adam", memories: 2) }

    /// Adds a parameter. It, and what is remembered of it, are left alone until the step has run. One that is refused
    /// is as it was.
    package mutating func add(_ parameter: inout Tensor, gradient: Tensor, _ memory: inout OptimizerMemory) {
        if parameter.isFailed || gradient.isFailed { return }
        guard family[parameter.dtype] != nil else {
            let accepted = family.dtypes.map(\.description).joined(separator: ", ")
            return refuse(name, "a \(parameter.dtype) parameter is not of a dtype that it takes: \(accepted)", at: nil)
        }
        guard gradient.hasSameShape(as: parameter), gradient.dtype == parameter.dtype
        else {
            return refuse(
                name,
                "a \(gradient.dtype) gradient of shape \(gradient.shape) does not fit a \(parameter.dtype) parameter "
                    + "of shape \(parameter.shape)",
                at: nil
            )
        }
        let gradient = gradient.contiguous()
        guard !gradient.isFailed, parameter.makeUnique(), memory.prepare(memories, like: parameter, for: name) else {
            return
        }
        memory.countStep()
        gradients.append(gradient)
        let table = tables.firstIndex { $0.dtype == parameter.dtype } ?? tables.count
        if table == tables.count { tables.append((parameter.dtype, ParameterTable())) }
        let (first, second) = memory.starts
        tables[table].parameters.append(
            count: parameter.count,
            step: memory.steps,
            values: parameter.start,
            gradient: gradient.start,
            first: first,
            second: second
        )
    }

    /// Changes the parameters that were added by a step of stochastic gradient descent.
    package mutating func run(_ configuration: SGDConfiguration) {
        run { launch in
            launch.setInteger(1, configuration.nesterov ? 1 : 0)
            launch.setNumber(0, configuration.learningRate)
            launch.setNumber(1, configuration.momentum)
            launch.setNumber(2, configuration.dampening)
            launch.setNumber(3, configuration.weightDecay)
        }
    }

    /// Changes the parameters that were added by a step of Adam or AdamW.
    package mutating func run(_ configuration: AdamConfiguration) {
        run { launch in
            launch.setInteger(1, configuration.decoupled ? 1 : 0)
            launch.setNumber(0, configuration.learningRate)
            launch.setNumber(1, configuration.beta1)
            launch.setNumber(2, configuration.beta2)
            launch.setNumber(3, configuration.epsilon)
            launch.setNumber(4, configuration.weightDecay)
        }
    }

    private mutating func run(_ configure: (inout Launch) -> Void) {
        for index in tables.indices {
            guard let handle = family[tables[index].dtype] else { continue }
            tables[index].parameters.launch(
                handle,
                nanosecondsPerItem: 2 * PointwiseCost.arithmetic,
                configure: configure
            )
            tables[index].parameters.removeAll()
        }
        gradients.removeAll(keepingCapacity: true)
    }
}
