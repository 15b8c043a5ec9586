import Weft

/// Reading and writing elements by index.
extension ConformanceSuite {
    static let indexing: [String: CaseOperation] = [
        "gather": { a in
            [try a.tensor(0, "input").gather(axis: try a.int(1, "dim"), try a.tensor(2, "index"))]
        },
        "index_select": { a in
            [try a.tensor(0, "input").indexSelect(axis: try a.int(1, "dim"), try a.tensor(2, "index"))]
        },
        "scatter_add": { a in
            [
                try a.tensor(0, "input").scatterAdd(
                    axis: try a.int(1, "dim"),
                    try a.tensor(2, "index"),
                    try a.tensor(3, "src")
                )
            ]
        },
        "nn.functional.embedding": { a in
            _ = try a.optionalDouble(3, "max_norm")
            return [
                try a.tensor(0, "weight").embedding(
                    try a.tensor(1, "input"),
                    paddingIndex: try a.optionalInt(2, "padding_idx"),
                    scaleGradByFreq: try a.bool(5, "scale_grad_by_freq", or: false)
                )
            ]
        },
        "nn.functional.one_hot": { a in
            let classes = try a.int(1, "num_classes", or: -1)
            return [try a.tensor(0, "input").oneHot(classes: classes == -1 ? nil : classes)]
        },
        "nn.functional.embedding_bag": { a in
            let modes: [String: EmbeddingBagMode] = ["sum": .sum, "mean": .mean, "max": .max]
            let name = try a.string(6, "mode", or: "mean")
            guard let mode = modes[name] else { throw CaseError("there is no mode \(name)") }
            return [
                try a.tensor(0, "weight").embeddingBag(
                    try a.tensor(1, "input"),
                    offsets: try a.optionalTensor(2, "offsets"),
                    mode: mode,
                    perSampleWeights: try a.optionalTensor(8, "per_sample_weights"),
                    includeLastOffset: try a.bool(9, "include_last_offset", or: false),
                    paddingIndex: try a.optionalInt(10, "padding_idx"),
                    scaleGradByFreq: try a.bool(5, "scale_grad_by_freq", or: false)
                )
            ]
        },
    ]
}
