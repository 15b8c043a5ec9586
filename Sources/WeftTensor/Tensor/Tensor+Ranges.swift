import WeftRuntime

extension KernelFamily {
    fileprivate static let arange = KernelFamily("arange")
}

/// Numbers at even distances.
extension Tensor {
    /// The int64 numbers from `start` to before `end`, `step` apart; a negative step counts down. Refused for a step of
    /// 0, and one that leads away from `end`.
    public init(
        arange start: Int,
        to end: Int,
        by step: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self = Call("arange", file, line).checked(standIn: Layout(rowMajor: [0]), .int64) { call throws(Refusal) in
            let (distance, overflow) = end.subtractingReportingOverflow(start)
            try call.require(
                step != 0 && (distance == 0 || (end > start) == (step > 0)) && !overflow,
                "steps of \(step) do not lead from \(start) to \(end)"
            )
            let count = distance == 0 ? 0 : distance / step + (distance % step == 0 ? 0 : 1)
            let result = Tensor.uninitialized(like: try call.layout([count]), dtype: .int64, call)
            guard !result.isFailed, let handle = KernelFamily.arange[.int64] else { return result }
            result.generate(handle) { launch in
                launch.setInteger(0, start)
                launch.setInteger(1, step)
            }
            return result
        }
    }

    /// The numbers from `start` to before `end`, `step` apart; a negative step counts down. Each is computed as start +
    /// i * step in float64 and rounded once. Refused for a step of 0, one that leads away from `end`, bounds that are
    /// not finite, and dtypes that are not floating point.
    public init(
        arange start: Double,
        to end: Double,
        by step: Double = 1,
        dtype: DType = .float32,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self = Call("arange", file, line).checked(standIn: Layout(rowMajor: [0]), dtype) { call throws(Refusal) in
            let number = ((end - start) / step).rounded(.up)
            try call.require(
                step != 0 && start.isFinite && end.isFinite && number >= 0,
                "steps of \(step) do not lead from \(start) to \(end)"
            )
            let handle = try call.kernel(.arange, for: dtype)
            let layout = try call.layout([Int(exactly: number) ?? .max])
            let result = Tensor.uninitialized(like: layout, dtype: dtype, call)
            if result.isFailed { return result }
            result.generate(handle) { launch in
                launch.setNumber(0, start)
                launch.setNumber(1, step)
            }
            return result
        }
    }

    /// `count` numbers from `start` to `end`, both included, at even distances; just `start` if `count` is 1. They are
    /// computed in float64, from the nearer end, and rounded once, for integers towards zero. Refused for a negative
    /// count.
    public init(
        linspace start: Double,
        _ end: Double,
        count: Int,
        dtype: DType = .float32,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self = Call("linspace", file, line).checked(standIn: Layout(rowMajor: [0]), dtype) { call throws(Refusal) in
            try call.require(count >= 0, "\(count) numbers are not possible")
            _ = try call.layout([count])
            if count < 2 { return Tensor(full: [count], start, dtype: dtype) }
            let places = Tensor(arange: 0, to: Double(count), dtype: .float64)
            let step = (end - start) / Double(count - 1)
            let behind = (Double(count - 1) - places) * -step + end
            return `where`(places .< Double(count / 2), places * step + start, behind).to(dtype)
        }
    }

    /// A matrix with 1 on its diagonal and 0 elsewhere, by default square. Refused for negative sizes.
    public init(
        identity rows: Int,
        columns: Int? = nil,
        dtype: DType = .float32,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let sizes = [rows, columns ?? rows]
        self = Call("identity", file, line).checked(standIn: Layout(nearest: sizes), dtype) { call throws(Refusal) in
            let layout = try call.layout(sizes)
            let result = Tensor.filled(layout, 0, dtype: dtype, at: call.site)
            if result.isFailed { return result }
            var diagonal = Layout()
            diagonal.append(size: Swift.min(rows, sizes[1]), stride: sizes[1] + 1)
            result.overwrite(diagonal, with: Tensor.scalar(1, dtype: dtype))
            return result
        }
    }
}
