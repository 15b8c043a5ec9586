public import WeftTensor

/// The cosine of the angle between vectors of two tensors along an axis: `x₁·x₂ / (max(‖x₁‖, ε) max(‖x₂‖, ε))`, of the
/// shape that the inputs broadcast to, without the axis. Integers are computed as float32.
public func cosineSimilarity(
    _ first: Tensor,
    _ second: Tensor,
    axis: Int = 1,
    epsilon: Double = 1e-8,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    refusing(as: "cosineSimilarity", at: CallSite(file, line)) {
        // Vectors of one element beside longer ones repeat it.
        let shape = broadcastShape(first.shape, second.shape)
        // Each is divided by its length before they are multiplied, so that no product overflows.
        func unit(_ x: Tensor) -> Tensor {
            let x = x.shape == shape ? x : x.expanded(to: shape)
            return x / lengthFromBelow(x.square().sum(axis: axis, keepDims: true).guardedRoot())
        }
        // The length's own derivative also where it counts as more, as in PyTorch.
        func lengthFromBelow(_ length: Tensor) -> Tensor {
            let least = Tensor.maximum(length, Tensor(epsilon, dtype: length.dtype))
            return length + (least - length).detached()
        }
        return (unit(first) * unit(second)).sum(axis: axis, file: file, line: line)
    }
}

/// The shape that two broadcast to; where they do not, no such shape.
private func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int] {
    let rank = max(a.count, b.count)
    func aligned(_ shape: [Int]) -> [Int] { Array(repeating: 1, count: rank - shape.count) + shape }
    return zip(aligned(a), aligned(b)).map { $0 == 1 ? $1 : $0 }
}

/// The distance between two tensors' last axes: the norm of order `p` of `x₁ - x₂ + ε`, of the shape that the inputs
/// broadcast to, without the last axis, or with size 1 there if `keepDims`. Integers are computed as float32.
///
/// - Parameters:
///   - p: any order; infinity for the greatest magnitude, 0 for the number of elements that are not 0.
///   - epsilon: what is added to every difference.
public func pairwiseDistance(
    _ first: Tensor,
    _ second: Tensor,
    p: Double = 2,
    epsilon: Double = 1e-6,
    keepDims: Bool = false,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    refusing(as: "pairwiseDistance", at: CallSite(file, line)) {
        (first - second + epsilon).rowNorms(p, keepDims: keepDims)
    }
}

extension Tensor {
    /// This tensor divided along `axis` by its norm of order `p`, or by `epsilon` where that is more. Integers are computed
    /// as float32.
    ///
    /// - Parameter p: any order; infinity for the greatest magnitude, 0 for the number of elements that are not 0.
    public func normalized(
        p: Double = 2,
        axis: Int = 1,
        epsilon: Double = 1e-12,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        refusing(as: "normalized", at: CallSite(file, line)) {
            let norms = rowNorms(p, axis: axis, keepDims: true)
            return self / `where`(norms .< epsilon, epsilon, norms)
        }
    }

    /// The norms of order `p` along an axis, by default the last. Where one is 0 so is its gradient.
    func rowNorms(_ p: Double, axis: Int = -1, keepDims: Bool) -> Tensor {
        let magnitudes = abs()
        switch p {
        case 0:
            let isThere = (magnitudes .> 0).to(dtype.isFloatingPoint ? dtype : .float32)
            return isThere.sum(axis: axis, keepDims: keepDims)
        case 1: return magnitudes.sum(axis: axis, keepDims: keepDims)
        case 2: return square().sum(axis: axis, keepDims: keepDims).guardedRoot()
        case .infinity: return magnitudes.max(axes: [axis], keepDims: keepDims)
        case -.infinity: return magnitudes.min(axes: [axis], keepDims: keepDims)
        case ..<0:
            // An element of 0 makes the sum infinite, and the norm 0.
            func power(_ x: Tensor, _ exponent: Double) -> Tensor { (x.log() * exponent).exp() }
            return power(power(magnitudes, p).sum(axis: axis, keepDims: keepDims), 1 / p)
        default: return magnitudes.guardedPower(p).sum(axis: axis, keepDims: keepDims).guardedPower(1 / p)
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
