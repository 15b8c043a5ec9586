import WeftRuntime

/// `tensors` side by side along the second dimension, vectors along their only one; scalars count as vectors. Refused
/// as `concatenated` is.
public func hstacked(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let parts = tensors.map { $0.atLeast1D() }
    return concatenated(parts, axis: parts.first?.rank == 1 ? 0 : 1, file: file, line: line)
}

/// `tensors` below one another along the first dimension; vectors and scalars count as rows. Refused as `concatenated`
/// is.
public func vstacked(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    concatenated(tensors.map { $0.atLeast2D() }, axis: 0, file: file, line: line)
}

/// `tensors` behind one another along the third dimension, which those with fewer get as `atLeast3D` gives it. Refused
/// as `concatenated` is.
public func dstacked(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    concatenated(tensors.map { $0.atLeast3D() }, axis: 2, file: file, line: line)
}

/// `tensors` side by side along the second dimension; vectors and scalars count as columns. Refused as `concatenated`
/// is.
public func columnStacked(_ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let columns = tensors.map { $0.rank < 2 ? $0.atLeast1D().insertingAxis(1) : $0 }
    return concatenated(columns, axis: 1, file: file, line: line)
}

/// A matrix with `matrices` one after the other along its diagonal, and zeros elsewhere; vectors and scalars count as
/// rows. Without any it is empty, of shape [1, 0]. Refused for more than two dimensions.
public func blockDiagonal(_ matrices: [Tensor], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Call("blockDiagonal", file, line).checked(standIn: Layout(nearest: [1, 0]), .float32) { call throws(Refusal) in
        for matrix in matrices {
            try call.require(matrix.rank <= 2, "matrices are wanted, not shape \(matrix.shape)")
        }
        if matrices.isEmpty { return Tensor(zeros: [1, 0]) }
        let blocks = matrices.map { $0.atLeast2D() }
        let columns = blocks.reduce(0) { $0 + $1.extent(1) }
        var start = 0
        let rows = blocks.map { block in
            let (before, behind) = (start, columns - start - block.extent(1))
            start += block.extent(1)
            func zeros(_ count: Int) -> Tensor { Tensor(zeros: [block.extent(0), count], dtype: block.dtype) }
            return concatenated([zeros(before), block, zeros(behind)], axis: 1, file: file, line: line)
        }
        return concatenated(rows, axis: 0, file: file, line: line)
    }
}
