import WeftRuntime

/// A tensor whose axes have labels, each another: axes of several tensors with one label belong together.
struct LabelledTensor {
    let tensor: Tensor
    let labels: [Int]

    init(_ tensor: Tensor, _ labels: [Int]) {
        self.tensor = tensor
        self.labels = labels
    }

    /// With the diagonal of axes that share a label, whose sizes are equal.
    init(diagonalOf tensor: Tensor, _ labels: [Int]) {
        var (tensor, labels) = (tensor, labels)
        while let second = labels.indices.first(where: { labels[..<$0].contains(labels[$0]) }),
            let first = labels.firstIndex(of: labels[second])
        {
            let others = labels.indices.filter { $0 != first && $0 != second }
            let size = tensor.extent(first)
            let order = tensor.permutedUnchecked(others + [first, second])
            let flat = order.reshaped(to: Layout(rowMajor: others.map(tensor.extent) + [size * size]))
            tensor = flat.indexSelect(axis: -1, Tensor((0..<size).map { $0 * (size + 1) }))
            labels = others.map { labels[$0] } + [labels[first]]
        }
        self.init(tensor, labels)
    }

    /// The size of the axis with a label; 1 where there is none.
    func size(of label: Int) -> Int { labels.firstIndex(of: label).map(tensor.extent) ?? 1 }

    /// The axes in this order, which names each of them.
    func ordered(as order: [Int]) -> LabelledTensor {
        if order == labels { return self }
        return LabelledTensor(tensor.permutedUnchecked(order.compactMap(labels.firstIndex)), order)
    }

    /// Added up along the axes that are not among `kept`.
    func summed(keeping kept: Set<Int>) -> LabelledTensor {
        let axes = labels.indices.filter { !kept.contains(labels[$0]) }
        return axes.isEmpty ? self : LabelledTensor(tensor.sum(axes: axes), labels.filter(kept.contains))
    }

    /// Without the axes of size 1 that stand for longer ones of `other`.
    private func dropping(repeatedBeside other: LabelledTensor) -> LabelledTensor {
        var (tensor, kept) = (tensor, labels)
        for axis in labels.indices.reversed() where tensor.extent(axis) == 1 && other.size(of: labels[axis]) != 1 {
            tensor = tensor.removingAxis(axis)
            kept.remove(at: axis)
        }
        return LabelledTensor(tensor, kept)
    }

    /// The products with `other`, added up along axes whose labels are not among `kept`. Axes with one label have one
    /// size, or size 1.
    func contracted(
        with other: LabelledTensor,
        keeping kept: Set<Int>,
        _ call: Call
    ) throws(Refusal) -> LabelledTensor {
        // What only one has is added up before it is multiplied.
        var (a, b) = (dropping(repeatedBeside: other), other.dropping(repeatedBeside: self))
        (a, b) = (a.summed(keeping: kept.union(b.labels)), b.summed(keeping: kept.union(a.labels)))
        let shared = a.labels.filter(b.labels.contains)
        let (batch, inner) = (shared.filter(kept.contains), shared.filter { !kept.contains($0) })
        let (left, right) = (
            a.labels.filter { !b.labels.contains($0) }, b.labels.filter { !a.labels.contains($0) }
        )
        func count(_ labels: [Int], _ side: LabelledTensor) -> Int { labels.reduce(1) { $0 * side.size(of: $1) } }
        let (matrices, depth) = (count(batch, a), count(inner, a))
        let shape = batch.map(a.size) + left.map(a.size) + right.map(b.size)
        let target = try call.layout(shape)
        let rows = a.ordered(as: batch + left + inner).tensor
            .reshaped(to: Layout(rowMajor: [matrices, count(left, a), depth]))
        let columns = b.ordered(as: batch + inner + right).tensor
            .reshaped(to: Layout(rowMajor: [matrices, depth, count(right, b)]))
        let product = inner.isEmpty ? elementProducts(rows, columns) : matmul(rows, columns)
        return LabelledTensor(product.reshaped(to: target), batch + left + right)
    }
}
