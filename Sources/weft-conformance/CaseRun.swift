import Weft
import WeftRuntime

/// What one call gives, in the order in which PyTorch returns it.
typealias CaseOperation = @Sendable (CaseArguments) throws -> [Tensor]

/// How the tensors among the arguments lie in memory.
enum CaseLayout: String, CaseIterable {
    /// As in PyTorch's sample.
    case given
    /// Every other element of a larger tensor whose dimensions lie in the opposite order.
    case scattered
}

/// Runs a case and compares what comes out.
struct CaseRun {
    let cases: OperationCases
    let operation: CaseOperation
    let layout: CaseLayout

    /// The worst error of a case that passed, as a fraction of what it may be.
    func run(_ description: OperationCases.Case) throws -> Double {
        var comparison = CaseComparison(tolerance: description.tolerance?.compactMap(\.number) ?? [0, 0])
        try withTensorErrors {
            let call = try makeCall(description.args, description.kwargs ?? [])
            let outputs = try operation(call.arguments)
            if let leftOver = call.arguments.leftOver { throw CaseError("the binding does not read \(leftOver)") }
            var (found, wanted) = (outputs, try expected(description.result))
            call.arguments.choice?.settle(&found, &wanted)
            try comparison.compare(found, with: wanted, "result")
            guard description.cotangents != nil else { return }
            try compareGradients(description, call, outputs, &comparison)
        }
        return comparison.worst
    }

    /// Whether a call that PyTorch refuses is refused, in words; nil if it is as it should be.
    func complaint(about refused: OperationCases.Refused) -> String? {
        do {
            _ = try withTensorErrors { try operation(try makeCall(refused.args, refused.kwargs ?? []).arguments) }
            return "is not refused: \(refused.message.prefix(100))"
        } catch let error as TensorError {
            return error.operation.isEmpty ? "the refusal names no operation: \(error)" : nil
        } catch {
            // What the binding cannot even say in Swift is refused by its types.
            return nil
        }
    }

    // MARK: Calls

    private struct Call {
        let arguments: CaseArguments
        /// All tensors in order, and which of them require a gradient.
        let tensors: [Tensor]
        let leaves: [Tensor]
    }

    /// - Parameter replaced: leaves to use in place of the case's own.
    private func makeCall(
        _ args: [CaseValue],
        _ kwargs: [OperationCases.NamedValue],
        leaves replaced: [Tensor]? = nil
    ) throws -> Call {
        var tensors: [Tensor] = []
        var leaves: [Tensor] = []
        func argument(_ value: CaseValue) throws -> CaseArgument {
            switch value {
            case .tensor(let place):
                var tensor = try cases.tensor(place)
                if layout == .scattered { tensor = scattered(tensor) }
                if place.requiresGrad {
                    tensor = replaced.map { $0[leaves.count] } ?? tensor.withRequiresGrad()
                    leaves.append(tensor)
                }
                tensors.append(tensor)
                return .tensor(tensor)
            case .same(let number): return .tensor(tensors[number])
            case .list(let members), .tuple(let members): return .list(try members.map(argument))
            default: return .value(value)
            }
        }
        let positional = try args.map(argument)
        let keywords = try kwargs.map { ($0.name, try argument($0.value)) }
        return Call(arguments: CaseArguments(positional, keywords), tensors: tensors, leaves: leaves)
    }

    /// The same values at every other place of a larger tensor, with the dimensions in the opposite order.
    private func scattered(_ tensor: Tensor) -> Tensor {
        guard tensor.rank > 0, tensor.rank < Layout.maximumRank, tensor.count > 0 else { return tensor }
        let reversed = Array((0..<tensor.rank).reversed())
        let turned = tensor.permuted(reversed).contiguous()
        let spread = stacked([turned, Tensor(zeros: turned.shape, dtype: turned.dtype)], axis: turned.rank)
        return spread.permuted([turned.rank] + reversed)[0]
    }

    /// The tensors of a result, with numbers as tensors without dimensions.
    private func expected(_ value: CaseValue) throws -> [ExpectedValue] {
        switch value {
        case .list(let members), .tuple(let members): return try members.flatMap(expected)
        case .tensor(let place): return [ExpectedValue(tensor: try cases.tensor(place), isTensor: true)]
        case .bool(let value): return [ExpectedValue(tensor: Tensor(value), isTensor: false)]
        case .int(let value): return [ExpectedValue(tensor: Tensor(value), isTensor: false)]
        case .float(let value): return [ExpectedValue(tensor: Tensor(value, dtype: .float64), isTensor: false)]
        case .none: return [ExpectedValue(tensor: nil, isTensor: true)]
        default: throw CaseError("a result is \(value)")
        }
    }

    private func tensors(_ values: [CaseValue]) throws -> [Tensor?] { try values.flatMap(expected).map(\.tensor) }

    // MARK: Derivatives

    private func compareGradients(
        _ description: OperationCases.Case,
        _ call: Call,
        _ outputs: [Tensor],
        _ comparison: inout CaseComparison
    ) throws {
        let cotangents = try tensors(description.cotangents ?? [])
        let wanted = try tensors(description.gradients ?? [])
        let wantsSecond = description.second != nil || description.gradgrad == true
        let found = try gradients(of: outputs, cotangents, call.leaves, createGraph: wantsSecond)
        for (number, (gradient, wanted)) in zip(found, wanted).enumerated() {
            let zeros = Tensor(zeros: gradient.shape, dtype: gradient.dtype)
            try comparison.compare(
                [gradient],
                with: [ExpectedValue(tensor: wanted ?? zeros, isTensor: true)],
                "gradient \(number)"
            )
        }
        guard let second = description.second, let directions = description.directions else { return }
        let wantedSecond = try tensors(second)
        let towards = try tensors(directions)
        guard let root = sum(found, towards) else { return }
        let secondFound: [Tensor]
        if root.requiresGrad {
            secondFound = grad(of: root, withRespectTo: call.leaves, retainGraph: true, allowUnused: true)
        } else {
            secondFound = call.leaves.map { Tensor(zeros: $0.shape, dtype: $0.dtype) }
        }
        for (number, (gradient, wanted)) in zip(secondFound, wantedSecond).enumerated() {
            let zeros = Tensor(zeros: gradient.shape, dtype: gradient.dtype)
            try comparison.compare(
                [gradient],
                with: [ExpectedValue(tensor: wanted ?? zeros, isTensor: true)],
                "second derivative \(number)"
            )
        }
        if description.gradgrad == true {
            try compareWithDifferences(description, call, secondFound, cotangents, towards)
        }
    }

    private func gradients(
        of outputs: [Tensor],
        _ cotangents: [Tensor?],
        _ leaves: [Tensor],
        createGraph: Bool
    ) throws -> [Tensor] {
        let zeros = leaves.map { Tensor(zeros: $0.shape, dtype: $0.dtype) }
        guard let root = sum(outputs, cotangents), root.requiresGrad else { return zeros }
        return grad(of: root, withRespectTo: leaves, retainGraph: true, createGraph: createGraph, allowUnused: true)
    }

    /// The sum of the products of tensors and what stands beside them; nil if nothing does.
    private func sum(_ tensors: [Tensor], _ weights: [Tensor?]) -> Tensor? {
        var total: Tensor?
        for (tensor, weight) in zip(tensors, weights) {
            guard let weight, tensor.requiresGrad else { continue }
            let part = (tensor * weight).sum()
            total = total.map { $0 + part } ?? part
        }
        return total
    }

    /// Compares a second derivative with central differences of the first, along one direction.
    private func compareWithDifferences(
        _ description: OperationCases.Case,
        _ call: Call,
        _ second: [Tensor],
        _ cotangents: [Tensor?],
        _ towards: [Tensor?]
    ) throws {
        // A direction without a pattern that an operation could share. What has no gradient stays where it is: of targets
        // that are classes or signs, others would be another function.
        let direction = zip(call.leaves, towards).map { leaf, towards in
            if towards == nil { return Tensor(zeros: leaf.shape, dtype: .float64) }
            let numbers = (0..<leaf.count).map { Double(($0 * 7919 + 13) % 101) / 50 - 1 }
            return Tensor(numbers, dtype: .float64).reshaped(leaf.shape)
        }
        func slope(at distance: Double) throws -> Double {
            let leaves = zip(call.leaves, direction).map { ($0.detached() + $1 * distance).withRequiresGrad() }
            let moved = try makeCall(description.args, description.kwargs ?? [], leaves: leaves)
            let outputs = try operation(moved.arguments)
            let found = try gradients(of: outputs, cotangents, leaves, createGraph: false)
            return zip(found, towards).reduce(0) { sum, pair in
                pair.1.map { sum + (pair.0 * $0).sum().item() } ?? sum
            }
        }
        let analytic = zip(second, direction).reduce(0) { $0 + ($1.0 * $1.1).sum().item() }
        let scale = zip(second, direction).reduce(0) { $0 + ($1.0 * $1.1).abs().sum().item() }
        var numeric = 0.0
        // Where the first derivative has a jump nearby, a longer step would go over it.
        for step in [1e-6, 1e-9] {
            numeric = (try slope(at: step) - slope(at: -step)) / (2 * step)
            if numeric.isNaN && analytic.isNaN { return }
            if abs(numeric - analytic) <= 1e-5 + 1e-3 * max(scale, abs(numeric)) { return }
        }
        throw CaseError("second derivative \(analytic), by differences \(numeric)")
    }
}
