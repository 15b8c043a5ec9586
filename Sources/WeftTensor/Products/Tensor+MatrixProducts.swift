import WeftRuntime

/// The matrix product of `a` and `b`.
///
/// - Two matrices [m, k] and [k, n] give [m, n].
/// - More dimensions are batches of matrices, which broadcast: [b, m, k] and [k, n] give [b, m, n].
/// - A vector on the left stands for a row, on the right for a column, and its dimension disappears again;
///   two vectors give their inner product, a scalar.
///
/// Refused unless the inner sizes are equal, and for scalars. Integers are computed as float32.
public func matmul(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let site = CallSite(file, line)
    if a.isFailed || b.isFailed { return .failed(like: a) }
    guard a.rank > 0, b.rank > 0 else {
        refuse("matmul", "shapes \(a.shape) and \(b.shape) cannot be multiplied: a scalar is not a matrix", at: site)
        return .failed(like: a)
    }
    let result: Tensor?
    if a.rank > 1, b.rank > 1, a.dtype == b.dtype, a.dtype.isFloatingPoint {
        result = product(a, b, at: site)
    } else {
        let dtype = MatrixProduct.dtype(a, b)
        let (left, right) = (a.recastFloatingPoint(dtype, at: site), b.recastFloatingPoint(dtype, at: site))
        var matrix = product(
            left.rank == 1 ? left.insertingAxis(0) : left,
            right.rank == 1 ? right.insertingAxis(1) : right,
            at: site
        )
        if left.rank == 1 { matrix = matrix.map { $0.isFailed ? $0 : $0.removingAxis($0.rank - 2) } }
        if right.rank == 1 { matrix = matrix.map { $0.isFailed ? $0 : $0.removingAxis($0.rank - 1) } }
        result = matrix
    }
    if let result { return result }
    refuse(
        "matmul",
        "shapes \(a.shape) and \(b.shape) cannot be multiplied: the last size of the first must be the "
            + "last but one of the second, and sizes before those equal or 1",
        at: site
    )
    return .failed(like: a)
}

/// The product of matrices or batches of matrices of one floating-point dtype; nil if the sizes do not match.
private func product(_ a: Tensor, _ b: Tensor, at site: CallSite) -> Tensor? {
    let left = MatrixFactor(a)
    let right = MatrixFactor(b)
    guard let layout = MatrixProduct.layout(left, right) else { return nil }
    let result = MatrixProduct.run(left, right, layout: layout, at: site)
    return .recorded("matmul", result, from: a, b, savingInputs: true) { gradient, step in
        let (a, b) = (step[0], step[1])
        step.give(0, MatrixFactor(gradient), MatrixFactor(b, transposed: true))
        if b.rank == 2, a.rank > 2 {
            // All that `b` was multiplied with is one matrix.
            let rows = a.shape.dropLast().reduce(1, *)
            let flat = a.reshaped(to: Layout(rowMajor: [rows, b.size(0)]))
            let flatGradient = gradient.reshaped(to: Layout(rowMajor: [rows, b.size(1)]))
            step.give(1, MatrixFactor(flat, transposed: true), MatrixFactor(flatGradient))
        } else {
            step.give(1, MatrixFactor(a, transposed: true), MatrixFactor(gradient))
        }
    }
}

/// `bias` plus the matrix product of `a`, shape [m, k], and `b`, shape [k, n]: one kernel, which adds the bias
/// while it writes the product. `bias` broadcasts to [m, n].
///
/// Refused for other shapes.
public func addmm(
    _ bias: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let site = CallSite(file, line)
    if a.isFailed || b.isFailed || bias.isFailed { return .failed(like: a) }
    guard a.rank == 2, b.rank == 2, let layout = MatrixProduct.layout(MatrixFactor(a), MatrixFactor(b)),
        bias.layout.expanded(to: layout) != nil
    else {
        refuse(
            "addmm",
            "shapes \(bias.shape), \(a.shape) and \(b.shape) do not fit: [m, k] and [k, n] matrices are wanted, "
                + "and a bias that broadcasts to [m, n]",
            at: site
        )
        return .failed(like: a)
    }
    let dtype = DType.promoted(MatrixProduct.dtype(a, b), bias.dtype)
    let (left, right) = (a.recastFloatingPoint(dtype, at: site), b.recastFloatingPoint(dtype, at: site))
    let addend = bias.recastFloatingPoint(dtype, at: site)
    let result = MatrixProduct.run(MatrixFactor(left), MatrixFactor(right), layout: layout, bias: addend, at: site)
    return .recorded("addmm", result, from: addend, left, right, savingFirst: false) { gradient, step in
        step.give(0, gradient)
        step.give(1, MatrixFactor(gradient), MatrixFactor(step[2], transposed: true))
        step.give(2, MatrixFactor(step[1], transposed: true), MatrixFactor(gradient))
    }
}

extension BackwardStep {
    /// Hands input `index` the product of `a` and `b` as its gradient, added to an earlier one inside the product.
    func give(_ index: Int, _ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor) {
        if GradientMode.isEnabled {
            give(index, matmul(a.recorded, b.recorded))
        } else {
            give(index) { MatrixProduct.add(a, b, to: &$0, at: CallSite(#fileID, #line)) }
        }
    }
}
