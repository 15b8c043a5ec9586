internal import CKernels

/// The axes of a launch over windows, in the form in which kernels take them. Whoever runs the launch keeps it alive.
///
/// Sendable: its memory is written before anything else sees it, and only read from then on.
package final class WindowTable: @unchecked Sendable {
    /// The operand.
    package let start: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - axes: three, sizes below 2³¹.
    ///   - dtype: of the elements, which says how wide weights are.
    package init(_ axes: [WindowAxis], dtype: DType) {
        precondition(axes.count == 3)
        let isWide = dtype == .float64
        let counts = axes.map { axis in (0..<axis.output).reduce(0) { Swift.max($0, axis.count(of: $1)) } }
        var byteCount = 3 * MemoryLayout<ck_window_axis>.stride
        for (axis, taps) in zip(axes, counts) { byteCount += Self.byteCount(axis, taps, isWide) }
        start = .allocate(byteCount: byteCount, alignment: 64)
        let tables = start.bindMemory(to: ck_window_axis.self, capacity: 3)
        var place = UnsafeMutableRawPointer(tables + 3)
        for (index, axis) in axes.enumerated() {
            (tables + index).initialize(to: Self.table(axis, taps: counts[index], isWide, at: &place))
        }
    }

    deinit { start.deallocate() }

    /// A number of bytes that keeps what follows aligned.
    private static func padded(_ byteCount: Int) -> Int { (byteCount + 7) / 8 * 8 }

    private static func byteCount(_ axis: WindowAxis, _ taps: Int, _ isWide: Bool) -> Int {
        let real = isWide ? 8 : 4
        var byteCount = padded(axis.output * 4) + padded(axis.output * taps * 4)
        if axis.weights != nil { byteCount += padded(axis.output * taps * real) }
        if axis.divisors != nil { byteCount += padded(axis.output * real) }
        return byteCount
    }

    private static func table(
        _ axis: WindowAxis,
        taps: Int,
        _ isWide: Bool,
        at place: inout UnsafeMutableRawPointer
    ) -> ck_window_axis {
        func take<T>(_ type: T.Type, _ count: Int) -> UnsafeMutablePointer<T> {
            let taken = place.bindMemory(to: type, capacity: count)
            place += padded(count * MemoryLayout<T>.stride)
            return taken
        }
        func numbers(_ count: Int, _ value: (Int) -> Double) -> UnsafeRawPointer {
            if isWide {
                let taken = take(Double.self, count)
                for index in 0..<count { (taken + index).initialize(to: value(index)) }
                return UnsafeRawPointer(taken)
            }
            let taken = take(Float.self, count)
            for index in 0..<count { (taken + index).initialize(to: Float(value(index))) }
            return UnsafeRawPointer(taken)
        }
        let outputs = axis.output
        let counts = take(Int32.self, outputs)
        let sources = take(Int32.self, outputs * taps)
        for output in 0..<outputs {
            let count = axis.count(of: output)
            (counts + output).initialize(to: Int32(count))
            for tap in 0..<taps {
                let source = tap < count ? axis.sources[axis.starts[output] + tap] : Int32(axis.input)
                (sources + tap * outputs + output).initialize(to: source)
            }
        }
        let regular = axis.regularStretch(taps: taps)
        var table = ck_window_axis()
        table.input = Int64(axis.input)
        table.output = Int64(outputs)
        table.taps = Int64(taps)
        table.counts = UnsafePointer(counts)
        table.sources = UnsafePointer(sources)
        if let weights = axis.weights {
            table.weights = numbers(outputs * taps) { index in
                let (tap, output) = index.quotientAndRemainder(dividingBy: outputs)
                return tap < axis.count(of: output) ? weights[axis.starts[output] + tap] : 0
            }
        }
        if let divisors = axis.divisors { table.divisors = numbers(outputs) { divisors[$0] } }
        table.regular_begin = Int64(regular.outputs.lowerBound)
        table.regular_end = Int64(regular.outputs.upperBound)
        table.step = Int64(regular.step)
        table.period = Int64(regular.period)
        return table
    }
}

extension WindowAxis {
    /// The longest stretch of outputs whose taps repeat as kernels are quick with; empty if it is short.
    fileprivate func regularStretch(taps: Int) -> (outputs: Range<Int>, step: Int, period: Int) {
        guard taps > 0 else { return (0..<0, 1, 1) }
        for (step, period) in [(1, 1), (2, 1), (1, 2)] {
            let stretch = longestStretch(taps: taps, step: step, period: period)
            if stretch.count * 2 >= output, stretch.count > 2 { return (stretch, step, period) }
        }
        return (0..<0, 1, 1)
    }

    private func longestStretch(taps: Int, step: Int, period: Int) -> Range<Int> {
        var longest = 0..<0
        var begin = 0
        for place in 0..<output {
            if count(of: place) != taps {
                begin = place + 1
            } else if place >= begin + period, !repeats(place, after: place - period, taps: taps, step: step) {
                // What came less than a period before can still begin a stretch.
                begin = place - period + 1
            }
            if place + 1 - begin > longest.count { longest = begin..<(place + 1) }
        }
        return longest
    }

    /// Whether the taps of one output are those of another `step` places further on.
    private func repeats(_ place: Int, after other: Int, taps: Int, step: Int) -> Bool {
        let (a, b) = (starts[place], starts[other])
        for tap in 0..<taps {
            if Int(sources[a + tap]) != Int(sources[b + tap]) + step { return false }
            if let weights, weights[a + tap] != weights[b + tap] { return false }
        }
        return true
    }
}
