import WeftRuntime

/// Attention in operations that hold the weights of all pairs, and can be differentiated any number of times.
extension Attention {
    /// The weights before any is dropped: softmax(scale · Q Kᵀ + mask), and zeros for a query that sees nothing.
    func weights(_ query: Tensor, _ key: Tensor, _ mask: Tensor?) -> Tensor {
        var scores = matmul(query * scale, spread(key).T)
        if sizes.keys == 0 { return scores }
        if let mask {
            scores =
                mask.dtype == .bool ? scores + `where`(mask, 0.0, -Double.infinity).to(scores.dtype) : scores + mask
        }
        if isCausal {
            let isVisible = Tensor(arange: 0..<sizes.keys) .<= Tensor(arange: 0..<sizes.queries).unsqueezed(axis: 1)
            scores = `where`(isVisible, scores, -Double.infinity)
        }
        let isBlind = scores.detached().max(axes: [-1], keepDims: true) .== -Double.infinity
        return `where`(isBlind, 0.0, `where`(isBlind, 0.0, scores).softmax(axis: -1))
    }

    /// What dropout multiplies the weights by; nil where none are dropped.
    private func kept(_ dtype: DType) -> Tensor? {
        guard dropout > 0 else { return nil }
        let generator = RandomGenerator(state: draw)
        let drawn = Tensor.dropoutMask(
            sizes.pairs,
            dtype: .float32,
            probability: dropout,
            generator: generator,
            at: nil
        )
        return (drawn .!= 0).to(dtype) * (dropout < 1 ? 1 / (1 - dropout) : 0)
    }

    /// The derivative in operations that can be differentiated again.
    func giveComposed(_ gradient: Tensor, _ step: BackwardStep, _ mask: Tensor?) {
        let (query, key, value) = (step[0], step[1], step[2])
        let weights = weights(query, key, mask)
        let kept = kept(query.dtype)
        var slopes = matmul(gradient, spread(value).T)
        if let kept { slopes = slopes * kept }
        let scores = weights * (slopes - (slopes * weights).sum(axis: -1, keepDims: true))
        step.give(0, matmul(scores, spread(key)) * scale)
        step.give(1, gathered(matmul(scores.T, query) * scale))
        step.give(2, gathered(matmul((kept.map { weights * $0 } ?? weights).T, gradient)))
        if mask != nil { step.give(3, scores) }
    }

    /// Keys or values with a head for each of the queries'.
    private func spread(_ tensor: Tensor) -> Tensor {
        if sizes.keyHeads == sizes.heads { return tensor }
        let grouped = tensor.unsqueezed(axis: -3)
        var shape = grouped.shape
        shape[shape.count - 3] = sizes.heads / sizes.keyHeads
        return grouped.expanded(to: shape).reshaped(
            shape.dropLast(4) + [sizes.heads] + shape.suffix(2)
        )
    }

    /// The gradient of `spread`: that of heads that share keys and values, added up.
    private func gathered(_ gradient: Tensor) -> Tensor {
        if sizes.keyHeads == sizes.heads { return gradient }
        let shape = gradient.shape
        let group = sizes.heads / sizes.keyHeads
        return gradient.reshaped(shape.dropLast(3) + [sizes.keyHeads, group] + shape.suffix(2)).sum(axis: -3)
    }
}
