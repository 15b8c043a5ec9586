import WeftRuntime

/// What a quantile between two elements is.
public enum QuantileInterpolation: Sendable {
    /// The point between the two at the quantile's own distance from each.
    case linear
    /// The lower, the higher, or the nearer of the two, of equally near ones that at the even place.
    case lower, higher, nearest
    /// The mean of the two.
    case midpoint
}

/// Quantiles of floating-point elements along `axis`, or of all if none is named: for each of the probabilities `q` the
/// element at `q * (n - 1)`, counted in sorted order from 0. The result has the shape of `q` and then that of this
/// tensor without the axis, which stays with size 1 if `keepDims`.
///
/// Gradients flow to the elements, and to probabilities where results lie between elements. Refused unless `q` is a
/// scalar or a vector of this tensor's dtype with numbers in 0 ... 1, and where there is no element.
extension Tensor {
    /// The quantiles along `axis`; NaN where any element is.
    public func quantile(
        _ q: Tensor,
        axis: Int? = nil,
        keepDims: Bool = false,
        interpolation: QuantileInterpolation = .linear,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        quantile(q, axis, keepDims, interpolation, skipsNaN: false, Call("quantile", file, line))
    }

    /// The quantiles along `axis`, with one probability.
    public func quantile(
        _ q: Double,
        axis: Int? = nil,
        keepDims: Bool = false,
        interpolation: QuantileInterpolation = .linear,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let q = Tensor.scalar(q, dtype: dtype.isFloatingPoint ? dtype : .float32)
        return quantile(q, axis, keepDims, interpolation, skipsNaN: false, Call("quantile", file, line))
    }

    /// The quantiles along `axis` of the elements that are not NaN; NaN where all are.
    public func nanQuantile(
        _ q: Tensor,
        axis: Int? = nil,
        keepDims: Bool = false,
        interpolation: QuantileInterpolation = .linear,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        quantile(q, axis, keepDims, interpolation, skipsNaN: true, Call("nanQuantile", file, line))
    }

    /// The quantiles along `axis` of the elements that are not NaN, with one probability.
    public func nanQuantile(
        _ q: Double,
        axis: Int? = nil,
        keepDims: Bool = false,
        interpolation: QuantileInterpolation = .linear,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let q = Tensor.scalar(q, dtype: dtype.isFloatingPoint ? dtype : .float32)
        return quantile(q, axis, keepDims, interpolation, skipsNaN: true, Call("nanQuantile", file, line))
    }

    private func quantile(
        _ q: Tensor,
        _ axis: Int?,
        _ keepDims: Bool,
        _ interpolation: QuantileInterpolation,
        skipsNaN: Bool,
        _ call: Call
    ) -> Tensor {
        let axes = axis.map(Axes.one) ?? .all
        let kept = layout.reduced(over: layout.existing(axes), keepDims: keepDims)
        return call.checked(standIn: Layout(nearest: q.shape + kept.shape), dtype) { call throws(Refusal) in
            try call.require(
                dtype.isFloatingPoint && q.dtype == dtype && q.rank <= 1,
                "\(dtype) elements and \(q.dtype) probabilities of shape \(q.shape) do not fit: floating point of one "
                    + "dtype and a scalar or vector of probabilities are wanted"
            )
            let isProbability = (q .>= 0.0).logicalAnd(q .<= 1.0)
            try call.require(q.isFailed || isProbability.all().item() == 1, "a probability is not in 0 ... 1")
            let along = try axis.map { (axis: Int) throws(Refusal) -> Int in try call.axis(axis, of: self) }
            let rows =
                along == nil || rank == 0
                ? flattened() : permutedUnchecked((0..<rank).filter { $0 != along } + [along!])
            let length = rows.extent(rows.rank - 1)
            try call.require(length > 0, "shape \(shape) has no elements to choose from")
            let order = try rows.places(inOrderAlong: rows.rank - 1, descending: false, call)
            let sorted = rows.gathered(axis: rows.rank - 1, order, at: call.site)
            let found = sorted.quantiles(q.flattened(), interpolation, skipsNaN: skipsNaN)
            let outer = Array(rows.shape.dropLast())
            // The probabilities go from the last dimension to the first.
            let turned = found.permutedUnchecked([outer.count] + Array(0..<outer.count))
            let target = try call.layout(q.shape + (keepDims ? kept.shape : outer))
            return turned.reshaped(to: target)
        }
    }

    /// The quantiles of each of these sorted rows, side by side.
    private func quantiles(_ q: Tensor, _ interpolation: QuantileInterpolation, skipsNaN: Bool) -> Tensor {
        let axis = rank - 1
        let plain = detached()
        let numbers = (plain .== plain).sum(axis: axis, keepDims: true)
        let length = extent(axis)
        let end = numbers - 1
        // Where a NaN counts, it is the result: it lies last.
        let count = skipsNaN ? Tensor.maximum(end, Tensor.scalar(0, dtype: .int64)) : end
        var ranks = q * count.to(dtype)
        if !skipsNaN { ranks = `where`(numbers .== length, ranks, Tensor.scalar(Double(length - 1), dtype: dtype)) }
        switch interpolation {
        case .lower: return gathered(axis: axis, ranks.floorPlaces)
        case .higher: return gathered(axis: axis, ranks.ceilingPlaces)
        case .nearest: return gathered(axis: axis, ranks.nearestPlaces)
        case .linear, .midpoint:
            let (below, above) = (ranks.floorPlaces, ranks.ceilingPlaces)
            let (low, high) = (gathered(axis: axis, below), gathered(axis: axis, above))
            let weight =
                interpolation == .linear
                ? ranks - below.to(dtype) : Tensor.filled(ranks.layout, 0.5, dtype: dtype, at: nil)
            return low.blended(with: high, weight)
        }
    }

    /// `self` and `other` in the shares 1 - `weight` and `weight`, exact at both ends.
    private func blended(with other: Tensor, _ weight: Tensor) -> Tensor {
        let step = other - self
        return `where`(weight .< 0.5, self + weight * step, other - step * (1 - weight))
    }

    /// These numbers, none negative, rounded down, up, or to the nearest and even, int64.
    private var floorPlaces: Tensor { to(.int64) }
    private var ceilingPlaces: Tensor {
        let floor = floorPlaces
        return floor + (floor.to(dtype) .< self).to(.int64)
    }
    private var nearestPlaces: Tensor {
        let floor = floorPlaces
        let rest = self - floor.to(dtype)
        let isOdd = (floor - (floor.to(.float64) * 0.5).to(.int64) * 2) .== 1
        return floor + (rest .> 0.5).logicalOr((rest .== 0.5).logicalAnd(isOdd)).to(.int64)
    }
}
