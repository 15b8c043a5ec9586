internal import CKernels

/// Sizes or strides of up to `Launch.maximumRank` dimensions, without a heap allocation.
package typealias Extents = InlineArray<8, Int>

/// One call of a kernel: its handle, its operands and its attributes, ready to be scheduled.
///
/// Whoever builds a launch keeps the operands' storages alive until it has run.
package struct Launch {
    package static var maximumRank: Int { 8 }

    // `makeFlat` writes each of these properties too.
    package fileprivate(set) var handle: KernelHandle
    /// How many independent items the kernel family counts in this launch.
    package var items: Int
    /// A rough cost of an item, in nanoseconds on one thread, from which the scheduler decides how far to
    /// spread the launch. Results never depend on it.
    package var nanosecondsPerItem: Double
    /// Items per chunk are a multiple of this.
    package var chunkMultiple = 1
    /// Private memory that each thread needs, in bytes.
    package var scratchByteCount = 0
    /// That in whole cache lines, so that threads do not share one.
    var scratchByteCountPerThread: Int { (scratchByteCount + 63) / 64 * 64 }

    /// Whether outputs are stored past the caches. Results never depend on it.
    package var streams: Bool {
        get { raw.streams }
        set { raw.streams = newValue }
    }

    /// Stores outputs past the caches if the launch reads and writes clearly more than the last-level cache holds:
    /// what is written would push out what is read, and be fetched first only to be overwritten. What fills the cache
    /// just so still does better in it, with the cores' own caches beside it.
    package mutating func streamBeyondCaches(byteCount: Int) {
        guard byteCount >= 1 << 20 else { return }
        raw.streams = byteCount >= Self.cachedByteCount
    }

    /// As `streamBeyondCaches`, for outputs that are written a cache line here and one there: those do no better in a
    /// cache that is full.
    package mutating func streamScattered(byteCount: Int) {
        raw.streams = byteCount >= Self.lastLevelCacheByteCount
    }

    private static let cachedByteCount = lastLevelCacheByteCount / 4 * 5
    private static let lastLevelCacheByteCount: Int = {
        let known = CPUTopology.current.lastLevelCacheByteCount
        return known > 0 ? known : 32 << 20
    }()

    var raw = ck_launch()

    /// A launch over dimensions of the sizes `shape[0 ..< rank]`.
    package init(_ handle: KernelHandle, shape: Extents, rank: Int, items: Int, nanosecondsPerItem: Double) {
        self.handle = handle
        self.items = items
        self.nanosecondsPerItem = nanosecondsPerItem
        raw.rank = Int32(truncatingIfNeeded: rank)
        withUnsafeMutableBytes(of: &raw.shape) { $0.storeBytes(of: shape, as: Extents.self) }
    }

    /// A launch over four dimensions.
    package init(_ handle: KernelHandle, sizes: (Int, Int, Int, Int), items: Int, nanosecondsPerItem: Double) {
        self.handle = handle
        self.items = items
        self.nanosecondsPerItem = nanosecondsPerItem
        raw.rank = 4
        // One by one: an array of them would be read before it has come out of the store buffer.
        raw.shape.0 = Int64(sizes.0)
        raw.shape.1 = Int64(sizes.1)
        raw.shape.2 = Int64(sizes.2)
        raw.shape.3 = Int64(sizes.3)
    }

    /// A launch over one dimension, of `count` items that are elements.
    package init(_ handle: KernelHandle, elements count: Int, nanosecondsPerItem: Double) {
        self.handle = handle
        self.items = count
        self.nanosecondsPerItem = nanosecondsPerItem
        chunkMultiple = Self.flatChunkMultiple
        raw.rank = 1
        raw.shape.0 = Int64(count)
    }

    /// Makes a launch of a kernel that reads no attributes at `place`: over `count` elements that lie side by side in
    /// `output`. Inputs that the kernel does not have are nil.
    ///
    /// What it would not read stays unwritten there: clearing it would be a good part of an operation on one number.
    static func makeFlat(
        at place: UnsafeMutablePointer<Launch>,
        _ handle: KernelHandle,
        elements count: Int,
        nanosecondsPerItem: Double,
        into output: UnsafeMutableRawPointer,
        _ a: FlatInput,
        _ b: FlatInput?,
        _ c: FlatInput?
    ) {
        place.pointer(to: \.handle)!.initialize(to: handle)
        place.pointer(to: \.items)!.initialize(to: count)
        place.pointer(to: \.nanosecondsPerItem)!.initialize(to: nanosecondsPerItem)
        place.pointer(to: \.chunkMultiple)!.initialize(to: flatChunkMultiple)
        place.pointer(to: \.scratchByteCount)!.initialize(to: 0)
        ck_make_flat_launch(
            place.pointer(to: \.raw)!,
            Int64(count),
            output,
            a.start,
            a.stride,
            b?.start,
            b?.stride ?? 0,
            c?.start,
            c?.stride ?? 0
        )
    }

    /// Items per chunk of elements that lie side by side: whole cache lines of any dtype.
    private static var flatChunkMultiple: Int { 64 }

    /// Appends an operand of a launch over one dimension; outputs come first. The stride counts elements.
    package mutating func append(_ start: UnsafeMutableRawPointer?, stride: Int) {
        let index = Int(raw.operand_count)
        precondition(index < CK_MAX_OPERANDS)
        withUnsafeMutableBytes(of: &raw.operands) { bytes in
            let operand = bytes.baseAddress! + index &* MemoryLayout<ck_operand>.stride
            operand.storeBytes(of: start, as: UnsafeMutableRawPointer?.self)
            // The strides follow the pointer; those that are not written are 0.
            operand.storeBytes(of: stride, toByteOffset: MemoryLayout<Int>.stride, as: Int.self)
        }
        raw.operand_count &+= 1
    }

    /// The size of a dimension.
    package func size(of dimension: Int) -> Int {
        precondition((0..<Int(raw.rank)).contains(dimension))
        return withUnsafeBytes(of: raw.shape) { Int($0.load(fromByteOffset: dimension * 8, as: Int64.self)) }
    }

    /// Appends an operand; outputs come first. Strides count elements.
    package mutating func append(_ start: UnsafeMutableRawPointer?, strides: Extents) {
        let index = Int(raw.operand_count)
        precondition(index < CK_MAX_OPERANDS)
        withUnsafeMutableBytes(of: &raw.operands) { bytes in
            let operand = bytes.baseAddress! + index * MemoryLayout<ck_operand>.stride
            operand.storeBytes(of: start, as: UnsafeMutableRawPointer?.self)
            (operand + MemoryLayout<ck_operand>.offset(of: \.strides)!).storeBytes(of: strides, as: Extents.self)
        }
        raw.operand_count += 1
    }

    /// Appends an operand with strides along the first three dimensions alone; outputs come first. Strides count
    /// elements.
    package mutating func append(_ start: UnsafeMutableRawPointer?, _ first: Int, _ second: Int, _ third: Int) {
        let index = Int(raw.operand_count)
        precondition(index < CK_MAX_OPERANDS)
        withUnsafeMutableBytes(of: &raw.operands) { bytes in
            // One by one, as sizes are.
            let operand = bytes.baseAddress! + index &* MemoryLayout<ck_operand>.stride
            operand.storeBytes(of: start, as: UnsafeMutableRawPointer?.self)
            let strides = operand + MemoryLayout<ck_operand>.offset(of: \.strides)!
            strides.storeBytes(of: first, as: Int.self)
            strides.storeBytes(of: second, toByteOffset: MemoryLayout<Int>.stride, as: Int.self)
            strides.storeBytes(of: third, toByteOffset: 2 &* MemoryLayout<Int>.stride, as: Int.self)
        }
        raw.operand_count &+= 1
    }

    package mutating func setInteger(_ index: Int, _ value: Int) {
        withUnsafeMutableBytes(of: &raw.attributes.integers) {
            $0.storeBytes(of: value, toByteOffset: index * MemoryLayout<Int64>.stride, as: Int.self)
        }
    }

    package mutating func setNumber(_ index: Int, _ value: Double) {
        withUnsafeMutableBytes(of: &raw.attributes.numbers) {
            $0.storeBytes(of: value, toByteOffset: index * MemoryLayout<Double>.stride, as: Double.self)
        }
    }
}
