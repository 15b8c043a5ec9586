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
                try a.tensor(1, "weight").embedding(
                    try a.tensor(0, "input"),
                    paddingIndex: try a.optionalInt(2, "padding_idx"),
                    scaleGradByFreq: try a.bool(5, "scale_grad_by_freq", or: false)
                )
            ]
        },
    ]
}
