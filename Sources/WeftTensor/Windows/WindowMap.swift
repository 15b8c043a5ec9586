import WeftRuntime

extension KernelFamily {
    static let windowSum = KernelFamily("window_sum")
    static let windowCopy = KernelFamily("window_copy")
}

/// What becomes of the last one to three dimensions of a tensor when each place is made of a window of another: a table
/// for each of them.
struct WindowMap: Sendable {
    /// Of the dimensions in their order.
    let axes: [WindowAxis]
    /// Whether elements are moved, and nothing is added up: each place has one element or none on each axis.
    var moves = false

    init(_ axes: [WindowAxis], moves: Bool = false) {
        self.axes = axes
        self.moves = moves
    }

    /// The map by which gradients go back.
    var transposed: WindowMap { WindowMap(axes.map(\.transposed)) }

    /// The sizes that a tensor of `layout` gets.
    func target(of layout: Layout) -> Layout {
        var target = layout.rowMajor
        for (axis, table) in zip((layout.rank - axes.count)..., axes) {
            target.setDimension(axis, size: table.output, stride: 0)
        }
        return target.rowMajor
    }
}

/// How the planes of a tensor, its last dimensions, lie: `outer` blocks, in each of which `inner` of them lie side by side.
struct PlaneBlocks {
    let format: MemoryFormat
    let outer: Int
    let inner: Int

    /// - Parameter planeRank: the number of dimensions of a plane.
    init(_ tensor: Tensor, planeRank: Int) {
        let before = (0..<(tensor.rank - planeRank)).reduce(1) { $0 * tensor.extent($1) }
        // Without a batch nothing tells channels that lie last from another order.
        guard tensor.rank == planeRank + 2, tensor.format == .channelsLast else {
            (format, outer, inner) = (.rowMajor, before, 1)
            return
        }
        (format, outer, inner) = (.channelsLast, tensor.extent(0), tensor.extent(1))
    }
}

extension Launch {
    /// A launch over windows of planes, whose items are rows of the output, without operands.
    ///
    /// - Parameter cost: of an element of a row that is gone through, in nanoseconds.
    init(_ handle: KernelHandle, windows axes: [WindowAxis], outer: Int, inner: Int, cost: Double = 0.15) {
        let (input, output) = (axes.map(\.input), axes.map(\.output))
        let sizes: Extents = [outer, inner, input[0], input[1], input[2], output[0], output[1], output[2]]
        let rows = (axes[0].largestCount * axes[1].largestCount) * input[2]
        self.init(
            handle,
            shape: sizes,
            rank: 8,
            items: inner == 0 ? 0 : outer * output[0] * output[1],
            nanosecondsPerItem: Double(inner * (rows + output[2] * (2 + axes[2].largestCount))) * cost
        )
    }

    /// Appends an operand that is like the input's planes, and one that is like the output's.
    mutating func append(inputPlanes tensor: Tensor) { append(tensor, strides: [1, 1, 1, 1, 1, 0, 0, 0]) }
    mutating func append(outputPlanes tensor: Tensor) { append(tensor, strides: [1, 1, 0, 0, 0, 1, 1, 1]) }
    mutating func append(_ table: WindowTable) { append(table.start, strides: Extents(repeating: 0)) }
}

extension WindowAxis {
    /// The most taps of an output.
    var largestCount: Int { (0..<output).reduce(0) { Swift.max($0, count(of: $1)) } }

    /// Three axes, with those of one place in front of `axes`.
    static func three(_ axes: [WindowAxis]) -> [WindowAxis] {
        [WindowAxis](repeating: WindowAxis(unchanged: 1), count: 3 - axes.count) + axes
    }
}

extension Tensor {
    /// The last dimensions as `map` makes them, recorded under the name of `operation`.
    ///
    /// - Parameter value: what elements get that are made of nothing, where the map moves elements.
    func mapped(
        _ map: WindowMap,
        filling value: Double = 0,
        as operation: RecordedOperation.Name,
        _ call: Call
    ) -> Tensor {
        let result = launched(map, filling: value, call)
        let recorded =
            map.moves
            ? RecordedOperation(.windowCopy, dtype, derivative: .windowSum, named: operation)
            : RecordedOperation(.windowSum, dtype, derivative: .windowSum, named: operation)
        guard recordsGradient else { return isFailed ? .failed(like: result) : result }
        return .recorded(recorded, result, from: self, readsOperands: false) { gradient, step in
            step.give(0, gradient.mapped(map.transposed, as: operation, Call(call.operation, at: nil)))
        }
    }

    private func launched(_ map: WindowMap, filling value: Double, _ call: Call) -> Tensor {
        let target = map.target(of: layout)
        if isFailed { return Tensor(standIn: target, dtype: dtype) }
        let blocks = PlaneBlocks(self, planeRank: map.axes.count)
        let x = contiguous(blocks.format, at: call.site)
        let result = Tensor.uninitialized(
            like: target,
            blocks.format,
            dtype: dtype,
            operation: call.operation,
            at: call.site
        )
        guard let handle = kernel(of: map.moves ? .windowCopy : .windowSum, at: call.site), !result.isFailed else {
            return .failed(like: result)
        }
        let axes = WindowAxis.three(map.axes)
        let table = WindowTable(axes, dtype: dtype)
        var launch = Launch(handle, windows: axes, outer: blocks.outer, inner: blocks.inner)
        if axes[2].output == 0 { launch.items = 0 }
        launch.append(outputPlanes: result)
        launch.append(inputPlanes: x)
        launch.append(table)
        if map.moves {
            launch.setInteger(0, dtype.bits(of: value))
        } else {
            launch.scratchByteCount = Tensor.windowScratch(axes, inner: blocks.inner, dtype)
            launch.streamBeyondCaches(byteCount: (x.count + result.count) * dtype.size)
        }
        defer { withExtendedLifetime((x, result, table)) {} }
        return Tensor.run(&launch, operation: call.operation, at: call.site) ? result : .failed(like: result)
    }

    /// The scratch memory of one row: its elements as they are computed with, and what lies behind them.
    static func windowScratch(_ axes: [WindowAxis], inner: Int, _ dtype: DType) -> Int {
        (axes[2].input + 1) * inner * Swift.max(dtype.size, 4) + 2 * 64
    }
}

extension DType {
    /// The bits of the element that `value` becomes.
    fileprivate func bits(of value: Double) -> Int {
        let scalar = Tensor.scalar(value, dtype: self)
        var bits = 0
        withUnsafeMutableBytes(of: &bits) { bytes in
            if !scalar.isFailed { bytes.copyMemory(from: UnsafeRawBufferPointer(start: scalar.start, count: size)) }
        }
        withExtendedLifetime(scalar) {}
        return bits
    }
}
