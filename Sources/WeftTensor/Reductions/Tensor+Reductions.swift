import WeftRuntime

extension KernelFamily {
    static let sum = KernelFamily("sum")
    fileprivate static let max = KernelFamily("max")
    fileprivate static let min = KernelFamily("min")
    fileprivate static let argmax = KernelFamily("argmax")
    fileprivate static let argmin = KernelFamily("argmin")
}

/// Reductions go along `axes`, all of them if none are named, or along one `axis`. These disappear from the shape, or
/// stay with size 1 if `keepDims`. Refused for axes that there are not, or that are named twice.
extension Tensor {
    /// The sums along `axes`. Integers and truth values are summed as int64.
    public func sum(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        sum(over: Axes(axes), keepDims, Call("sum", file, line))
    }

    /// The sums along `axis`. Integers and truth values are summed as int64.
    public func sum(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        sum(over: .one(axis), keepDims, Call("sum", file, line))
    }

    /// The means along `axes`; NaN of no elements.
    public func mean(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        mean(over: Axes(axes), keepDims, Call("mean", file, line))
    }

    /// The means along `axis`; NaN of no elements.
    public func mean(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        mean(over: .one(axis), keepDims, Call("mean", file, line))
    }

    /// The largest elements along `axes`; NaN where any is. Elements that share a maximum share its gradient. Refused
    /// where there is no element to choose.
    public func max(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        extremum(.max, over: Axes(axes), keepDims, Call("max", file, line))
    }

    /// The smallest elements along `axes`; NaN where any is. Elements that share a minimum share its gradient. Refused
    /// where there is no element to choose.
    public func min(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        extremum(.min, over: Axes(axes), keepDims, Call("min", file, line))
    }

    /// The largest elements along `axis` and where they are: the first of equals, NaN before all.
    public func max(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        extremes(.argmax, axis: axis, keepDims: keepDims, Call("max", file, line))
    }

    /// The smallest elements along `axis` and where they are: the first of equals, NaN before all.
    public func min(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        extremes(.argmin, axis: axis, keepDims: keepDims, Call("min", file, line))
    }

    /// The row-major index of the largest element, int64; the first of equals, NaN before all.
    public func argmax(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        detached().flattened().argmax(axis: 0, file: file, line: line)
    }

    /// The indices of the largest elements along `axis`, int64; the first of equals, NaN before all.
    public func argmax(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        indexOfExtremum(.argmax, axis: axis, keepDims: keepDims, Call("argmax", file, line))
    }

    /// The row-major index of the smallest element, int64; the first of equals, NaN before all.
    public func argmin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        detached().flattened().argmin(axis: 0, file: file, line: line)
    }

    /// The indices of the smallest elements along `axis`, int64; the first of equals, NaN before all.
    public func argmin(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        indexOfExtremum(.argmin, axis: axis, keepDims: keepDims, Call("argmin", file, line))
    }

    /// What `reduce` makes of the axes that the user named, once they are checked; for a call that was refused a tensor
    /// of `dtype` that stands for the result.
    @inline(__always)
    func reduced(
        over axes: Axes,
        _ keepDims: Bool,
        _ dtype: DType,
        _ call: Call,
        by reduce: (AxisSet) throws(Refusal) -> Tensor
    ) -> Tensor {
        call.checked(standIn: layout.reduced(over: layout.existing(axes), keepDims: keepDims), dtype) {
            call throws(Refusal) in
            try reduce(try call.axes(axes, of: self))
        }
    }

    // MARK: - Sums

    private func sum(over axes: Axes, _ keepDims: Bool, _ call: Call) -> Tensor {
        reduced(over: axes, keepDims, dtype.isNarrow ? .int64 : dtype, call) {
            summed(over: $0, keepDims: keepDims, at: call.site)
        }
    }

    private func mean(over axes: Axes, _ keepDims: Bool, _ call: Call) -> Tensor {
        let input = floatingPoint(at: call.site)
        return input.reduced(over: axes, keepDims, input.dtype, call) {
            input.averaged(over: $0, keepDims: keepDims, at: call.site)
        }
    }

    func summed(over axes: AxisSet, keepDims: Bool, into target: Layout? = nil, at site: CallSite?) -> Tensor {
        let input = dtype.isNarrow ? converted(to: .int64, at: site) : self
        return .recorded(
            RecordedOperation(.sum, input.dtype),
            input.reduced(.sum, over: axes, keepDims: keepDims, combining: .sum, into: target, at: site),
            from: self,
            attributes: OperationAttributes(axes: axes)
        ) { gradient, step in
            step.give(0, gradient.spread(over: step.attributes.axes, like: step[0].layout))
        }
    }

    private func averaged(over axes: AxisSet, keepDims: Bool, at site: CallSite?) -> Tensor {
        let averagedCount = layout.count(along: axes)
        let scale = 1 / Double(averagedCount)
        let result =
            averagedCount == 0
            ? Tensor.filled(layout.reduced(over: axes, keepDims: keepDims), Float.nan, dtype: dtype, at: site)
            : reduced(.sum, over: axes, keepDims: keepDims, scale: scale, combining: .sum, at: site)
        return .recorded(
            RecordedOperation(.sum, dtype, named: .mean),
            result,
            from: self,
            attributes: OperationAttributes(axes: axes, number: scale)
        ) { gradient, step in
            let share = gradient * step.attributes.number
            step.give(0, share.spread(over: step.attributes.axes, like: step[0].layout))
        }
    }

    /// The gradient of a sum: every element that went into it gets the sum's own.
    private func spread(over axes: AxisSet, like input: Layout) -> Tensor {
        reshaped(to: input.reduced(over: axes, keepDims: true)).expanded(to: input)
    }

    /// Summed over the dimensions along which a tensor with the sizes of `target` was broadcast to this one.
    func summed(to target: Layout) -> Tensor {
        if isFailed { return Tensor(standIn: target, dtype: dtype) }
        var axes = AxisSet()
        for axis in 0..<rank {
            let own = axis - rank + target.rank
            if own < 0 || (target.sizes[own] == 1 && extent(axis) != 1) { axes.insert(axis) }
        }
        return summed(over: axes, keepDims: true, into: target.rowMajor, at: nil)
    }

    // MARK: - Extremes

    private func extremum(_ family: KernelFamily, over axes: Axes, _ keepDims: Bool, _ call: Call) -> Tensor {
        reduced(over: axes, keepDims, dtype, call) { axes throws(Refusal) in
            try requireElements(along: axes, call)
            let input = dtype.isNarrow ? converted(to: .int64, at: call.site) : self
            let result = input.reduced(family, over: axes, keepDims: keepDims, combining: family, at: call.site)
                .converted(to: dtype, at: call.site)
            return .recorded(
                RecordedOperation(family, input.dtype),
                result,
                from: self,
                savingInput: true,
                savingResult: true,
                attributes: OperationAttributes(axes: axes)
            ) { gradient, step in
                step.give(0, gradient.sharedOut(among: step[0].detached(), step[1], step.attributes.axes))
            }
        }
    }

    /// The gradient of an extremum: those elements of `x` that equal it share its own.
    func sharedOut(among x: Tensor, _ extremum: Tensor, _ axes: AxisSet) -> Tensor {
        let kept = x.layout.reduced(over: axes, keepDims: true)
        let extremum = extremum.reshaped(to: kept)
        // NaN is the extremum wherever there is one, and equals nothing.
        let hits = (x .== extremum).logicalOr((x .!= x).logicalAnd(extremum .!= extremum))
        // 16 bits would not count far.
        let gradient = widened
        let shares = hits.converted(to: gradient.dtype, at: nil)
        let sharers = shares.summed(over: axes, keepDims: true, at: nil)
        return gradient.reshaped(to: kept) * (shares / sharers)
    }

    private func extremes(
        _ family: KernelFamily,
        axis: Int,
        keepDims: Bool,
        _ call: Call
    ) -> (values: Tensor, indices: Tensor) {
        let indices = detached().indexOfExtremum(family, axis: axis, keepDims: true, call)
        // Of a call that was refused, an axis that there is.
        let dimensions = Swift.max(rank, 1)
        let axis = (axis % dimensions + dimensions) % dimensions
        let values = indices.isFailed ? Tensor(standIn: indices.layout, dtype: dtype) : gathered(axis: axis, indices)
        guard !keepDims, rank > 0 else { return (values, indices) }
        return (values.removingAxis(axis), indices.removingAxis(axis))
    }

    private func indexOfExtremum(_ family: KernelFamily, axis: Int, keepDims: Bool, _ call: Call) -> Tensor {
        reduced(over: .one(axis), keepDims, .int64, call) { axes throws(Refusal) in
            try requireElements(along: axes, call)
            let input = dtype.isNarrow ? converted(to: .int64, at: call.site) : self
            let dtype = DType.int64
            return
                input
                .reduced(family, over: axes, keepDims: keepDims, resultDType: dtype, combining: nil, at: call.site)
        }
    }

    /// Refuses `call` unless every reduced range has an element.
    func requireElements(along axes: AxisSet, _ call: Call) throws(Refusal) {
        try call.require(
            !(0..<rank).contains { axes.contains($0) && layout.sizes[$0] == 0 },
            "shape \(shape) has no elements to choose from"
        )
    }
}

extension Layout {
    /// The row-major layout without the sizes of `axes`, or with 1 in their place.
    func reduced(over axes: AxisSet, keepDims: Bool) -> Layout {
        var result = Layout()
        for axis in 0..<rank {
            if !axes.contains(axis) {
                result.append(size: sizes[axis], stride: 0)
            } else if keepDims {
                result.append(size: 1, stride: 0)
            }
        }
        return result.rowMajor
    }
}
