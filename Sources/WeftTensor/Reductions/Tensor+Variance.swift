import WeftRuntime

extension KernelFamily {
    static let squares = KernelFamily("squares")
}

/// The spread of elements about their mean, measured in two passes: the mean first, then the squared distances from
/// it, so that a mean far from zero costs no digits.
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
        reduced(over: axes, keepDims, dtype, Call("variance", file, line)) { axes, call in
            variance(over: axes, keepDims: keepDims, correction: correction, at: call.site)
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
        reduced(over: axes, keepDims, dtype, Call("standardDeviation", file, line)) { axes, call in
            deviation(over: axes, keepDims: keepDims, correction: correction, at: call.site)
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
        return .recorded(
            RecordedOperation(.variance),
            input.meanSquare(over: axes, keepDims: keepDims, correction: correction, at: site)
                .converted(to: input.dtype, at: site),
            from: input,
            savingInput: true,
            attributes: spreadAttributes(axes, correction)
        ) { gradient, step in
            step.give(0, step[0].varianceGradient(gradient, step.attributes))
        }
    }

    private func deviation(over axes: AxisSet, keepDims: Bool, correction: Double, at site: CallSite?) -> Tensor {
        let input = floatingPoint(at: site)
        return .recorded(
            RecordedOperation(.standardDeviation),
            noGrad {
                input.meanSquare(over: axes, keepDims: keepDims, correction: correction, at: site).sqrt()
                    .converted(to: input.dtype, at: site)
            },
            from: input,
            savingInput: true,
            savingResult: true,
            attributes: spreadAttributes(axes, correction)
        ) { gradient, step in
            let deviation = step.result.widened
            let slope = gradient.widened / (deviation * 2)
            let zero = Tensor.scalar(0.0, beside: slope)
            step.give(0, step[0].varianceGradient(`where`(deviation .== 0, zero, slope), step.attributes))
        }
    }

    /// The sum of squared distances from the mean, divided by the number of elements less `correction`; of 16-bit
    /// elements as float32, about a mean that is not rounded either.
    private func meanSquare(over axes: AxisSet, keepDims: Bool, correction: Double, at site: CallSite?) -> Tensor {
        let wide: DType = dtype.size == 2 ? .float32 : dtype
        if isFailed { return Tensor(standIn: layout.reduced(over: axes, keepDims: keepDims), dtype: wide) }
        let count = Double(layout.count(along: axes))
        guard count > 0 else {
            return .filled(layout.reduced(over: axes, keepDims: keepDims), Float.nan, dtype: wide, at: site)
        }
        let mean = reduced(
            .sum,
            over: axes,
            keepDims: false,
            resultDType: wide,
            scale: 1 / count,
            combining: .sum,
            at: site
        )
        if mean.isFailed { return Tensor(standIn: layout.reduced(over: axes, keepDims: keepDims), dtype: wide) }
        return reduced(
            .squares,
            over: axes,
            keepDims: keepDims,
            resultDType: wide,
            scale: 1 / Swift.max(0, count - correction),
            centers: mean,
            combining: .sum,
            at: site
        )
    }

    /// `axes`, and what the derivative of the squares is multiplied by.
    private func spreadAttributes(_ axes: AxisSet, _ correction: Double) -> OperationAttributes {
        var attributes = OperationAttributes()
        attributes.axes = axes
        attributes.number = 2 / Swift.max(0, Double(layout.count(along: axes)) - correction)
        return attributes
    }

    /// The gradient of the variance of this tensor: of the squares alone, since the distances from the mean sum to 0.
    private func varianceGradient(_ gradient: Tensor, _ attributes: OperationAttributes) -> Tensor {
        let kept = layout.reduced(over: attributes.axes, keepDims: true)
        let axes = (0..<rank).filter { attributes.axes.contains($0) }
        let x = widened
        return (x - x.mean(axes: axes, keepDims: true)) * (gradient.widened.reshaped(to: kept) * attributes.number)
    }
}

extension Layout {
    /// The number of elements along `axes` together.
    func count(along axes: AxisSet) -> Int {
        (0..<rank).reduce(1) { axes.contains($1) ? $0 * sizes[$1] : $0 }
    }
}
