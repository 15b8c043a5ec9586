import WeftRuntime

extension KernelFamily {
    fileprivate static let scatter = KernelFamily("scatter")
    fileprivate static let scatterMultiply = KernelFamily("scatter_multiply")
    fileprivate static let scatterMax = KernelFamily("scatter_max")
    fileprivate static let scatterMin = KernelFamily("scatter_min")
}

/// What becomes of the elements that an index sends to one place.
public enum ScatterReduction: Sendable, Hashable {
    case sum, product, mean, max, min

    fileprivate var family: KernelFamily {
        switch self {
        case .sum, .mean: .scatterAdd
        case .product: .scatterMultiply
        case .max: .scatterMax
        case .min: .scatterMin
        }
    }

    /// What changes nothing.
    fileprivate func neutral(_ dtype: DType, _ layout: Layout) -> Tensor {
        switch self {
        case .sum, .mean: .filled(layout, 0, dtype: dtype, at: nil)
        case .product: .filled(layout, 1, dtype: dtype, at: nil)
        case .max where dtype.isFloatingPoint: .filled(layout, -Double.infinity, dtype: dtype, at: nil)
        case .min where dtype.isFloatingPoint: .filled(layout, Double.infinity, dtype: dtype, at: nil)
        case .max: .filled(layout, Int.min, dtype: dtype, at: nil)
        case .min: .filled(layout, Int.max, dtype: dtype, at: nil)
        }
    }
}

/// Reductions over the elements that an index sends to one place.
extension Tensor {
    /// This tensor with every element of `index`'s shape of `source` combined, by `reduction`, with the element at the
    /// same place, but for `axis`, where that is `index`'s value. Negative indices count from the end.
    ///
    /// Elements that share an extremum share its gradient; NaN is an extremum wherever there is one. Integer products
    /// wrap around, and integer means are rounded down. Refused as `scatterAdd` is, and for means of truth values.
    ///
    /// - Parameter includesSelf: whether this tensor's own elements are combined with the others; else those that the index
    ///   names are replaced.
    public func scatterReduce(
        axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        _ reduction: ScatterReduction,
        includesSelf: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("scatterReduce", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let index = index.asIndices
            let (axis, used) = try scattered(axis, index, source, call)
            try call.require(reduction != .mean || dtype != .bool, "truth values have no mean")
            let result = scatterReduced(axis, index, used, reduction, includesSelf, at: call.site)
            return .recorded(
                RecordedOperation(.scatterReduce),
                result,
                from: [self, used],
                saving: [index],
                attributes: OperationAttributes(axis: axis)
            ) { gradient, step in
                let (x, source, index, axis) = (step[0], step[1], step[2], step.attributes.axis)
                let shares: (own: Tensor, others: Tensor)
                switch reduction {
                case .sum: shares = (gradient, gradient.gathered(axis: axis, index))
                case .mean:
                    let share = gradient / x.shareCounts(axis, index, includesSelf)
                    shares = (share, share.gathered(axis: axis, index))
                case .product: shares = gradient.productShares(axis, index, x, source, includesSelf)
                case .max, .min:
                    shares = gradient.extremumShares(axis, index, x, source, reduction, includesSelf)
                }
                step.give(0, includesSelf ? shares.own : shares.own.withZeros(axis, index))
                step.give(1, shares.others)
            }
        }
    }

    /// The reduction of arguments that fit, not recorded.
    private func scatterReduced(
        _ axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        _ reduction: ScatterReduction,
        _ includesSelf: Bool,
        at site: CallSite?
    ) -> Tensor {
        let written = startOfSums(at: site)
        if !includesSelf {
            let neutral = reduction.neutral(written.dtype, index.layout)
            guard neutral.launchScatter(.scatter, into: written, index, axis: axis) else { return .failed(like: self) }
        }
        // Sums have kernels for 16 bits.
        let isSum = reduction == .sum || reduction == .mean
        let values = isSum && dtype != .bool ? source : source.converted(to: written.dtype, at: site)
        guard values.launchScatter(reduction.family, into: written, index, axis: axis) else {
            return .failed(like: self)
        }
        guard reduction == .mean else { return written.converted(to: dtype, at: site) }
        let counts = written.shareCounts(axis, index, includesSelf)
        if dtype.isFloatingPoint { return (written / counts).converted(to: dtype, at: site) }
        // Rounded towards zero, and one less where that was up.
        let quotient = (written.to(.float64) / counts.to(.float64)).to(.int64)
        return quotient - (quotient * counts .> written).to(.int64)
    }

    /// How many elements each one of the result is made of, at least 1, in this tensor's shape and dtype.
    private func shareCounts(_ axis: Int, _ index: Tensor, _ includesSelf: Bool) -> Tensor {
        let start = Tensor.filled(layout, includesSelf ? 1 : 0, dtype: dtype, at: nil)
        let ones = Tensor.filled(index.layout, 1, dtype: dtype, at: nil)
        let counts = start.scatterAdd(axis: axis, index, ones)
        return includesSelf ? counts : Tensor.maximum(counts, Tensor.scalar(1, dtype: dtype))
    }

    private func withZeros(_ axis: Int, _ index: Tensor) -> Tensor {
        scatter(axis: axis, index, .filled(index.layout, 0.0, dtype: dtype, at: nil))
    }

    /// This gradient of a product shared out: each factor gets it times the product of all others. Where just one of
    /// them is 0, only that one gets any.
    private func productShares(
        _ axis: Int,
        _ index: Tensor,
        _ x: Tensor,
        _ source: Tensor,
        _ includesSelf: Bool
    ) -> (Tensor, Tensor) {
        func product(_ x: Tensor, _ source: Tensor) -> Tensor {
            x.scatterReduce(axis: axis, index, source, .product, includesSelf: includesSelf)
        }
        let full = x.masked(x .== 0, with: 1)
        let own = self * product(full, source) / full
        let isZero = source .== 0
        let zeros = Tensor.filled(layout, 0, dtype: dtype, at: nil).scatterAdd(axis: axis, index, isZero.to(dtype))
        let isOnlyZero = isZero.logicalAnd(zeros.gathered(axis: axis, index) .== 1)
        let withoutIt = (self * product(x, source.masked(isOnlyZero, with: 1))).gathered(axis: axis, index)
        let others = (self * product(x, source)).gathered(axis: axis, index) / source.masked(isZero, with: 1)
        return (own, `where`(isOnlyZero, withoutIt, others))
    }

    /// This gradient of an extremum shared out among the elements that equal it.
    private func extremumShares(
        _ axis: Int,
        _ index: Tensor,
        _ x: Tensor,
        _ source: Tensor,
        _ reduction: ScatterReduction,
        _ includesSelf: Bool
    ) -> (Tensor, Tensor) {
        let (x, source) = (x.detached(), source.detached())
        let extremum = x.scatterReduced(axis, index, source, reduction, includesSelf, at: nil)
        var own = (x .== extremum).to(dtype)
        if !includesSelf { own = own.withZeros(axis, index) }
        let others = (source .== extremum.gathered(axis: axis, index)).to(dtype)
        let shares = self / own.scatterAdd(axis: axis, index, others)
        return (own * shares, others * shares.gathered(axis: axis, index))
    }
}
