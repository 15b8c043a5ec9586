import WeftRuntime

extension KernelFamily {
    static let sum = KernelFamily("sum")
    fileprivate static let max = KernelFamily("max")
    fileprivate static let min = KernelFamily("min")
    fileprivate static let argmax = KernelFamily("argmax")
    fileprivate static let argmin = KernelFamily("argmin")
}

extension Tensor {
    /// The sum of all elements, a scalar. Integers and truth values are summed as int64.
    public func sum(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        summed(over: AxisSet(allOf: rank), keepDims: false, at: CallSite(file, line))
    }

    /// The sums along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`.
    public func sum(
        axes: [Int],
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        guard let axes = axisSet(axes, operation: "sum", at: site) else { return .failed(like: self) }
        return summed(over: axes, keepDims: keepDims, at: site)
    }

    /// The sums along `axis`, which disappears from the shape, or stays with size 1 if `keepDims`.
    public func sum(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        sum(axes: [axis], keepDims: keepDims, file: file, line: line)
    }

    /// The mean of all elements, a scalar; NaN if there are none.
    public func mean(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        averaged(over: AxisSet(allOf: rank), keepDims: false, at: CallSite(file, line))
    }

    /// The means along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`.
    public func mean(
        axes: [Int],
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        guard let axes = axisSet(axes, operation: "mean", at: site) else { return .failed(like: self) }
        return averaged(over: axes, keepDims: keepDims, at: site)
    }

    /// The means along `axis`, which disappears from the shape, or stays with size 1 if `keepDims`.
    public func mean(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        mean(axes: [axis], keepDims: keepDims, file: file, line: line)
    }

    /// The largest element, a scalar; NaN if any is. Elements that share the maximum share its gradient.
    /// Refused for a tensor without elements.
    public func max(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        extremum(.max, over: AxisSet(allOf: rank), keepDims: false, at: CallSite(file, line))
    }

    /// The smallest element, a scalar; NaN if any is. Elements that share the minimum share its gradient.
    /// Refused for a tensor without elements.
    public func min(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        extremum(.min, over: AxisSet(allOf: rank), keepDims: false, at: CallSite(file, line))
    }

    /// The largest elements along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`; NaN
    /// where any is. Elements that share a maximum share its gradient.
    public func max(
        axes: [Int],
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        guard let axes = axisSet(axes, operation: "max", at: site) else { return .failed(like: self) }
        return extremum(.max, over: axes, keepDims: keepDims, at: site)
    }

    /// The smallest elements along `axes`, which disappear from the shape, or stay with size 1 if `keepDims`; NaN
    /// where any is. Elements that share a minimum share its gradient.
    public func min(
        axes: [Int],
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        guard let axes = axisSet(axes, operation: "min", at: site) else { return .failed(like: self) }
        return extremum(.min, over: axes, keepDims: keepDims, at: site)
    }

    /// The largest elements along `axis` and where they are: the first of equals, NaN before all.
    public func max(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        extremes(.argmax, axis: axis, keepDims: keepDims, operation: "max", at: CallSite(file, line))
    }

    /// The smallest elements along `axis` and where they are: the first of equals, NaN before all.
    public func min(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        extremes(.argmin, axis: axis, keepDims: keepDims, operation: "min", at: CallSite(file, line))
    }

    /// The row-major index of the largest element, int64; the first of equals, NaN before all.
    public func argmax(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        detached().flattened().indexOfExtremum(.argmax, axis: 0, keepDims: false, at: CallSite(file, line))
    }

    /// The indices of the largest elements along `axis`, int64; the first of equals, NaN before all.
    public func argmax(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        indexOfExtremum(.argmax, axis: axis, keepDims: keepDims, at: CallSite(file, line))
    }

    /// The row-major index of the smallest element, int64; the first of equals, NaN before all.
    public func argmin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        detached().flattened().indexOfExtremum(.argmin, axis: 0, keepDims: false, at: CallSite(file, line))
    }

    /// The indices of the smallest elements along `axis`, int64; the first of equals, NaN before all.
    public func argmin(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        indexOfExtremum(.argmin, axis: axis, keepDims: keepDims, at: CallSite(file, line))
    }

    // MARK: - Sums

    private func summed(over axes: AxisSet, keepDims: Bool, into target: Layout? = nil, at site: CallSite?) -> Tensor {
        let input = dtype == .bool ? converted(to: .int64, at: site) : self
        var attributes = OperationAttributes()
        attributes.axes = axes
        return .recorded(
            "sum",
            input.reduced(.sum, over: axes, keepDims: keepDims, combining: .sum, into: target, at: site),
            from: self,
            attributes: attributes
        ) { gradient, step in
            step.give(0, gradient.spread(over: step.attributes, like: step[0].layout))
        }
    }

    private func averaged(over axes: AxisSet, keepDims: Bool, at site: CallSite?) -> Tensor {
        let input = floatingPoint(at: site)
        let averagedCount = (0..<rank).reduce(1) { axes.contains($1) ? $0 * size($1) : $0 }
        var attributes = OperationAttributes()
        attributes.axes = axes
        attributes.number = 1 / Double(averagedCount)
        let result =
            averagedCount == 0
            ? Tensor.filled(layout.reduced(over: axes, keepDims: keepDims), Float.nan, dtype: input.dtype, at: site)
            : input.reduced(
                .sum,
                over: axes,
                keepDims: keepDims,
                scale: attributes.number,
                combining: .sum,
                at: site
            )
        return .recorded("mean", result, from: input, attributes: attributes) {
            gradient,
            step in
            step.give(0, (gradient * step.attributes.number).spread(over: step.attributes, like: step[0].layout))
        }
    }

    /// The gradient of a sum: every element that went into it gets the sum's own.
    private func spread(over attributes: OperationAttributes, like input: Layout) -> Tensor {
        if isFailed { return self }
        return reshaped(to: input.reduced(over: attributes.axes, keepDims: true)).expanded(to: input)
    }

    /// Summed over the dimensions along which a tensor with the sizes of `target` was broadcast to this one.
    func summed(to target: Layout) -> Tensor {
        if isFailed { return Tensor(standIn: target, dtype: dtype) }
        var axes = AxisSet()
        for axis in 0..<rank {
            let own = axis - rank + target.rank
            if own < 0 || (target.sizes[own] == 1 && size(axis) != 1) { axes.insert(axis) }
        }
        return summed(over: axes, keepDims: true, into: target.rowMajor, at: nil)
    }

    // MARK: - Extremes

    private func extremum(_ family: KernelFamily, over axes: AxisSet, keepDims: Bool, at site: CallSite) -> Tensor {
        guard refusesEmpty(family.name, over: axes, at: site) else { return .failed(like: self) }
        let input = dtype == .bool ? converted(to: .int64, at: site) : self
        let result = input.reduced(family, over: axes, keepDims: keepDims, combining: family, at: site)
            .converted(to: dtype, at: site)
        var attributes = OperationAttributes()
        attributes.axes = axes
        return .recorded(
            family.name,
            result,
            from: [self],
            saving: [result],
            attributes: attributes
        ) { gradient, step in
            let axes = step.attributes.axes
            let kept = step[0].layout.reduced(over: axes, keepDims: true)
            let (x, extremum) = (step[0].detached(), step[1].reshaped(to: kept))
            // NaN is the extremum wherever there is one, and equals nothing.
            let hits = (x .== extremum).logicalOr((x .!= x).logicalAnd(extremum .!= extremum))
            // 16 bits would not count far.
            let gradient = gradient.widened
            let shares = hits.converted(to: gradient.dtype, at: nil)
            let sharers = shares.summed(over: axes, keepDims: true, at: nil)
            step.give(0, gradient.reshaped(to: kept) * (shares / sharers))
        }
    }

    private func extremes(
        _ family: KernelFamily,
        axis: Int,
        keepDims: Bool,
        operation: StaticString,
        at site: CallSite
    ) -> (values: Tensor, indices: Tensor) {
        let indices = detached().indexOfExtremum(family, axis: axis, keepDims: true, at: site)
        guard !indices.isFailed, let axis = layout.checkedAxis(axis, operation: operation, at: site) else {
            return (.failed(like: self), .failed(like: indices))
        }
        let values = gathered(axis: axis, indices)
        guard !keepDims, rank > 0 else { return (values, indices) }
        return (values.removingAxis(axis), indices.removingAxis(axis))
    }

    private func indexOfExtremum(_ family: KernelFamily, axis: Int, keepDims: Bool, at site: CallSite) -> Tensor {
        let operation = family.name
        guard let axis = layout.checkedAxis(axis, operation: operation, at: site) else { return .failed(like: self) }
        var axes = AxisSet()
        if rank > 0 { axes.insert(axis) }
        guard refusesEmpty(operation, over: axes, at: site) else { return .failed(like: self) }
        let input = dtype == .bool ? converted(to: .int64, at: site) : self
        return input.reduced(family, over: axes, keepDims: keepDims, resultDType: .int64, combining: nil, at: site)
    }

    /// Whether every reduced range has an element; refuses if not.
    private func refusesEmpty(_ operation: StaticString, over axes: AxisSet, at site: CallSite?) -> Bool {
        if isFailed { return false }
        guard (0..<rank).contains(where: { axes.contains($0) && layout.sizes[$0] == 0 }) else { return true }
        refuse(operation, "shape \(shape) has no elements to choose from", at: site)
        return false
    }

    func axisSet(_ axes: [Int], operation: StaticString, at site: CallSite) -> AxisSet? {
        var set = AxisSet()
        for axis in axes {
            guard let positive = layout.checkedAxis(axis, operation: operation, at: site) else { return nil }
            guard !set.contains(positive) else {
                refuse(operation, "axis \(axis) is named twice in \(axes)", at: site)
                return nil
            }
            if rank > 0 { set.insert(positive) }
        }
        return set
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
