import Weft

/// Reductions along axes.
extension ConformanceSuite {
    static let reductions: [String: CaseOperation] = [
        "amax": reduction { x, axes, keeps in x.max(axes: axes, keepDims: keeps) },
        "amin": reduction { x, axes, keeps in x.min(axes: axes, keepDims: keeps) },
    ]
}
