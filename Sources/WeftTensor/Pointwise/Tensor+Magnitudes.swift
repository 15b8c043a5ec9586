import WeftRuntime

extension KernelFamily {
    fileprivate static let copySign = KernelFamily("copysign")
    fileprivate static let hypot = KernelFamily("hypot")
}

/// Functions of two tensors, which are promoted to one dtype and broadcast. Integers and truth values are computed as
/// float32.
extension Tensor {
    /// The magnitudes of these values with the signs of `signs`, where zeros and NaN have signs too. The gradient at 0 is 0.
    public func copySign(_ signs: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.copySign, signs, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step[0].sign() * Tensor.scalar(1.0, beside: step[1]).copySign(step[1]))
        }
    }

    /// √(x² + y²), where no square leaves the range; infinite where either is, NaN included.
    public func hypot(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.hypot, other, at: CallSite(file, line)) { gradient, step in
            let length = step[0].hypot(step[1])
            step.give(0, gradient * (step[0] / length))
            step.give(1, gradient * (step[1] / length))
        }
    }

    /// 0 where the value is negative or NaN, 1 where it is positive, and at 0 what `values` has. No gradient flows.
    ///
    /// Refused unless both have one dtype.
    public func heaviside(_ values: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let nearest = Layout.nearestBroadcast(layout, values.layout)
        return Call("heaviside", file, line).checked(standIn: nearest, dtype) { call throws(Refusal) in
            try call.require(
                dtype == values.dtype,
                "the dtypes are \(dtype) and \(values.dtype); they must be the same"
            )
            let x = detached()
            let steps = (x .> 0).converted(to: dtype, at: call.site)
            return `where`(x .== 0, values.detached(), steps, file: file, line: line)
        }
    }

    /// This value plus `weight` times the way to `end`: at 0 this, at 1 `end`. All three broadcast.
    public func lerp(_ end: Tensor, weight: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let way = end - self
        // From the nearer end, so that both ends are reached exactly.
        return `where`(weight.detached() .< 0.5, self + weight * way, end - way * (1 - weight), file: file, line: line)
    }

    /// As above, with one weight for all.
    public func lerp(_ end: Tensor, weight: Double, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let way = end - self
        return weight < 0.5 ? self + way * weight : end - way * (1 - weight)
    }
}
