internal import CKernels

/// One round of a limit's measurement: a launch, the memory it works on and the work it does.
struct LimitLaunch {
    /// How much is done in a round.
    struct Size {
        /// Items of the kernels that compute.
        var items: Int
        /// Multiply-adds of one chain, and repeats of the micro-kernel.
        var depth: Int
        /// Bytes that a round of the bandwidth kernels moves.
        var byteCount: Int

        /// Rounds of a millisecond or two, and memory far beyond what the caches hold.
        static var machine: Size {
            let threads = Scheduler.shared.layout.lanes * Scheduler.shared.layout.team
            let byteCount = max(128 << 20, 4 * CPUTopology.current.lastLevelCacheByteCount)
            return Size(items: 192 * threads, depth: 2048, byteCount: byteCount)
        }
    }

    private(set) var launch: Launch
    /// Operations or bytes of a round.
    let work: Double
    private let storages: [Storage]

    /// The output, for as long as this launch lives.
    var output: UnsafeMutableRawPointer { storages[0].start }

    func run() {
        var launch = launch
        do {
            try Scheduler.run(&launch)
        } catch {
            // Kernels that measure limits take no scratch memory.
            preconditionFailure("\(error)")
        }
    }

    /// The ways of measuring `limit`, of which the best counts: bandwidth with and without storing past the caches.
    static func all(for limit: MachineLimit, size: Size) throws(OutOfMemory) -> [LimitLaunch] {
        switch limit {
        case .multiplyAdd: [try multiplyAdd(size)]
        case .microkernel: [try microkernel(size)]
        case .read: [try read(size)]
        case .write: try write(size)
        case .triad: try triad(size)
        }
    }

    private static func multiplyAdd(_ size: Size) throws(OutOfMemory) -> LimitLaunch {
        let elements = Int(CK_LIMIT_CHAIN_ELEMENTS)
        let out = try Storage(byteCount: size.items * elements * MemoryLayout<Float>.size)
        let x = try Storage(floats: elements) { Float($0) / Float(elements) }
        var limit = LimitLaunch(
            "limit_multiply_add_f32",
            [size.items, elements, size.depth],
            [(out, [elements, 1, 0]), (x, [0, 1, 0])],
            nanosecondsPerItem: 0.02 * Double(elements * size.depth),
            work: 2 * Double(size.items * elements * size.depth)
        )
        // Values near one stay there, however long the chain.
        limit.launch.setNumber(0, 0.5)
        limit.launch.setNumber(1, 0.5)
        return limit
    }

    private static func microkernel(_ size: Size) throws(OutOfMemory) -> LimitLaunch {
        let plan = MatrixProductPlan(batch: 1, m: 1, n: 1, k: 1, columnStrideOfB: 1)
        let (rows, columns) = (plan.panelRows, plan.panelColumns)
        // Both panels take 24 KiB, which leaves room for C in the smallest of first-level caches.
        let depth = (24 << 10) / (MemoryLayout<Float>.size * (rows + columns)) / 16 * 16
        // About as many operations as a multiply-add item has.
        let repeats = max(1, size.depth * Int(CK_LIMIT_CHAIN_ELEMENTS) / (rows * columns * depth))
        let out = try Storage(byteCount: size.items * rows * columns * MemoryLayout<Float>.size)
        let a = try Storage(floats: rows * depth) { Float($0 % 7) - 3 }
        let b = try Storage(floats: columns * depth) { Float($0 % 5) - 2 }
        return LimitLaunch(
            "limit_microkernel_f32",
            [size.items, repeats, rows, columns, depth],
            [(out, [rows * columns, 0, columns, 1, 0]), (a, [0, 0, 1, 0, rows]), (b, [0, 0, 0, 1, columns])],
            nanosecondsPerItem: 0.02 * Double(repeats * rows * columns * depth),
            work: 2 * Double(size.items * repeats * rows * columns * depth)
        )
    }

    private static func read(_ size: Size) throws(OutOfMemory) -> LimitLaunch {
        let blocks = blocks(size.byteCount)
        let out = try Storage(byteCount: blocks * MemoryLayout<Float>.size)
        let x = try Storage(byteCount: blocks * blockByteCount)
        // Memory that was never written is one page of zeros, which the caches hold.
        bandwidth("limit_write_f32", [x], blocks: blocks, work: 0).run()
        return bandwidth(
            "limit_read_f32",
            [out, x],
            firstStrides: [1, 0],
            blocks: blocks,
            work: Double(blocks * blockByteCount)
        )
    }

    private static func write(_ size: Size) throws(OutOfMemory) -> [LimitLaunch] {
        let blocks = blocks(size.byteCount)
        let out = try Storage(byteCount: blocks * blockByteCount)
        return streamingAndNot(
            bandwidth("limit_write_f32", [out], blocks: blocks, work: Double(blocks * blockByteCount))
        )
    }

    private static func triad(_ size: Size) throws(OutOfMemory) -> [LimitLaunch] {
        let blocks = blocks(size.byteCount / 3)
        let out = try Storage(byteCount: blocks * blockByteCount)
        let b = try Storage(byteCount: blocks * blockByteCount)
        let c = try Storage(byteCount: blocks * blockByteCount)
        for operand in [b, c] {
            var fill = bandwidth("limit_write_f32", [operand], blocks: blocks, work: 0)
            fill.launch.setNumber(0, 1)
            fill.run()
        }
        var limit = bandwidth(
            "limit_triad_f32",
            [out, b, c],
            blocks: blocks,
            work: Double(3 * blocks * blockByteCount)
        )
        limit.launch.setNumber(0, 2)
        return streamingAndNot(limit)
    }

    // MARK: - Building

    /// The bandwidth kernels' items: long enough for hardware to fetch ahead, short enough to share out evenly.
    private static let blockByteCount = 64 << 10

    private static func blocks(_ byteCount: Int) -> Int { max(1, byteCount / blockByteCount) }

    private static func bandwidth(
        _ name: String,
        _ operands: [Storage],
        firstStrides: [Int]? = nil,
        blocks: Int,
        work: Double
    ) -> LimitLaunch {
        let elements = blockByteCount / MemoryLayout<Float>.size
        return LimitLaunch(
            name,
            [blocks, elements],
            operands.enumerated().map { ($1, $0 == 0 ? firstStrides ?? [elements, 1] : [elements, 1]) },
            nanosecondsPerItem: 0.05 * Double(blockByteCount * operands.count),
            work: work
        )
    }

    /// `limit` with ordinary stores, and with stores past the caches.
    private static func streamingAndNot(_ limit: LimitLaunch) -> [LimitLaunch] {
        var streaming = limit
        streaming.launch.setInteger(0, 1)
        return [limit, streaming]
    }

    private init(
        _ name: String,
        _ shape: [Int],
        _ operands: [(storage: Storage, strides: [Int])],
        nanosecondsPerItem: Double,
        work: Double
    ) {
        guard let handle = KernelHandle(named: name) else {
            preconditionFailure("the kernel table has no kernel named \(name)")
        }
        launch = Launch(
            handle,
            shape: Self.extents(shape),
            rank: shape.count,
            items: shape[0],
            nanosecondsPerItem: nanosecondsPerItem
        )
        for operand in operands { launch.append(operand.storage.start, strides: Self.extents(operand.strides)) }
        self.work = work
        storages = operands.map(\.storage)
    }

    private static func extents(_ values: [Int]) -> Extents {
        var extents = Extents(repeating: 0)
        for (dimension, value) in values.enumerated() { extents[dimension] = value }
        return extents
    }
}

extension Storage {
    /// Memory for `count` float32 numbers, which `value` gives.
    init(floats count: Int, _ value: (Int) -> Float) throws(OutOfMemory) {
        try self.init(byteCount: count * MemoryLayout<Float>.size)
        for index in 0..<count {
            start.storeBytes(of: value(index), toByteOffset: index * MemoryLayout<Float>.size, as: Float.self)
        }
    }
}
