import Weft

/// Tensors joined and taken apart.
extension ConformanceSuite {
    static let joining: [String: CaseOperation] = [
        "cat": { a in [concatenated(try a.tensors(0, "tensors"), axis: try a.int(1, "dim", or: 0))] },
        "stack": { a in [stacked(try a.tensors(0, "tensors"), axis: try a.int(1, "dim", or: 0))] },
    ]
}
