public import WeftTensor

/// The cosine of the angle between two tensors along an axis: `x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε))`.
public final class CosineSimilarity: Module {
    /// The axis along which vectors lie.
    public let axis: Int
    /// The least length that a vector counts as.
    public let epsilon: Double

    public init(axis: Int = 1, epsilon: Double = 1e-8) {
        self.axis = axis
        self.epsilon = epsilon
    }

    /// The cosines, of the shape that the inputs broadcast to, without the axis.
    public func callAsFunction(
        _ first: Tensor,
        _ second: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        refusing(as: "CosineSimilarity", at: CallSite(file, line)) {
            cosineSimilarity(first, second, axis: axis, epsilon: epsilon, file: file, line: line)
        }
    }
}

/// The distance between two tensors' last axes: the norm of order p of `x₁ - x₂ + ε`.
public final class PairwiseDistance: Module {
    /// The order of the norm; infinity for the greatest magnitude.
    public let p: Double
    /// What is added to every difference.
    public let epsilon: Double
    /// Whether the last axis stays, with size 1.
    public let keepDims: Bool

    /// Refused if `p` is negative.
    public init(
        p: Double = 2,
        epsilon: Double = 1e-6,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if !(p >= 0) {
            refuse("PairwiseDistance", "the order is \(p); it cannot be negative", at: CallSite(file, line))
        }
        self.p = p >= 0 ? p : 2
        self.epsilon = epsilon
        self.keepDims = keepDims
    }

    /// The distances, of the shape that the inputs broadcast to, without the last axis.
    public func callAsFunction(
        _ first: Tensor,
        _ second: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        refusing(as: "PairwiseDistance", at: CallSite(file, line)) {
            pairwiseDistance(first, second, p: p, epsilon: epsilon, keepDims: keepDims, file: file, line: line)
        }
    }
}
