import WeftRuntime

extension KernelFamily {
    fileprivate static let erfc = KernelFamily("erfc")
    fileprivate static let erfinv = KernelFamily("erfinv")
    fileprivate static let lgamma = KernelFamily("lgamma")
    fileprivate static let digamma = KernelFamily("digamma")
}

/// Functions of the error function's and the gamma function's kin. Integers and truth values are computed as float32; NaN
/// stays NaN.
extension Tensor {
    /// 1 - erf(x), accurate also where that is tiny.
    public func erfc(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.erfc, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * (-step[0].square()).exp() * (-2 / Double.pi.squareRoot()))
        }
    }

    /// The number whose `erf` is the value; infinite at ±1, NaN beyond.
    public func erfinv(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.erfinv, keeping: .result, at: CallSite(file, line)) { gradient, step in
            step.give(0, gradient * step.result.square().exp() * (Double.pi.squareRoot() / 2))
        }
    }

    /// ln |Γ(x)|; infinite at 0, at negative whole numbers and at infinities.
    public func lgamma(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.lgamma, at: CallSite(file, line)) { gradient, step in step.give(0, gradient * step[0].digamma()) }
    }

    /// The derivative of ln Γ(x); at ±0 infinite with the other sign, NaN at negative whole numbers.
    public func digamma(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        function(.digamma, at: CallSite(file, line)) { gradient, step in step.give(0, gradient * step[0].trigamma()) }
    }

    /// The second derivative of ln Γ(x), in operations that can be differentiated again: by recurrence to x + 10, and there
    /// the asymptotic series (Abramowitz and Stegun, 6.4.12). Below 1/2 by reflection.
    func trigamma() -> Tensor {
        let reflects = self .< 0.5
        let start = `where`(reflects, 1 - self, self)
        var sum = start.square().reciprocal()
        for step in 1..<10 { sum = sum + (start + Double(step)).square().reciprocal() }
        let u = (start + 10.0).reciprocal()
        let z = u.square()
        var series = z * (-691.0 / 2730) + 5.0 / 66
        for number in [-1.0 / 30, 1.0 / 42, -1.0 / 30, 1.0 / 6] { series = series * z + number }
        let result = sum + u + z * 0.5 + u * z * series
        // What is not chosen is kept finite, for its gradient is multiplied by 0.
        let sine = (`where`(reflects, self, 0.5) * Double.pi).sin()
        return `where`(reflects, (Double.pi / sine).square() - result, result)
    }

    /// sin(π x) / (π x), and 1 at 0.
    public func sinc(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        let x = input.detached()
        let angle = `where`(x .== 0, 1.0, x) * Double.pi
        let result = `where`(x .== 0, 1.0, angle.sin() / angle)
        return .recorded(RecordedOperation(.sinc), result, from: input, savingInput: true) { gradient, step in
            let isZero = step[0] .== 0
            let x = `where`(isZero, 1.0, step[0])
            let angle = x * Double.pi
            step.give(0, `where`(isZero, 0.0, gradient * (angle.cos() - angle.sin() / angle) / x))
        }
    }

    /// ln(x / (1 - x)), the inverse of `sigmoid`; NaN outside of 0 ... 1.
    ///
    /// - Parameter epsilon: if there is one, values are first moved to `epsilon` ... 1 - `epsilon`, and the gradient
    ///   outside of that is 0.
    public func logit(epsilon: Double? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        let x = input.detached()
        let inside = epsilon.map { x.clamp(min: $0, max: 1 - $0, file: file, line: line) } ?? x
        return .recorded(
            RecordedOperation(.logit),
            (inside / (1 - inside)).log(),
            from: input,
            savingInput: true,
            attributes: OperationAttributes(number: epsilon ?? -1)
        ) { gradient, step in
            let (x, epsilon) = (step[0], step.attributes.number)
            let low = Swift.max(epsilon, 0)
            let slope = gradient / (x * (1 - x))
            step.give(0, `where`((x .>= low) .& (x .<= 1 - low), slope, epsilon < 0 ? Double.nan : 0))
        }
    }

    /// x · ln(y), and 0 where x is 0 unless y is NaN. Both are promoted to one dtype and broadcast.
    public func xlogy(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let (a, b) = (floatingPoint(at: CallSite(file, line)), other.floatingPoint(at: CallSite(file, line)))
        let (x, y) = (a.detached(), b.detached())
        let result = `where`((x .== 0) .& (y .== y), 0.0, x * y.log(), file: file, line: line)
        return .recorded(RecordedOperation(.xlogy), result, from: a, b, savingInputs: true) { gradient, step in
            let (x, y) = (step[0], step[1])
            let isFlat = (x .== 0) .& (y .<= 0)
            step.give(0, `where`(isFlat, 0.0, gradient * `where`(isFlat, 1.0, y).log()))
            step.give(1, gradient * x / y)
        }
    }
}
