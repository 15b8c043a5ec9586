import WeftRuntime

extension KernelFamily {
    fileprivate static let piecewise = KernelFamily("piecewise")
    fileprivate static let piecewiseBackward = KernelFamily("piecewise_backward")
}

extension ActivationCurve {
    /// A straight line: `slope` · x + `offset`.
    fileprivate typealias Line = (slope: Double, offset: Double)

    /// Three straight lines, of which the first ends at `low` and the last begins at `high`; both belong to the outer
    /// lines.
    ///
    /// - Parameter atNaN: the slope there, by which the gradient is multiplied.
    fileprivate static func lines(
        _ name: RecordedOperation.Name,
        upTo low: Double,
        _ first: Line,
        _ middle: Line,
        from high: Double,
        _ last: Line,
        atNaN: Double
    ) -> ActivationCurve {
        ActivationCurve(
            kernel: .piecewise,
            backward: .piecewiseBackward,
            name: name,
            numbers: [
                low, high, first.slope, middle.slope, last.slope, atNaN, first.offset, middle.offset, last.offset,
            ]
        )
    }

    /// Lines that are constant outside of the bounds, which belong to the outside.
    fileprivate static func clipped(_ name: RecordedOperation.Name, _ low: Double, _ high: Double) -> ActivationCurve {
        .lines(name, upTo: low, (0, low), (1, 0), from: high, (0, high), atNaN: 1)
    }

    /// 0 from -`lambda` to `lambda`, both included, and outside of that x, moved by `shift` towards 0.
    fileprivate static func shrunk(
        _ name: RecordedOperation.Name,
        _ lambda: Double,
        by shift: Double,
        _ dtype: DType
    ) -> ActivationCurve {
        // The first number beyond the bound, of those that are computed with.
        let beyond = dtype == .float64 ? lambda.nextUp : Double(Float(lambda).nextUp)
        return .lines(name, upTo: -beyond, (1, shift), (0, 0), from: beyond, (1, -shift), atNaN: 1)
    }
}

/// Activation functions of straight lines, which one kernel computes. Integers and truth values are computed as float32 but
/// where it says that integers stay what they are; a shape is kept, and NaN stays NaN.
extension Tensor {
    /// x where it is positive, else `negativeSlope` · x; at 0 the gradient has that slope.
    public func leakyRelu(
        negativeSlope: Double = 0.01,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let first = (slope: negativeSlope, offset: 0.0)
        let curve = ActivationCurve.lines(
            .leakyRelu,
            upTo: 0,
            first,
            first,
            from: 0,
            (1, 0),
            atNaN: negativeSlope
        )
        return applying(curve, Call("leaky_relu", file, line))
    }

    /// x, but no less than `min` and no more than `max`; the gradient is 0 at both and outside. Integers stay integers, and
    /// the bounds are rounded towards 0.
    ///
    /// Refused if `min` is greater than `max`.
    public func hardtanh(
        min: Double = -1,
        max: Double = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let result: DType = dtype == .int64 ? .int64 : floatingPointDType
        return Call("hardtanh", file, line).checked(standIn: layout.rowMajor, result) { call throws(Refusal) in
            try call.require(min <= max, "the least value, \(min), is greater than the greatest, \(max)")
            if dtype == .int64 { return clamp(min: min.intValue, max: max.intValue, file: file, line: line) }
            return applying(.clipped(.hardtanh, min, max), call)
        }
    }

    /// min(max(x, 0), 6); the gradient is 0 at both and outside. Integers stay integers.
    public func relu6(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        if dtype == .int64 { return clamp(min: 0, max: 6, file: file, line: line) }
        return applying(.clipped(.relu6, 0, 6), Call("relu6", file, line))
    }

    /// min(max(x + 3, 0), 6) / 6; the gradient is 0 at both bounds and outside.
    public func hardsigmoid(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let middle = (slope: 1.0 / 6, offset: 0.5)
        let curve = ActivationCurve.lines(.hardsigmoid, upTo: -3, (0, 0), middle, from: 3, (0, 1), atNaN: 0)
        return applying(curve, Call("hardsigmoid", file, line))
    }

    /// x where its magnitude exceeds `lambda`, else 0; x itself if `lambda` is negative.
    public func hardshrink(lambda: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        if lambda < 0 { return floatingPoint(at: CallSite(file, line)) }
        return shrunk(.hardshrink, lambda, by: 0, Call("hardshrink", file, line))
    }

    /// x moved by `lambda` towards 0 where its magnitude exceeds that, else 0.
    ///
    /// Refused if `lambda` is negative.
    public func softshrink(lambda: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        shrunk(.softshrink, lambda, by: lambda, Call("softshrink", file, line))
    }

    private func shrunk(
        _ name: RecordedOperation.Name,
        _ lambda: Double,
        by shift: Double,
        _ call: Call
    ) -> Tensor {
        call.checked(standIn: layout.rowMajor, floatingPointDType) { call throws(Refusal) in
            try call.require(lambda >= 0, "lambda is \(lambda); it cannot be negative")
            return applying(.shrunk(name, lambda, by: shift, floatingPointDType), call)
        }
    }

    /// x where it exceeds `threshold`, else `value`; at the threshold the gradient is 0. Integers stay integers, and both
    /// numbers are rounded towards 0.
    public func threshold(
        _ threshold: Double,
        _ value: Double,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        if dtype == .int64 { return `where`(self .<= threshold.intValue, value.intValue, self, file: file, line: line) }
        let curve = ActivationCurve.lines(
            .threshold,
            upTo: threshold,
            (0, value),
            (1, 0),
            from: .infinity,
            (1, 0),
            atNaN: 1
        )
        return applying(curve, Call("threshold", file, line))
    }
}
