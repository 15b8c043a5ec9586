import Testing
import Weft

/// The inputs of a case. Those that a gradient is wanted of require one.
final class ParityInputs {
    fileprivate let tensors: [String: Tensor]
    fileprivate var modules: [any Module] = []

    fileprivate init(_ parity: ParityCase) {
        tensors = Dictionary(
            uniqueKeysWithValues: parity.inputs.map { name, tensor in
                (name, parity.results["grad.\(name)"] == nil ? tensor : tensor.withRequiresGrad())
            }
        )
    }

    /// The input called `name`, which must be there.
    subscript(_ name: String) -> Tensor {
        guard let tensor = tensors[name] else { preconditionFailure("the case has no input \(name)") }
        return tensor
    }

    /// The input called `name`, or `nil`.
    func optional(_ name: String) -> Tensor? { tensors[name] }

    /// Gives a module the state dict of PyTorch's, and has the gradients of its parameters, and the buffers that are
    /// among the results, compared.
    func load<M: Module>(_ module: M) throws -> M {
        let state = tensors.filter { $0.key.hasPrefix("state.") }
        try module.load(
            stateDict: Dictionary(uniqueKeysWithValues: state.map { ($0.dropFirst("state.".count).description, $1) })
        )
        modules.append(module)
        return module
    }

    /// What is to be compared with the result called `name`, other than outputs.
    fileprivate func found(_ name: String) -> Tensor? {
        if name.hasPrefix("grad.state.") {
            let parameter = name.dropFirst("grad.state.".count)
            return modules.lazy.compactMap { $0.namedParameters.first { $0.name == parameter }?.parameter.grad }.first
        }
        if name.hasPrefix("grad.") { return tensors[name.dropFirst("grad.".count).description]?.grad }
        if name.hasPrefix("state.") {
            return modules.lazy.compactMap { $0.stateDict[name.dropFirst("state.".count).description] }.first
        }
        return nil
    }
}

extension ParityCase {
    /// Computes the outputs with `body`, goes backward from them with the case's gradients, and compares every result.
    ///
    /// - Parameters:
    ///   - tolerance: the greatest difference, relative to the largest element of a result or to 1e-2 if that is larger;
    ///     by default what float32 arithmetic in another order accounts for, or as much as the dtype allows.
    ///   - body: the outputs by name, of which one is "output".
    func check(
        tolerance: Double? = nil,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (ParityArguments, ParityInputs) throws -> [String: Tensor]
    ) throws {
        let given = ParityInputs(self)
        let outputs = try body(arguments, given)
        let roots = outputs.compactMap { name, output in
            inputs[name == "output" ? "gradient" : "gradient.\(name)"].map { (output, $0) }
        }
        for (index, (output, gradient)) in roots.enumerated() {
            #expect(output.requiresGrad, "\(name): nothing was recorded", sourceLocation: sourceLocation)
            if output.requiresGrad { output.backward(gradient: gradient, retainGraph: index + 1 < roots.count) }
        }
        for (result, expected) in results.sorted(by: { $0.key < $1.key }) {
            guard let actual = outputs[result] ?? given.found(result) else {
                // A gradient that nothing flowed to is zero to PyTorch's script and none here.
                let isZero = result.hasPrefix("grad.") && expected.array(of: Double.self).allSatisfy { $0 == 0 }
                #expect(isZero, "\(name): \(result) is missing", sourceLocation: sourceLocation)
                continue
            }
            compare(actual, expected, result, tolerance, sourceLocation)
        }
    }

    private func compare(
        _ actual: Tensor,
        _ expected: Tensor,
        _ result: String,
        _ tolerance: Double?,
        _ sourceLocation: SourceLocation
    ) {
        #expect(actual.shape == expected.shape, "\(name): shape of \(result)", sourceLocation: sourceLocation)
        #expect(actual.dtype == expected.dtype, "\(name): dtype of \(result)", sourceLocation: sourceLocation)
        guard actual.shape == expected.shape else { return }
        let tolerance =
            tolerance
            ?? [.float64: 1e-9, .float16: 4e-3, .bfloat16: 3e-2, .int64: 0, .bool: 0][expected.dtype, default: 1e-4]
        let (ours, theirs) = (actual.array(of: Double.self), expected.array(of: Double.self))
        let scale = theirs.lazy.filter(\.isFinite).map(abs).reduce(1e-2, max)
        let worst = zip(ours, theirs).enumerated().first { _, pair in
            // Equal covers infinities.
            !(pair.0 == pair.1 || pair.0.isNaN && pair.1.isNaN || abs(pair.0 - pair.1) <= tolerance * scale)
        }
        if let (index, (our, their)) = worst {
            Issue.record(
                "\(name): element \(index) of \(result) is \(our) instead of \(their); arguments \(arguments)",
                sourceLocation: sourceLocation
            )
        }
    }
}
