import WeftRuntime

/// `beta · input + alpha · matrix vector`, with a matrix of shape [m, k] and a vector of shape [k]; `input` broadcasts to
/// [m]. What is multiplied by a `beta` of 0 does not count, be it NaN. Of integers the factors are rounded towards 0.
/// Refused for other shapes.
public func addmv(
    _ input: Tensor,
    _ matrix: Tensor,
    _ vector: Tensor,
    beta: Double = 1,
    alpha: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    scaledSum(input, matrix, vector, (2, 1), (beta, alpha), Call("addmv", file, line)) {
        matmul(matrix, vector, file: file, line: line)
    }
}

/// `beta · input + alpha · first ⊗ second`, with the products of all elements of two vectors, of shape [n, m], to which
/// `input` broadcasts; of truth values, whether one of both terms is not 0. As ``addmv(_:_:_:beta:alpha:file:line:)``.
public func addr(
    _ input: Tensor,
    _ first: Tensor,
    _ second: Tensor,
    beta: Double = 1,
    alpha: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    scaledSum(input, first, second, (1, 1), (beta, alpha), Call("addr", file, line)) {
        outer(first, second, file: file, line: line)
    }
}

/// `beta · input + alpha · first second` of batches of matrices, of shapes [b, m, k] and [b, k, n]; `input` broadcasts to
/// [b, m, n]. As ``addmv(_:_:_:beta:alpha:file:line:)``.
public func baddbmm(
    _ input: Tensor,
    _ first: Tensor,
    _ second: Tensor,
    beta: Double = 1,
    alpha: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    scaledSum(input, first, second, (3, 3), (beta, alpha), Call("baddbmm", file, line)) {
        matmul(first, second, file: file, line: line)
    }
}

/// `beta · input + alpha ·` the sum of the products of matrices [b, m, k] and [b, k, n], which is one product along b and
/// k; `input` broadcasts to [m, n]. As ``addmv(_:_:_:beta:alpha:file:line:)``.
public func addbmm(
    _ input: Tensor,
    _ first: Tensor,
    _ second: Tensor,
    beta: Double = 1,
    alpha: Double = 1,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("addbmm", file, line)
    return scaledSum(input, first, second, (3, 3), (beta, alpha), call) { () throws(Refusal) in
        try contraction(first, second, ([0, 2], [0, 1]), call)
    }
}

/// `beta · input + alpha · product`, of factors with so many dimensions.
func scaledSum(
    _ input: Tensor,
    _ first: Tensor,
    _ second: Tensor,
    _ ranks: (Int, Int),
    _ factors: (beta: Double, alpha: Double),
    _ call: Call,
    product: () throws(Refusal) -> Tensor
) -> Tensor {
    let dtype = DType.promoted(input.dtype, .promoted(first.dtype, second.dtype))
    return call.checked(standIn: input.layout.rowMajor, dtype) { call throws(Refusal) in
        func size(_ x: Tensor, _ axis: Int) -> Int { axis < x.rank ? x.extent(axis) : 1 }
        // Of batches, which do not broadcast here, and of what is added up.
        let isBatch = ranks.0 == 3
        try call.require(
            first.rank == ranks.0 && second.rank == ranks.1 && (!isBatch || size(first, 0) == size(second, 0))
                && (ranks.0 == 1 || size(first, ranks.0 - 1) == size(second, isBatch ? 1 : 0)),
            "factors of shapes \(first.shape) and \(second.shape) do not fit: tensors with \(ranks.0) and \(ranks.1) "
                + "dimensions and fitting sizes are wanted"
        )
        let product = try product()
        try call.require(
            input.layout.expanded(to: product.layout) != nil,
            "an input of shape \(input.shape) does not broadcast to the product's shape \(product.shape)"
        )
        return input.scaled(factors.beta, plus: product, factors.alpha, dtype)
    }
}

extension Tensor {
    /// `beta` times this tensor plus `alpha` times `product`, whose shape this one broadcasts to.
    fileprivate func scaled(_ beta: Double, plus product: Tensor, _ alpha: Double, _ dtype: DType) -> Tensor {
        if dtype == .bool {
            let none = Tensor.filled(product.layout.rowMajor, 0, dtype: .bool, at: nil)
            return (beta == 0 ? none : self) .| (alpha == 0 ? none : product)
        }
        func times(_ x: Tensor, _ factor: Double) -> Tensor {
            if factor == 1 { return x }
            // An integer of the size of any factor that matters.
            return dtype.isFloatingPoint ? x * factor : x * Int(Swift.max(-0x1p62, Swift.min(factor, 0x1p62)))
        }
        let second = times(product, alpha)
        if beta == 0 { return second.dtype == dtype ? second : second.to(dtype) }
        return times(self, beta) + second
    }
}
