// A step holds the runtime's types. An incremental build compiles this module anew for a change of those only if it
// imports them.
import WeftRuntime
import WeftTensor

/// The parameters of an optimizer, each of which occurs once, to be changed together.
struct ParameterGroup {
    let parameters: [Parameter]
    /// Their positions in the order of their addresses, in which all groups borrow them.
    private let order: [Int]
    /// What the optimizer remembers of each.
    private var memories: [OptimizerMemory]
    /// The values of those that a step changes, while it does.
    private var borrowed: [(position: Int, value: Tensor)] = []
    private var step: OptimizerStep

    init(_ parameters: [Parameter], _ step: OptimizerStep) {
        self.parameters = parameters
        self.step = step
        order = parameters.indices.sorted { ObjectIdentifier(parameters[$0]) < ObjectIdentifier(parameters[$1]) }
        memories = Array(repeating: OptimizerMemory(), count: parameters.count)
    }

    /// Changes the parameters that have a gradient, all in one launch that `run` starts. Who reads one meanwhile waits.
    mutating func update(run: (inout OptimizerStep) -> Void) {
        for position in order {
            guard let gradient = parameters[position].leaf.accumulated, !gradient.isFailed else { continue }
            borrowed.append((position, parameters[position].borrow()))
            step.add(&borrowed[borrowed.count - 1].value, gradient: gradient, &memories[position])
        }
        run(&step)
        while let (position, value) = borrowed.popLast() { parameters[position].giveBack(value) }
    }
}
