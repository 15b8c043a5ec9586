import WeftRuntime

extension Tensor {
    /// The logarithm of the sum of exp(x) along `axes`, all of them if none are named, computed relative to the largest
    /// element, so that it does not overflow; -infinity of no elements. Integers are computed as float32.
    public func logSumExp(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("logSumExp", file, line)
        let input = floatingPoint(at: call.site)
        return input.reduced(over: Axes(axes), keepDims, input.dtype, call) { axes throws(Refusal) in
            let target = input.layout.reduced(over: axes, keepDims: keepDims)
            let wide = input.widened
            let plain = wide.detached()
            let named = (0..<rank).filter { axes.contains($0) }
            let isEmpty = input.layout.count(along: axes) == 0
            let largest =
                isEmpty
                ? Tensor.scalar(0.0, dtype: wide.dtype) : plain.max(axes: named, keepDims: true).finiteOrZero
            let result = (plain - largest).exp().summed(over: axes, keepDims: true, at: call.site).log() + largest
            let recorded = Tensor.recorded(
                RecordedOperation(.logSumExp),
                result,
                from: wide,
                savingInput: true,
                savingResult: true
            ) { gradient, step in
                // Where all are -infinity, none has a share.
                let sum = `where`(step.result .== -Double.infinity, Tensor.scalar(0.0, beside: gradient), step.result)
                step.give(0, gradient * (step[0] - sum).exp())
            }
            return recorded.reshaped(to: target).to(input.dtype)
        }
    }

    /// At each place along `axis` the logarithm of the sum of exp(x) of the elements up to there, itself included,
    /// relative to the largest of them; of the same shape. Integers are computed as float32.
    ///
    /// In steps that double how many elements each place has taken in (Hillis and Steele, "Data Parallel Algorithms",
    /// 1986).
    public func logCumulativeSumExp(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("logCumulativeSumExp", file, line)
        let input = floatingPoint(at: call.site)
        return call.checked(standIn: layout.rowMajor, input.dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            guard rank > 0, count > 0 else { return input }
            let length = extent(axis)
            var sums = input.widened
            var reach = 1
            while reach < length {
                let head = sums.sliced(axis: axis, start: 0, count: reach)
                let earlier = sums.sliced(axis: axis, start: 0, count: length - reach)
                let later = sums.sliced(axis: axis, start: reach, count: length - reach)
                sums = concatenated([head, later.addingExponentials(of: earlier)], axis: axis)
                reach *= 2
            }
            return sums.to(input.dtype)
        }
    }

    /// log(exp(x) + exp(y)).
    private func addingExponentials(of other: Tensor) -> Tensor {
        let largest = Tensor.maximum(detached(), other.detached()).finiteOrZero
        return ((self - largest).exp() + (other - largest).exp()).log() + largest
    }

    /// These numbers with 0 in the place of NaN and infinities.
    private var finiteOrZero: Tensor {
        `where`((self - self) .== 0, self, Tensor.scalar(0.0, dtype: dtype))
    }
}
