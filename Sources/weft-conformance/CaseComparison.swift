import Weft

/// A result as PyTorch has it.
struct ExpectedValue {
    /// Nil for None.
    let tensor: Tensor?
    /// Whether it is a tensor there. Of a number only the value counts.
    let isTensor: Bool
}

/// Compares tensors, and keeps the worst difference.
struct CaseComparison {
    /// Relative and absolute.
    let tolerance: [Double]
    /// The largest difference as a fraction of what it may be.
    private(set) var worst = 0.0

    init(tolerance: [Double]) { self.tolerance = tolerance }

    mutating func compare(_ found: [Tensor], with expected: [ExpectedValue], _ what: String) throws {
        guard found.count == expected.count else {
            throw CaseError("\(what): \(found.count) tensors where there are to be \(expected.count)")
        }
        for (number, (tensor, expected)) in zip(found, expected).enumerated() {
            guard let wanted = expected.tensor else { continue }
            let name = found.count > 1 ? "\(what) \(number)" : what
            if expected.isTensor {
                guard tensor.dtype == wanted.dtype else {
                    throw CaseError("\(name): dtype \(tensor.dtype) where it is to be \(wanted.dtype)")
                }
                guard tensor.shape == wanted.shape else {
                    throw CaseError("\(name): shape \(tensor.shape) where it is to be \(wanted.shape)")
                }
            }
            if wanted.dtype.isFloatingPoint {
                try compareReals(tensor.array(of: Double.self), wanted.array(of: Double.self), wanted.dtype, name)
            } else {
                try compareIntegers(tensor.array(of: Int.self), wanted.array(of: Int.self), name)
            }
        }
    }

    private mutating func compareReals(
        _ found: [Double],
        _ expected: [Double],
        _ dtype: DType,
        _ name: String
    ) throws {
        // A gradient can have a narrower dtype than the case, whose own tolerance it then gets.
        let narrower = dtype == .float32 ? (1.3e-6, 1e-5) : (0, 0)
        let (relative, absolute) = (max(tolerance[0], narrower.0), max(tolerance[1], narrower.1))
        for (index, (value, wanted)) in zip(found, expected).enumerated() {
            if value == wanted || (value.isNaN && wanted.isNaN) { continue }
            let share = abs(value - wanted) / (absolute + relative * abs(wanted))
            guard share <= 1 else {
                throw CaseError("\(name): \(value) at \(index) of \(found.count) where it is to be \(wanted)")
            }
            worst = max(worst, share)
        }
    }

    private func compareIntegers(_ found: [Int], _ expected: [Int], _ name: String) throws {
        if let index = found.indices.first(where: { found[$0] != expected[$0] }) {
            throw CaseError(
                "\(name): \(found[index]) at \(index) of \(found.count) where it is to be \(expected[index])"
            )
        }
    }
}
