import WeftRuntime

extension Tensor {
    /// The `p`-norms of the elements along `axes`, all of them if none are named, which disappear from the shape or
    /// stay with size 1 if `keepDims`: (Σ |x|^p)^(1/p). For infinity the largest magnitude, for -infinity the smallest,
    /// for 0 how many elements are not 0. Integers are computed as float32.
    ///
    /// Gradients are 0 where the norm or the element is. Refused where a norm of infinite or negative order has no
    /// element.
    public func norm(
        _ p: Double = 2,
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("norm", file, line)
        let input = floatingPoint(at: call.site)
        return input.reduced(over: Axes(axes), keepDims, input.dtype, call) { set throws(Refusal) in
            if p.isInfinite || p < 0 { try requireElements(along: set, call) }
            let named = (0..<rank).filter { set.contains($0) }
            let x = input.widened
            let result: Tensor
            switch p {
            case 0: result = x.detached().countNonzero(axes: named, keepDims: keepDims).to(x.dtype)
            case 1: result = x.abs().sum(axes: named, keepDims: keepDims)
            case 2: result = x.square().sum(axes: named, keepDims: keepDims).rootOrZero
            case .infinity: result = x.abs().max(axes: named, keepDims: keepDims)
            case -.infinity: result = x.abs().min(axes: named, keepDims: keepDims)
            default:
                let powers = x.abs().power(p).sum(axes: named, keepDims: keepDims)
                result = powers.power(1 / p)
            }
            return result.to(input.dtype)
        }
    }

    /// The distance between this tensor and `other`, which broadcast: the `p`-norm of all differences, a scalar.
    public func distance(
        to other: Tensor,
        p: Double = 2,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        (self - other).norm(p, file: file, line: line)
    }

    /// These magnitudes to the power `p`, which is not 0, with a gradient of 0 at 0.
    private func power(_ p: Double) -> Tensor {
        if p == 1 { return self }
        if p == 2 { return square() }
        if p == 0.5 { return rootOrZero }
        if p == 3 { return square() * self }
        if p == 4 { return square().square() }
        let isZero = detached() .== 0
        let safe = `where`(isZero, Tensor.scalar(1.0, dtype: dtype), self)
        let limit = Tensor.scalar(p > 0 ? 0.0 : Double.infinity, dtype: dtype)
        return `where`(isZero, limit, (safe.log() * p).exp())
    }

    /// The square root, with a gradient of 0 at 0.
    var rootOrZero: Tensor {
        let isZero = detached() .== 0
        let safe = `where`(isZero, Tensor.scalar(1.0, dtype: dtype), self)
        return `where`(isZero, Tensor.scalar(0.0, dtype: dtype), safe.sqrt())
    }

    /// The distances between each row of the last two dimensions of this tensor, shape […, n, d], and each of
    /// `other`'s, shape […, m, d]: the `p`-norms of their differences, of shape […, n, m]. What comes before
    /// broadcasts.
    ///
    /// Gradients are 0 where a distance is. Refused for other shapes, and for a negative `p`.
    public func pairwiseDistances(
        to other: Tensor,
        p: Double = 2,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let standIn = Layout(nearest: Array(shape.dropLast()) + [other.rank > 1 ? other.extent(other.rank - 2) : 1])
        let dtype = DType.promoted(self.dtype, other.dtype)
        return Call("pairwiseDistances", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            try call.require(
                rank >= 2 && other.rank >= 2 && extent(rank - 1) == other.extent(other.rank - 1) && p >= 0
                    && rank < Layout.maximumRank && other.rank < Layout.maximumRank,
                "shapes \(shape) and \(other.shape) with p = \(p) do not fit: rows of one length are wanted, and no "
                    + "negative p"
            )
            let (rows, columns) = (insertingAxis(rank - 1), other.insertingAxis(other.rank - 2))
            let axis = Swift.max(rows.rank, columns.rank) - 1
            let fits = Layout.broadcast(rows.layout, columns.layout) != nil
            try call.require(fits, Call.mismatch([self, other]))
            return (rows - columns).norm(p, axes: [axis], file: file, line: line)
        }
    }

    /// This tensor with those slices along `axis` scaled down to a `p`-norm of `maximum` whose norm is greater.
    ///
    /// Refused unless there are two dimensions or more, `p` is positive, and `maximum` is not negative.
    public func renormalized(
        _ p: Double,
        axis: Int,
        maximum: Double,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("renormalized", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(
                rank >= 2 && p > 0 && maximum >= 0 && dtype.isFloatingPoint,
                "\(dtype) of shape \(shape), p = \(p) and a maximum of \(maximum) do not fit: floating point of two "
                    + "dimensions or more, a positive p and no negative maximum are wanted"
            )
            let axis = try call.axis(axis, of: self)
            let x = widened
            let norms = x.norm(p, axes: (0..<rank).filter { $0 != axis }, keepDims: true)
            let scale = `where`(
                norms.detached() .> maximum,
                maximum / (norms + 1e-7),
                Tensor.scalar(1.0, dtype: x.dtype)
            )
            return (x * scale).to(dtype)
        }
    }
}
