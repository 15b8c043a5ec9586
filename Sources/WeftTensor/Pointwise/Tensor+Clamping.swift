import WeftRuntime

/// Values that are kept between bounds. NaN stays NaN, and a bound that is NaN gives NaN; a value at a bound keeps its
/// gradient, and beyond one the bound has it.
extension Tensor {
    /// The value, but no less than `min` and no more than `max`, which wins where it is less than `min`. All are promoted to
    /// one dtype and broadcast.
    ///
    /// Refused without a bound.
    public func clamp(
        min: Tensor? = nil,
        max: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("clamp", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(min != nil || max != nil, "a bound is wanted, or both")
            let lower = min.map { bounded(below: true, by: $0, call) } ?? self
            return max.map { lower.bounded(below: false, by: $0, call) } ?? lower
        }
    }

    /// The value, but no less than the number `min` and no more than `max`, which take its dtype unless they need a wider
    /// kind.
    public func clamp<A: TensorScalar, B: TensorScalar>(
        min: A,
        max: B,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        clamp(min: Tensor.scalar(min, beside: self), max: Tensor.scalar(max, beside: self), file: file, line: line)
    }

    /// The value, but no less than the number `min`.
    public func clamp<S: TensorScalar>(min: S, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        clamp(min: Tensor.scalar(min, beside: self), file: file, line: line)
    }

    /// The value, but no more than the number `max`.
    public func clamp<S: TensorScalar>(max: S, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        clamp(max: Tensor.scalar(max, beside: self), file: file, line: line)
    }

    private func bounded(below: Bool, by bound: Tensor, _ call: Call) -> Tensor {
        let family: KernelFamily = below ? .maximum : .minimum
        let result = Tensor.binary(family, self, bound, at: call.site)
        return .recorded(
            RecordedOperation(.clamp),
            result,
            from: self,
            bound,
            savingInputs: true,
            attributes: OperationAttributes(start: below ? 1 : 0)
        ) { gradient, step in
            let (x, bound) = (step[0], step[1])
            let below = step.attributes.start == 1
            step.give(0, `where`(below ? x .>= bound : x .<= bound, gradient, 0.0))
            step.give(1, `where`(below ? x .< bound : x .> bound, gradient, 0.0))
        }
    }
}

/// The greater or the lesser of two numbers where NaN counts as missing.
extension Tensor {
    /// The elementwise greater of the two, and where one is NaN the other. `a` has the gradient where they are equal.
    public static func fmax(
        _ a: Tensor,
        _ b: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        return `where`((x .>= y) .| y.isNaN(), a, b, file: file, line: line)
    }

    /// The elementwise lesser of the two, and where one is NaN the other. `a` has the gradient where they are equal.
    public static func fmin(
        _ a: Tensor,
        _ b: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let (x, y) = (a.detached(), b.detached())
        return `where`((x .<= y) .| y.isNaN(), a, b, file: file, line: line)
    }
}
