import WeftRuntime

/// The matrix product of `a` and `b`.
///
/// - Two matrices [m, k] and [k, n] give [m, n].
/// - More dimensions are batches of matrices, which broadcast: [b, m, k] and [k, n] give [b, m, n].
/// - A vector on the left stands for a row, on the right for a column, and its dimension disappears again;
///   two vectors give their inner product, a scalar.
///
/// Refused unless the inner sizes are equal, and for scalars. Integers stay integers, which wrap around; truth values
/// count as those.
public func matmul(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    // The most frequent case before anything else.
    if a.rank > 1, b.rank > 1, a.dtype == b.dtype, a.dtype.isFloatingPoint,
        let result = product(a, b, at: CallSite(file, line))
    {
        return result
    }
    return matmul(a, b, Call("matmul", file, line))
}

private func matmul(_ a: Tensor, _ b: Tensor, _ call: Call) -> Tensor {
    let promoted = DType.promoted(a.dtype, b.dtype)
    let dtype = promoted == .bool ? .int64 : promoted
    return call.checked(standIn: MatrixProduct.nearestLayout(a, b), dtype) { call throws(Refusal) in
        try call.require(
            a.rank > 0 && b.rank > 0,
            "shapes \(a.shape) and \(b.shape) cannot be multiplied: a scalar is not a matrix"
        )
        let (left, right) = (a.recast(dtype, at: call.site), b.recast(dtype, at: call.site))
        let matrix = product(
            left.rank == 1 ? left.insertingAxis(0) : left,
            right.rank == 1 ? right.insertingAxis(1) : right,
            at: call.site
        )
        guard var result = matrix else {
            throw call.refusal(
                "shapes \(a.shape) and \(b.shape) cannot be multiplied: the last size of the first must be the "
                    + "last but one of the second, and sizes before those equal or 1"
            )
        }
        if left.rank == 1 { result = result.removingAxis(result.rank - 2) }
        if right.rank == 1 { result = result.removingAxis(result.rank - 1) }
        return result
    }
}

extension Tensor {
    /// The values in `dtype`, recorded where both are floating point.
    fileprivate func recast(_ dtype: DType, at site: CallSite?) -> Tensor {
        dtype.isFloatingPoint ? recastFloatingPoint(dtype, at: site) : converted(to: dtype, at: site)
    }
}

/// The product of matrices or batches of matrices of one dtype, which is not bool; nil if the sizes do not match.
private func product(_ a: Tensor, _ b: Tensor, at site: CallSite?) -> Tensor? {
    let left = MatrixFactor(a)
    let right = MatrixFactor(b)
    guard let layout = MatrixProduct.layout(left, right) else { return nil }
    if a.isFailed || b.isFailed { return Tensor(standIn: layout.rowMajor, dtype: a.dtype) }
    if !a.dtype.isFloatingPoint { return .integerProduct(a, b, layout: layout) }
    let result = MatrixProduct.run(left, right, layout: layout, at: site)
    guard a.tracking.isTracked || b.tracking.isTracked else { return result }
    let operation = RecordedOperation(MatrixProduct.family, a.dtype, named: .matmul)
    return .recorded(operation, result, from: a, b, savingInputs: true) { gradient, step in
        let (a, b) = (step[0], step[1])
        step.give(0, MatrixFactor(gradient), MatrixFactor(b, transposed: true))
        if b.rank == 2, a.rank > 2 {
            // All that `b` was multiplied with is one matrix.
            let rows = a.shape.dropLast().reduce(1, *)
            let flat = a.reshaped(to: Layout(rowMajor: [rows, b.extent(0)]))
            let flatGradient = gradient.reshaped(to: Layout(rowMajor: [rows, b.extent(1)]))
            step.give(1, MatrixFactor(flat, transposed: true), MatrixFactor(flatGradient))
        } else {
            step.give(1, MatrixFactor(a, transposed: true), MatrixFactor(gradient))
        }
    }
}

/// `bias` plus the matrix product of `a`, shape [m, k], and `b`, shape [k, n]: one kernel, which adds the bias
/// while it writes the product. `bias` broadcasts to [m, n].
///
/// - Parameters:
///   - beta: what the bias is multiplied by first; a bias that is multiplied by 0 does not count, be it NaN.
///   - alpha: what the product is multiplied by first. With either the product is a step of its own.
///
/// Refused for other shapes. Integers stay integers, and factors of those are rounded towards 0.
public func addmm(
    _ bias: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    beta: Double = 1,
    alpha: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("addmm", file, line)
    let isFused = beta == 1 && alpha == 1 && DType.promoted(a.dtype, b.dtype).isFloatingPoint
    if isFused { return fusedAddmm(bias, a, b, call) }
    return scaledSum(bias, a, b, (2, 2), (beta, alpha), call) { matmul(a, b, file: file, line: line) }
}

/// `bias` plus the product of two matrices of floating-point numbers.
private func fusedAddmm(_ bias: Tensor, _ a: Tensor, _ b: Tensor, _ call: Call) -> Tensor {
    let dtype = DType.promoted(MatrixProduct.dtype(a, b), bias.dtype)
    return call.checked(standIn: MatrixProduct.nearestLayout(a, b), dtype) { call throws(Refusal) in
        guard a.rank == 2, b.rank == 2, let layout = MatrixProduct.layout(MatrixFactor(a), MatrixFactor(b)),
            bias.layout.expanded(to: layout) != nil
        else {
            throw call.refusal(
                "shapes \(bias.shape), \(a.shape) and \(b.shape) do not fit: [m, k] and [k, n] matrices are wanted, "
                    + "and a bias that broadcasts to [m, n]"
            )
        }
        let site = call.site
        let (left, right) = (a.recastFloatingPoint(dtype, at: site), b.recastFloatingPoint(dtype, at: site))
        let addend = bias.recastFloatingPoint(dtype, at: site)
        if left.isFailed || right.isFailed || addend.isFailed { return Tensor(standIn: layout, dtype: dtype) }
        let result = MatrixProduct.run(MatrixFactor(left), MatrixFactor(right), layout: layout, bias: addend, at: site)
        let operation = RecordedOperation(MatrixProduct.family, dtype, named: .addmm)
        return .recorded(operation, result, from: addend, left, right, savingFirst: false) { gradient, step in
            step.give(0, gradient)
            step.give(1, MatrixFactor(gradient), MatrixFactor(step[2], transposed: true))
            step.give(2, MatrixFactor(step[1], transposed: true), MatrixFactor(gradient))
        }
    }
}

extension BackwardStep {
    /// Hands input `index` the product of `a` and `b` as its gradient, added to an earlier one inside the product.
    func give(_ index: Int, _ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor) {
        if GradientMode.isEnabled {
            give(index, matmul(a.recorded, b.recorded))
        } else {
            give(index) { MatrixProduct.add(a, b, to: &$0, at: nil) }
        }
    }
}
