import WeftRuntime

extension Tensor {
    /// The differences between neighbours along `axis`, taken `order` times; truth values differ or not.
    ///
    /// - Parameters:
    ///   - prepended, appended: what is joined to this tensor's ends first.
    ///
    /// Refused for a scalar, and for a negative order.
    public func differences(
        order: Int = 1,
        axis: Int = -1,
        prepending prepended: Tensor? = nil,
        appending appended: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("differences", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(rank > 0, "a scalar has no neighbours")
            try call.require(order >= 0, "the order \(order) is negative")
            let axis = try call.axis(axis, of: self)
            if order == 0 { return self }
            var result = self
            if prepended != nil || appended != nil {
                let parts = [prepended, self, appended].compactMap { $0 }
                result = concatenated(parts, axis: axis, file: file, line: line)
            }
            // No more often than there are elements: nothing is left then.
            for _ in 0..<Swift.min(order, result.extent(axis)) {
                let length = Swift.max(result.extent(axis) - 1, 0)
                let start = Swift.min(1, result.extent(axis))
                let later = result.sliced(axis: axis, start: start, count: length)
                let earlier = result.sliced(axis: axis, start: 0, count: length)
                result = result.dtype == .bool ? later .!= earlier : later - earlier
            }
            return result
        }
    }

    /// The areas under the line through these values along `axis`, from its start up to each value but the first:
    /// running sums of (y[i] + y[i + 1]) / 2 times their distance. Integers are computed as float32.
    ///
    /// - Parameter spacing: how far neighbours are apart.
    public func cumulativeTrapezoid(
        spacing: Double = 1,
        axis: Int = -1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("cumulativeTrapezoid", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(rank > 0, "a scalar has no neighbours")
            let axis = try call.axis(axis, of: self)
            return (floatingPoint(at: call.site).neighbourSums(axis) * (spacing / 2)).cumulativeSum(axis: axis)
        }
    }

    /// The areas under the line through these values along `axis`, which are at the places `x`: a vector with one for
    /// each, or a tensor that broadcasts.
    public func cumulativeTrapezoid(
        at x: Tensor,
        axis: Int = -1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("cumulativeTrapezoid", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(rank > 0 && x.rank > 0, "a scalar has no neighbours")
            let axis = try call.axis(axis, of: self)
            var places = x
            if x.rank == 1 {
                try call.require(
                    x.count == extent(axis),
                    "\(x.count) places do not fit axis \(axis) of shape \(shape)"
                )
                places = x.reshaped((0..<rank).map { $0 == axis ? x.count : 1 })
            }
            let step = places.differences(axis: axis - rank, file: file, line: line).floatingPoint(at: call.site)
            let areas = floatingPoint(at: call.site).neighbourSums(axis) * step / 2
            return areas.cumulativeSum(axis: axis - rank)
        }
    }

    /// The sums of neighbours along `axis`.
    private func neighbourSums(_ axis: Int) -> Tensor {
        let length = Swift.max(extent(axis) - 1, 0)
        let start = Swift.min(1, extent(axis))
        return sliced(axis: axis, start: 0, count: length) + sliced(axis: axis, start: start, count: length)
    }
}
