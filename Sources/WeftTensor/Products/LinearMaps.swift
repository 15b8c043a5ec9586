import WeftRuntime

/// `input` times the transpose of `weight`, plus `bias`: what a linear layer computes.
///
/// - Parameters:
///   - input: shape `[…, k]`, or `[k]`.
///   - weight: shape `[n, k]`.
///   - bias: shape `[n]`; nil for none.
/// - Returns: shape `[…, n]`. Integers stay integers. Refused for other shapes.
public func linear(
    _ input: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let product = DType.promoted(input.dtype, weight.dtype)
    let dtype = bias.map { DType.promoted(product, $0.dtype) } ?? product
    let features = weight.rank == 2 ? weight.extent(0) : 1
    let target = Layout(nearest: input.shape.dropLast() + [features])
    return Call("linear", file, line).checked(standIn: target, dtype) { call throws(Refusal) in
        try call.require(
            weight.rank == 2 && input.rank > 0 && input.extent(input.rank - 1) == weight.extent(1),
            "an input of shape \(input.shape) and a weight of shape \(weight.shape) do not fit: […, k] and [n, k] are wanted"
        )
        try call.require(
            bias.map { $0.rank <= 1 && ($0.rank == 0 || $0.extent(0) == features) } ?? true,
            "a bias of shape \(bias?.shape ?? []) does not fit: [\(features)] is wanted"
        )
        let rows = input.shape.dropLast().reduce(1, *)
        let matrix = input.reshaped(to: Layout(rowMajor: [rows, weight.extent(1)]))
        let isFused =
            dtype.isFloatingPoint && input.dtype == dtype && weight.dtype == dtype
            && bias.map { $0.dtype == dtype && $0.rank == 1 } ?? true
        let result =
            if isFused {
                matrix.linear(weight, bias, nil, at: CallSite(file, line))
            } else if let bias {
                addmm(bias, matrix, weight.T, file: file, line: line)
            } else {
                matmul(matrix, weight.T, file: file, line: line)
            }
        return result.reshaped(to: target)
    }
}

/// `x₁ᵀ W x₂ + b` of two inputs' last axes, with a matrix W for each output.
///
/// - Parameters:
///   - first: x₁, of shape `[…, p]`.
///   - second: x₂, of shape `[…, q]`, with the same sizes before.
///   - weight: W, of shape `[n, p, q]`.
///   - bias: b, of shape `[n]`; nil for none.
/// - Returns: shape `[…, n]`. Integers stay integers. Refused for other shapes.
public func bilinear(
    _ first: Tensor,
    _ second: Tensor,
    weight: Tensor,
    bias: Tensor? = nil,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let outer = Array(first.shape.dropLast())
    let features = weight.rank == 3 ? weight.extent(0) : 1
    let target = Layout(nearest: outer + [features])
    let dtype = DType.promoted(first.dtype, .promoted(second.dtype, weight.dtype))
    return Call("bilinear", file, line).checked(standIn: target, dtype) { call throws(Refusal) in
        try call.require(
            weight.rank == 3 && first.rank > 0 && second.rank > 0 && outer == second.shape.dropLast()
                && first.shape.last == weight.extent(1) && second.shape.last == weight.extent(2),
            "inputs of shapes \(first.shape) and \(second.shape) do not fit a weight of shape \(weight.shape): […, p], […, q] "
                + "and [n, p, q] are wanted, with the same sizes before"
        )
        try call.require(
            bias.map { $0.shape == [features] } ?? true,
            "a bias of shape \(bias?.shape ?? []) does not fit: [\(features)] is wanted"
        )
        let (p, q, rows) = (weight.extent(1), weight.extent(2), outer.reduce(1, *))
        // One product gives W x₂ for every output, and a product for each row what x₁ makes of them.
        let matrices = weight.reshaped(to: Layout(rowMajor: [features * p, q]))
        let maps = matmul(second.reshaped(to: Layout(rowMajor: [rows, q])), matrices.T, file: file, line: line)
            .reshaped(to: Layout(rowMajor: [rows, features, p]))
        let columns = first.reshaped(to: Layout(rowMajor: [rows, p, 1]))
        let result = matmul(maps, columns, file: file, line: line).reshaped(to: target)
        return bias.map { result + $0 } ?? result
    }
}
