import WeftRuntime

extension KernelFamily {
    static let squares = KernelFamily("squares")
    static let spread = KernelFamily("spread")
}

/// The spread of elements about their mean, measured in two passes: the mean first, then the squared distances from
/// it, so that a mean far from zero costs no digits. Elements that differ by little more than their mean is rounded, or
/// whose squares would overflow or vanish, are gone through again, scaled and about one of themselves: equal elements
/// have a spread of exactly 0, and nothing overflows whose result is finite.
///
/// `correction` is what the number of elements is lowered by to divide the sum of squares: 1 for the unbiased estimate
/// from a sample, 0 for the spread of the elements themselves. With no more elements than that the result is NaN, or
/// infinity where there is any spread.
extension Tensor {
    /// The variance of all elements, a scalar.
    public func variance(
        correction: Double = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        variance(over: AxisSet(allOf: rank), keepDims: false, correction: correction, at: CallSite(file, line))
    }

    /// The variances along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`.
    public func variance(
        axes: [Int],
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        reduced(over: Axes(axes), keepDims, dtype, Call("variance", file, line)) {
            variance(over: $0, keepDims: keepDims, correction: correction, at: CallSite(file, line))
        }
    }

    /// The variances along `axis`, which disappears from the shape, or stays with size 1 if `keepDims`.
    public func variance(
        axis: Int,
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        variance(axes: [axis], correction: correction, keepDims: keepDims, file: file, line: line)
    }

    /// The standard deviation of all elements, a scalar. Its gradient is 0 where the deviation is.
    public func standardDeviation(
        correction: Double = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        deviation(over: AxisSet(allOf: rank), keepDims: false, correction: correction, at: CallSite(file, line))
    }

    /// The standard deviations along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`.
    /// Their gradient is 0 where the deviation is.
    public func standardDeviation(
        axes: [Int],
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        reduced(over: Axes(axes), keepDims, dtype, Call("standardDeviation", file, line)) {
            deviation(over: $0, keepDims: keepDims, correction: correction, at: CallSite(file, line))
        }
    }

    /// The standard deviations along `axis`, which disappears from the shape, or stays with size 1 if `keepDims`.
    /// Their gradient is 0 where the deviation is.
    public func standardDeviation(
        axis: Int,
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        standardDeviation(axes: [axis], correction: correction, keepDims: keepDims, file: file, line: line)
    }

    private func variance(over axes: AxisSet, keepDims: Bool, correction: Double, at site: CallSite?) -> Tensor {
        let input = floatingPoint(at: site)
        let spread = input.spread(over: axes, keepDims: keepDims, correction: correction, takesRoot: false, at: site)
        let result = spread.result.converted(to: input.dtype, at: site)
        guard input.recordsGradient else { return result }
        return .recorded(
            RecordedOperation(.variance),
            result,
            from: [input],
            saving: [spread.centers],
            attributes: spreadAttributes(axes, correction)
        ) { gradient, step in
            step.give(0, step[0].varianceGradient(gradient, centers: step[1], step.attributes))
        }
    }

    private func deviation(over axes: AxisSet, keepDims: Bool, correction: Double, at site: CallSite?) -> Tensor {
        let input = floatingPoint(at: site)
        let spread = input.spread(over: axes, keepDims: keepDims, correction: correction, takesRoot: true, at: site)
        let result = spread.result.converted(to: input.dtype, at: site)
        guard input.recordsGradient else { return result }
        return .recorded(
            RecordedOperation(.standardDeviation),
            result,
            from: [input],
            saving: [result, spread.centers],
            attributes: spreadAttributes(axes, correction)
        ) { gradient, step in
            let deviation = step.result.widened
            let slope = gradient.widened / (deviation * 2)
            let zero = Tensor.scalar(0.0, beside: slope)
            let perVariance = `where`(deviation .== 0, zero, slope)
            step.give(0, step[0].varianceGradient(perVariance, centers: step[2], step.attributes))
        }
    }

    /// The sum of squared distances from the mean, divided by the number of elements less `correction`, or the root of
    /// that, and the means; of 16-bit elements as float32, about a mean that is not rounded either.
    private func spread(
        over axes: AxisSet,
        keepDims: Bool,
        correction: Double,
        takesRoot: Bool,
        at site: CallSite?
    ) -> (result: Tensor, centers: Tensor) {
        // Once for all that follows.
        if !isFailed, !isContiguous, let rows = inRowOrder(at: site) {
            return rows.spread(over: axes, keepDims: keepDims, correction: correction, takesRoot: takesRoot, at: site)
        }
        let wide = sumDType
        let (kept, dense) = (
            layout.reduced(over: axes, keepDims: keepDims), layout.reduced(over: axes, keepDims: false)
        )
        if isFailed { return (Tensor(standIn: kept, dtype: wide), Tensor(standIn: dense, dtype: wide)) }
        let count = Double(layout.count(along: axes))
        guard count > 0 else {
            return (
                .filled(kept, Float.nan, dtype: wide, at: site), .filled(dense, Float.nan, dtype: wide, at: site)
            )
        }
        let means = reduced(
            .sum,
            over: axes,
            keepDims: false,
            resultDType: wide,
            scale: 1 / count,
            combining: .sum,
            at: site
        )
        if means.isFailed { return (Tensor(standIn: kept, dtype: wide), means) }
        let sums = reduced(
            .squares,
            over: axes,
            keepDims: keepDims,
            resultDType: wide,
            centers: means,
            combining: .sum,
            at: site
        )
        finishSpread(sums, about: means, over: axes, scale: 1 / Swift.max(0, count - correction), takesRoot: takesRoot)
        return (sums, means)
    }

    /// `axes`, and what the derivative of the squares is multiplied by.
    private func spreadAttributes(_ axes: AxisSet, _ correction: Double) -> OperationAttributes {
        var attributes = OperationAttributes()
        attributes.axes = axes
        attributes.number = 2 / Swift.max(0, Double(layout.count(along: axes)) - correction)
        return attributes
    }

    /// The gradient of the variance of this tensor: of the squares alone, since the distances from the mean sum to 0.
    private func varianceGradient(
        _ gradient: Tensor,
        centers: Tensor,
        _ attributes: OperationAttributes
    ) -> Tensor {
        let kept = layout.reduced(over: attributes.axes, keepDims: true)
        // Of equal elements all distances are exactly 0.
        var distances = widened - centers.reshaped(to: kept)
        if GradientMode.isEnabled {
            // Centres are constants there; the mean of the distances is not.
            let axes = (0..<rank).filter { attributes.axes.contains($0) }
            distances = distances - distances.mean(axes: axes, keepDims: true)
        }
        return distances * (gradient.widened.reshaped(to: kept) * attributes.number)
    }
}

extension Layout {
    /// The number of elements along `axes` together.
    func count(along axes: AxisSet) -> Int {
        (0..<rank).reduce(1) { axes.contains($1) ? $0 * sizes[$1] : $0 }
    }
}
