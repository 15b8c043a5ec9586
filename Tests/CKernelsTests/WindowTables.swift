import CKernels

/// One axis of a launch over windows, as the tests write it: the places of each output with their weights.
struct WindowTestAxis {
    var input: Int
    var outputs: [[(source: Int, weight: Double)]]
    var divisors: [Double]?
    /// Where outputs repeat, with step and period.
    var regular: (outputs: Range<Int>, step: Int, period: Int) = (0..<0, 1, 1)
    var isWeighted = true

    /// Windows of `kernel` places, cut off at the ends. Those between are regular where the stride is 1 or 2.
    static func windows(_ input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int = 1) -> WindowTestAxis {
        let count = (input + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1
        let outputs = (0..<count).map { output in
            (0..<kernel).map { output * stride - padding + $0 * dilation }.filter { (0..<input).contains($0) }
                .map { (source: $0, weight: 1.0) }
        }
        var axis = WindowTestAxis(input: input, outputs: outputs, isWeighted: false)
        if stride <= 2 {
            let whole = outputs.indices.filter { outputs[$0].count == kernel }
            if let first = whole.first { axis.regular = (first..<(whole.last! + 1), stride, 1) }
        }
        return axis
    }

    /// Any places, in no order, with any weights, sometimes none.
    static func scattered(_ input: Int, _ output: Int, _ random: inout KernelRandom) -> WindowTestAxis {
        let outputs = (0..<output).map { _ in
            (0..<random.integer(below: 5)).map { _ in
                (source: random.integer(below: input), weight: Double(random.integer(below: 9)) / 4 - 1)
            }
        }
        return WindowTestAxis(input: input, outputs: outputs)
    }

    /// Twice as many outputs as inputs, each between two of them.
    static func doubled(_ input: Int) -> WindowTestAxis {
        let outputs = (0..<2 * input).map { output in
            let (lower, share) = ((output + 1) / 2 - 1, output % 2 == 0 ? 0.75 : 0.25)
            return [(max(lower, 0), 1 - share), (min(lower + 1, input - 1), share)].map { (source: $0.0, weight: $0.1) }
        }
        var axis = WindowTestAxis(input: input, outputs: outputs)
        if input > 1 { axis.regular = (1..<(2 * input - 1), 1, 2) }
        return axis
    }

    var transposed: WindowTestAxis {
        var result = WindowTestAxis(input: outputs.count, outputs: Array(repeating: [], count: input))
        for (output, places) in outputs.enumerated() {
            for place in places { result.outputs[place.source].append((output, place.weight)) }
        }
        return result
    }

    var irregular: WindowTestAxis {
        var axis = self
        axis.regular = (0..<0, 1, 1)
        return axis
    }
}

/// Three axes as kernels take them, which stay alive as long as this.
final class WindowTestTable {
    let axes: KernelArray<ck_window_axis>
    private var parts: [AnyObject] = []

    init(_ described: [WindowTestAxis], isWide: Bool) {
        var tables: [ck_window_axis] = []
        var parts: [AnyObject] = []
        for axis in described {
            let count = axis.outputs.count
            let taps = axis.outputs.map(\.count).max() ?? 0
            func numbers(_ values: [Double]) -> UnsafeRawPointer {
                if isWide {
                    let array = KernelArray(values)
                    parts.append(array)
                    return UnsafeRawPointer(array.pointer)
                }
                let array = KernelArray(values.map { Float($0) })
                parts.append(array)
                return UnsafeRawPointer(array.pointer)
            }
            func integers(_ values: [Int]) -> UnsafePointer<Int32> {
                let array = KernelArray(values.map { Int32($0) })
                parts.append(array)
                return UnsafePointer(array.elements.baseAddress!)
            }
            func tapMajor<T>(_ rest: T, _ value: ((source: Int, weight: Double)) -> T) -> [T] {
                (0..<taps).flatMap { tap in axis.outputs.map { tap < $0.count ? value($0[tap]) : rest } }
            }
            var table = ck_window_axis()
            table.input = Int64(axis.input)
            table.output = Int64(count)
            table.taps = Int64(taps)
            table.counts = integers(axis.outputs.map(\.count))
            table.sources = integers(tapMajor(axis.input, \.source))
            if axis.isWeighted { table.weights = numbers(tapMajor(0, \.weight)) }
            if let divisors = axis.divisors { table.divisors = numbers(divisors) }
            table.regular_begin = Int64(axis.regular.outputs.lowerBound)
            table.regular_end = Int64(axis.regular.outputs.upperBound)
            table.step = Int64(axis.regular.step)
            table.period = Int64(axis.regular.period)
            tables.append(table)
        }
        axes = KernelArray(tables)
        self.parts = parts
    }
}

/// A launch over windows in one order in memory.
struct WindowTestLaunch {
    let axes: [WindowTestAxis]
    let outer: Int
    let inner: Int
    var integers: [Int] = []

    var inputShape: [Int] { [outer] + axes.map(\.input) + [inner] }
    var outputShape: [Int] { [outer] + axes.map(\.outputs.count) + [inner] }
    var rows: Int { outer * axes[0].outputs.count * axes[1].outputs.count }

    /// Where element [outer, channel, d, h, w] lies among elements [outer, d, h, w, inner].
    static func place(_ index: [Int], _ channels: Int, _ sizes: [Int], isLast: Bool) -> [Int] {
        let (n, c) = (index[0], index[1])
        return isLast ? [n] + index[2...] + [c] : [n * channels + c] + index[2...] + [0]
    }

    func run<E>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        _ operands: [(inout KernelLaunch) -> Void],
        table: WindowTestTable?,
        items: Int? = nil,
        cut: KernelCut,
        scratchElements: Int? = nil,
        of type: E.Type
    ) throws {
        var launch = KernelLaunch([outer, inner] + axes.map(\.input) + axes.map(\.outputs.count), integers: integers)
        for operand in operands { operand(&launch) }
        if let table { launch.add(table.axes) }
        let elements = scratchElements ?? 2 * (axes[2].input + 1) * inner
        try launch.run(
            kernel,
            isa,
            items: items ?? rows,
            cut: cut,
            scratchByteCount: elements * max(MemoryLayout<E>.size, 4) + 4 * 64
        )
    }
}
