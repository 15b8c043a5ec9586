import WeftRuntime

/// Elements by their place in the sorted order along an axis, which disappears from the shape, or stays with size 1 if
/// `keepDims`. With the elements come the indices where they are, int64, to which gradients flow back. NaN counts as
/// greater than all numbers. Refused where there is no element to choose.
extension Tensor {
    /// The `k`th smallest elements along `axis`, counted from 1.
    public func kthValue(
        _ k: Int,
        axis: Int = -1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        chosen(axis, keepDims, Call("kthValue", file, line)) { axis, call throws(Refusal) in
            let length = rank == 0 ? 1 : extent(axis)
            try call.require(k >= 1 && k <= length, "there is no element \(k) of \(length) along axis \(axis)")
            let order = try places(inOrderAlong: axis, descending: false, call)
            return rank == 0 ? order : order.sliced(axis: axis, start: k - 1, count: 1)
        }
    }

    /// The medians along `axis`: of an even number of elements the lower of the two in the middle. NaN where any
    /// element is.
    public func median(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        middle(axis, keepDims, skipsNaN: false, Call("median", file, line))
    }

    /// The medians along `axis` of the elements that are not NaN; NaN where all are.
    public func nanMedian(
        axis: Int,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        middle(axis, keepDims, skipsNaN: true, Call("nanMedian", file, line))
    }

    /// The median of all elements, a scalar; NaN of none. Elements that equal it share its gradient.
    public func median(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        median(skipsNaN: false, Call("median", file, line))
    }

    /// The median of all elements that are not NaN, a scalar; NaN of none. Elements that equal it share its gradient.
    public func nanMedian(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        median(skipsNaN: true, Call("nanMedian", file, line))
    }

    /// The most frequent elements along `axis`, of several the least, and where the last of each is.
    public func mode(
        axis: Int = -1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        chosen(axis, keepDims, Call("mode", file, line)) { axis, call throws(Refusal) in
            let order = try places(inOrderAlong: axis, descending: false, call)
            guard rank > 0 else { return order }
            let sorted = detached().gathered(axis: axis, order)
            let length = extent(axis)
            let counter = Tensor(arange: 0..<length).reshaped(
                (0..<rank).map { $0 == axis ? length : 1 }
            )
            // At the end of a run of equal elements, the distance from its start is largest.
            let starts = `where`(sorted.startsRun(axis: axis), counter, Tensor.scalar(0, dtype: .int64))
            let runs = counter - starts.cumulativeMax(axis: axis).values
            return order.gathered(axis: axis, runs.argmax(axis: axis, keepDims: true))
        }
    }

    /// Whether each element differs from the one before it along `axis`; true of the first.
    func startsRun(axis: Int) -> Tensor {
        let length = extent(axis)
        guard length > 0 else { return converted(to: .bool, at: nil) }
        let first = sliced(axis: axis, start: 0, count: 1)
        let others = sliced(axis: axis, start: 1, count: length - 1)
        let changes = others .!= sliced(axis: axis, start: 0, count: length - 1)
        return concatenated([Tensor(full: first.shape, true), changes], axis: axis)
    }

    private func middle(
        _ axis: Int,
        _ keepDims: Bool,
        skipsNaN: Bool,
        _ call: Call
    ) -> (values: Tensor, indices: Tensor) {
        chosen(axis, keepDims, call) { axis, call throws(Refusal) in
            let order = try places(inOrderAlong: axis, descending: false, call)
            guard rank > 0 else { return order }
            let length = extent(axis)
            guard dtype.isFloatingPoint else { return order.sliced(axis: axis, start: (length - 1) / 2, count: 1) }
            let plain = detached()
            let numbers = (plain .== plain).sum(axis: axis, keepDims: true)
            // Counted exactly: half of an integer below 2 ** 52.
            let half = ((numbers - 1).to(.float64) * 0.5).to(.int64)
            let place = skipsNaN ? half : `where`(numbers .== length, half, numbers)
            return order.gathered(axis: axis, place)
        }
    }

    private func median(skipsNaN: Bool, _ call: Call) -> Tensor {
        guard count > 0 || !dtype.isFloatingPoint else {
            return .filled(Layout(), Float.nan, dtype: dtype, at: call.site)
        }
        let result = detached().flattened().middle(0, false, skipsNaN: skipsNaN, call).values
        return .recorded(
            RecordedOperation(.median),
            result,
            from: self,
            savingInput: true,
            savingResult: true,
            attributes: OperationAttributes(axes: AxisSet(allOf: rank))
        ) { gradient, step in
            step.give(0, gradient.sharedOut(among: step[0].detached(), step[1], step.attributes.axes))
        }
    }

    /// The elements along `axis` at the places, one in each row, that `choose` gives.
    private func chosen(
        _ axis: Int,
        _ keepDims: Bool,
        _ call: Call,
        by choose: (_ axis: Int, _ call: Call) throws(Refusal) -> Tensor
    ) -> (values: Tensor, indices: Tensor) {
        call.checkedPair(standIn: layout.reduced(over: layout.existing(.one(axis)), keepDims: keepDims), dtype) {
            call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(rank == 0 || extent(axis) > 0, "shape \(shape) has no elements to choose from")
            let indices = try choose(axis, call)
            let values = gathered(axis: axis, indices, at: call.site)
            guard !keepDims, rank > 0 else { return (values, indices) }
            return (values.removingAxis(axis), indices.removingAxis(axis))
        }
    }
}
