import WeftRuntime

/// Triangles of matrices, the last two dimensions. `diagonal` is the outermost that belongs to the triangle: 0 the main
/// one, positive ones to its right, negative ones below. Refused for tensors with fewer than two dimensions.
extension Tensor {
    /// The elements on the diagonal and below, and 0 above.
    public func lowerTriangle(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        triangle(Call("lowerTriangle", file, line)) { rows, columns in columns .<= rows + diagonal }
    }

    /// The elements on the diagonal and above, and 0 below.
    public func upperTriangle(diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        triangle(Call("upperTriangle", file, line)) { rows, columns in columns .>= rows + diagonal }
    }

    private func triangle(_ call: Call, _ holds: (_ rows: Tensor, _ columns: Tensor) -> Tensor) -> Tensor {
        call.checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(rank >= 2, "matrices are wanted, not shape \(shape)")
            let rows = Tensor(arange: 0..<extent(rank - 2)).insertingAxis(1)
            return `where`(holds(rows, Tensor(arange: 0..<extent(rank - 1))), self, Tensor.scalar(0, dtype: dtype))
        }
    }
}
