import WeftNN
import WeftTensor

/// Five steps from a fixed start with fixed gradients, the same as those that PyTorch's numbers were recorded from.
enum Descent {
    static let start = [1.0, -2.0, 0.5, 0.0]
    static let gradients = [
        [0.5, -1.0, 2.0, 0.0], [-0.25, 0.75, 1.5, 1e-3], [1.0, -3.0, 0.125, 0.0], [0.3, 0.2, -0.1, -2.0],
        [-4.0, 0.5, 0.25, 1.0],
    ]

    /// Where the optimizer that `make` gives ends.
    static func end(_ make: ([Parameter]) -> any Optimizer) -> [Float] {
        let parameter = Parameter(Tensor(start))
        let optimizer = make([parameter])
        for gradient in gradients {
            optimizer.zeroGrad()
            (parameter.value * Tensor(gradient)).sum().backward()
            optimizer.step()
        }
        return parameter.value.array()
    }

    /// Where a rule for one number ends, applied to every element: `rule` gets the number, its gradient, and the step,
    /// counted from 1, and keeps what it remembers in `memory`, which starts as zeros.
    static func referenceEnd(_ rule: (inout Double, Double, Int, _ memory: inout [Double]) -> Void) -> [Double] {
        start.indices.map { element in
            var value = start[element]
            var memory = [0.0, 0.0]
            for (step, gradient) in gradients.enumerated() { rule(&value, gradient[element], step + 1, &memory) }
            return value
        }
    }
}
