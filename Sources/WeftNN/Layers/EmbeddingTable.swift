import WeftTensor

/// A new table of vectors, for layers that look them up.
struct EmbeddingTable {
    let count: Int
    let features: Int
    let padding: Int?
    let weight: Parameter

    /// A table of normally distributed numbers, zeros in the row for padding. What is wrong with the sizes, and a padding
    /// index that is none of the rows, are refused.
    init(_ count: Int, _ features: Int, paddingIndex: Int?, _ layer: StaticString, at site: CallSite) {
        if count < 0 || features < 0 {
            refuse(
                layer,
                "there are \(count) vectors of \(features) features; neither can be negative",
                at: site
            )
        }
        let (count, features) = (max(count, 0), max(features, 0))
        let row = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
        let padding = row.flatMap { (0..<count).contains($0) ? $0 : nil }
        if let paddingIndex, padding == nil {
            refuse(layer, "the padding index \(paddingIndex) is none of the \(count) rows", at: site)
        }
        (self.count, self.features, self.padding) = (count, features, padding)
        weight = refusing(as: layer, at: site) {
            var table = Tensor(normal: [count, features])
            if let padding { table[padding] = Tensor(zeros: [features]) }
            return Parameter(table)
        }
    }
}

extension Parameter {
    /// Scales the rows of this table that `indices` name, and whose norm of order `normType` exceeds `maxNorm`, down to
    /// that, as PyTorch does; not recorded. Indices that are not int64 or name no row are left to the lookup to refuse.
    func limitRows(_ indices: Tensor, maxNorm: Double, normType: Double, _ layer: StaticString, at site: CallSite) {
        guard indices.dtype == .int64, !indices.isFailed, indices.count > 0 else { return }
        let rows = Set(indices.array(of: Int64.self)).sorted()
        let table = value.detached()
        guard table.rank == 2, rows[0] >= 0, rows[rows.count - 1] < table.shape[0] else { return }
        noGrad {
            let places = Tensor(rows)
            let named = table.embedding(places)
            let norms = named.rowNorms(normType, keepDims: true)
            // The small number is PyTorch's: what was scaled stays below the limit when it is rounded.
            let factors = `where`(norms .> maxNorm, (norms + 1e-7).reciprocal() * maxNorm, 1.0)
            update { $0[places] = named * factors }
        }
    }
}
