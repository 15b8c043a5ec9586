import WeftRuntime

extension Tensor {
    /// How many elements lie in each of `bins` intervals of one width between `min` and `max`, in this tensor's
    /// floating-point dtype. The last interval has its upper end; what lies outside is not counted. Where `min` and
    /// `max` are equal the elements' own extrema take their place, and where these are equal too, the numbers 1 around
    /// them.
    ///
    /// Refused unless elements are floating point, there is a bin, and the ends are finite and in order.
    public func histogram(
        bins: Int = 100,
        min: Double = 0,
        max: Double = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("histogram", file, line).checked(standIn: Layout(nearest: [bins]), dtype) { call throws(Refusal) in
            var (low, high) = (min, max)
            let elements = detached().flattened()
            if low == high, count > 0 { (low, high) = (elements.min().item(), elements.max().item()) }
            if low == high { (low, high) = (low - 1, high + 1) }
            try call.require(
                dtype.isFloatingPoint && bins > 0 && low.isFinite && high.isFinite && low <= high,
                "\(dtype) elements in \(bins) bins from \(low) to \(high): floating point, a bin at least and finite ends "
                    + "in order are wanted"
            )
            let counts = Tensor(zeros: [bins], dtype: .float64)
            let x = elements.widened
            let isInside = (x .>= low).logicalAnd(x .<= high)
            let start = Tensor.scalar(low, dtype: x.dtype)
            let places = ((x - start) * Double(bins) / (high - low)).to(.int64)
            let bounded = Tensor.minimum(
                `where`(isInside, places, Tensor.scalar(0, dtype: .int64)),
                Tensor.scalar(bins - 1, dtype: .int64)
            )
            return counts.scatterAdd(axis: 0, bounded, isInside.to(.float64)).to(dtype)
        }
    }

    /// How often each number from 0 on occurs among these int64 elements, up to the greatest or `minimumLength` - 1,
    /// int64; with `weights` the sums of those of its elements, in their dtype, or as float64 where that is not
    /// float32.
    ///
    /// Refused unless elements are a vector of int64 without negative ones, and weights have its shape.
    public func binCount(
        weights: Tensor? = nil,
        minimumLength: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let sumDType: DType = weights?.dtype == .float32 ? .float32 : .float64
        let resultDType = weights == nil ? .int64 : sumDType
        return Call("binCount", file, line).checked(standIn: Layout(nearest: [minimumLength]), resultDType) {
            call throws(Refusal) in
            try call.require(
                rank == 1 && dtype == .int64 && minimumLength >= 0 && (weights?.hasSameShape(as: self) ?? true),
                "\(dtype) of shape \(shape) with weights of shape \(weights?.shape ?? shape) and at least "
                    + "\(minimumLength) bins: a vector of int64, as many weights and no negative number are wanted"
            )
            let isEmpty = count == 0 || isFailed
            try call.require(isEmpty || min().item(as: Int.self) >= 0, "there are negative elements")
            let length = isEmpty ? minimumLength : Swift.max(minimumLength, max().item(as: Int.self) + 1)
            let sums = Tensor.filled(try call.layout([length]), 0.0, dtype: sumDType, at: call.site)
            let added = weights?.detached().to(sumDType) ?? Tensor(ones: shape, dtype: sumDType)
            return sums.scatterAdd(axis: 0, self, added).to(resultDType)
        }
    }
}
