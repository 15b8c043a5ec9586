import WeftRuntime

/// The products of tensors, added up along axes, by an equation of Einstein's summation convention.
///
/// ```swift
/// let scores = einsum("bhqd,bhkd->bhqk", queries, keys)
/// let trace = einsum("ii", matrix)
/// ```
///
/// A letter names an axis of each tensor, and axes with one letter are gone through together; one of size 1 is repeated.
/// A letter that a tensor has twice takes its diagonal. Letters behind the arrow are the result's axes, and all others are
/// added up; without an arrow the result has those that occur once, capitals first, in alphabetical order. Three points
/// stand for any number of axes, aligned at the last. Spaces mean nothing.
///
/// Tensors are multiplied two at a time, at each step the pair that takes the fewest multiplications, and every step is
/// one matrix product. Integers stay integers.
///
/// Refused where the equation does not fit the tensors, sizes differ, or a step has more than eight dimensions.
public func einsum(
    _ equation: String,
    _ operands: Tensor...,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    einsum(equation, operands, file: file, line: line)
}

/// As the function of single tensors.
public func einsum(
    _ equation: String,
    _ operands: [Tensor],
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let dtype = operands.dropFirst().reduce(operands.first?.dtype ?? .float32) { .promoted($0, $1.dtype) }
    return Call("einsum", file, line).checked(standIn: Layout(), dtype) { call throws(Refusal) in
        let equation = try EinsumEquation(equation, operands, call)
        var factors = try labelled(operands, equation, call)
        while factors.count > 1 {
            let (first, second) = cheapestPair(factors)
            let b = factors.remove(at: second)
            let a = factors.remove(at: first)
            let kept = Set(equation.output + factors.flatMap(\.labels))
            factors.append(try a.contracted(with: b, keeping: kept, call))
        }
        return factors[0].summed(keeping: Set(equation.output)).ordered(as: equation.output).tensor
    }
}

/// The tensors with the equation's labels, each of which a tensor has once; sizes fit.
private func labelled(
    _ operands: [Tensor],
    _ equation: EinsumEquation,
    _ call: Call
) throws(Refusal) -> [LabelledTensor] {
    var sizes: [Int: Int] = [:]
    for (operand, labels) in zip(operands, equation.inputs) {
        for (axis, label) in labels.enumerated() {
            let size = operand.extent(axis)
            let (known, own) = (sizes[label] ?? 1, labels.firstIndex(of: label).map(operand.extent) ?? size)
            try call.require(
                (known == 1 || size == 1 || known == size) && own == size,
                "axis \(axis) of shape \(operand.shape) has another size than one that it is gone through with"
            )
            if size != 1 { sizes[label] = size }
        }
    }
    return zip(operands, equation.inputs).map(LabelledTensor.init(diagonalOf:_:))
}

/// The two that take the fewest multiplications, the first of those in their order.
private func cheapestPair(_ factors: [LabelledTensor]) -> (Int, Int) {
    var (best, least) = ((0, 1), Double.infinity)
    for first in factors.indices {
        for second in (first + 1)..<factors.count {
            let (a, b) = (factors[first], factors[second])
            let cost = Set(a.labels + b.labels).reduce(1.0) { $0 * Double(Swift.max(a.size(of: $1), b.size(of: $1))) }
            if cost < least { (best, least) = ((first, second), cost) }
        }
    }
    return best
}
