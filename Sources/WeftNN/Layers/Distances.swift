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
        // Each is divided by its length before they are multiplied, so that no product overflows.
        func unit(_ x: Tensor) -> Tensor {
            let length = x.square().sum(axis: axis, keepDims: true, file: file, line: line).guardedRoot()
            return x / Tensor.maximum(length, Tensor(epsilon, dtype: length.dtype))
        }
        return refusing(as: "CosineSimilarity", at: CallSite(file, line)) {
            (unit(first) * unit(second)).sum(axis: axis, file: file, line: line)
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
            (first - second + epsilon).rowNorms(p, keepDims: keepDims)
        }
    }
}

extension Tensor {
    /// The norms of order `p` along the last axis. Where one is 0 so is its gradient.
    func rowNorms(_ p: Double, keepDims: Bool) -> Tensor {
        let magnitudes = abs()
        switch p {
        case 0: return (magnitudes .> 0).to(dtype.isFloatingPoint ? dtype : .float32).sum(axis: -1, keepDims: keepDims)
        case 1: return magnitudes.sum(axis: -1, keepDims: keepDims)
        case 2: return square().sum(axis: -1, keepDims: keepDims).guardedRoot()
        case .infinity: return magnitudes.max(axes: [-1], keepDims: keepDims)
        default: return magnitudes.guardedPower(p).sum(axis: -1, keepDims: keepDims).guardedPower(1 / p)
        }
    }

    /// The square root of numbers from 0 up, whose gradient is 0 at 0.
    fileprivate func guardedRoot() -> Tensor {
        let isZero = self .== 0
        return `where`(isZero, 0.0, `where`(isZero, 1.0, self).sqrt())
    }

    /// A power of numbers from 0 up, which is 0, and has gradient 0, at 0.
    fileprivate func guardedPower(_ exponent: Double) -> Tensor {
        let isZero = self .== 0
        return `where`(isZero, 0.0, (`where`(isZero, 1.0, self).log() * exponent).exp())
    }
}
