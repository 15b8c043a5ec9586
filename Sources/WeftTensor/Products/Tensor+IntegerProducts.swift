import WeftRuntime

extension Tensor {
    /// The product of two matrices, or batches of them, of whole numbers, whose sizes are those of `layout`: exact, and
    /// wrapping around as integers' own arithmetic does. No kernel multiplies such matrices, so that it is made of
    /// products of elements, in parts that stay small.
    static func integerProduct(_ a: Tensor, _ b: Tensor, layout: Layout) -> Tensor {
        let sizes = layout.shape
        let batch = Array(sizes.dropLast(2))
        let (rows, columns, inner) = (sizes[sizes.count - 2], sizes[sizes.count - 1], a.extent(a.rank - 1))
        let matrices = batch.reduce(1, *)
        // One dimension stands for the batch, since another is needed beside those of the matrices.
        func flat(_ x: Tensor, _ matrix: [Int]) -> Tensor {
            x.converted(to: .int64, at: nil)
                .expanded(to: Layout(rowMajor: batch + matrix))
                .reshaped(to: Layout(rowMajor: [matrices] + matrix))
        }
        let left = flat(a, [rows, inner]).insertingAxis(2)
        let right = flat(b, [inner, columns]).T.insertingAxis(1)
        var sum = Tensor.filled(Layout(rowMajor: [matrices, rows, columns]), 0, dtype: .int64, at: nil)
        let part = Swift.max((1 << 20) / Swift.max(layout.count, 1), 1)
        for start in Swift.stride(from: 0, to: inner, by: part) {
            let range = start..<Swift.min(start + part, inner)
            sum += (left[.ellipsis, range] * right[.ellipsis, range]).sum(axis: 3)
        }
        return sum.reshaped(to: layout.rowMajor)
    }
}
