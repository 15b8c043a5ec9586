import Weft

/// Tensors made anew, and conversions.
extension ConformanceSuite {
    static let creation: [String: CaseOperation] = [
        "zeros": { a in [Tensor(zeros: try a.ints(0, "size"), dtype: try a.optionalDType(1, "dtype") ?? .float32)] },
        "ones": { a in [Tensor(ones: try a.ints(0, "size"), dtype: try a.optionalDType(1, "dtype") ?? .float32)] },
        "clone": { a in [try a.tensor(0, "input")] },
        "contiguous": { a in [try a.tensor(0, "input").contiguous()] },
    ]
}
