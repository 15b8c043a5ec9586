#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory in use, kept for reuse, and the most that was ever in use, in bytes.
///
/// Tensors of up to 512 bytes hold their elements themselves and are not counted.
public struct MemoryStatistics: Sendable, Equatable {
    /// Bytes of blocks held by live tensors.
    public internal(set) var live = 0
    /// Bytes taken from the operating system and not in use.
    public internal(set) var cached = 0
    /// The most that `live` has been.
    public internal(set) var peak = 0
}

/// Gives out 64-byte-aligned blocks and keeps what is freed for the next tensor of about the same size, so
/// that a steady training step neither faults pages in nor asks the operating system for anything.
///
/// Blocks of up to 256 KiB are cut from slabs of one size class each; larger ones are mapped singly. When
/// more than `cacheLimit` bytes lie idle, single blocks go back to the operating system, largest first, then
/// empty slabs. Safe to use from any thread.
package final class CachingAllocator: Sendable {
    package static let shared: CachingAllocator = {
        let configuration = RuntimeConfiguration.current
        // A child forked while another thread holds the lock would find it taken for ever.
        pthread_atfork(
            { CachingAllocator.shared.state.lock() },
            { CachingAllocator.shared.state.unlock() },
            { CachingAllocator.shared.state.unlock() }
        )
        return CachingAllocator(cacheLimit: configuration.cacheLimit, memoryLimit: CPUTopology.current.memory)
    }()

    private static let largestSlabBlock = 256 << 10

    /// Sendable because it is touched under the lock only, and its pointers lead to memory that nothing else
    /// uses while it is on these lists.
    private struct State: @unchecked Sendable {
        var statistics = MemoryStatistics()
        var cacheLimit: Int
        var memoryLimit: Int
        /// Per class the first freed single block; each holds the address of the next.
        var singles = [UnsafeMutableRawPointer?](repeating: nil, count: SizeClass.count)
        /// Per class the first slab with room.
        var slabs = [UnsafeMutableRawPointer?](repeating: nil, count: SizeClass.count)
    }

    private let state: Locked<State>

    package init(cacheLimit: Int, memoryLimit: Int) {
        state = Locked(State(cacheLimit: cacheLimit, memoryLimit: memoryLimit))
    }

    /// The most idle bytes that are kept. Lowering it gives back what is over.
    package var cacheLimit: Int {
        get { state.withLock { $0.cacheLimit } }
        set {
            state.withLock {
                $0.cacheLimit = newValue
                Self.trim(&$0, to: newValue)
            }
        }
    }

    /// The most bytes, in use and idle, that are taken from the operating system.
    package var memoryLimit: Int {
        get { state.withLock { $0.memoryLimit } }
        set { state.withLock { $0.memoryLimit = newValue } }
    }

    package var statistics: MemoryStatistics { state.withLock { $0.statistics } }

    /// Starts `peak` anew from what is in use now.
    package func resetPeak() { state.withLock { $0.statistics.peak = $0.statistics.live } }

    /// Gives everything idle back to the operating system.
    package func releaseCache() { state.withLock { Self.trim(&$0, to: 0) } }

    /// A block of at least `byteCount` bytes, 64-byte aligned, its contents undefined, and the class to free
    /// it with.
    package func allocate(_ byteCount: Int) throws(OutOfMemory) -> (block: UnsafeMutableRawPointer, sizeClass: Int) {
        let sizeClass = SizeClass.index(holding: byteCount)
        let block = state.withLock { state in
            sizeClass.flatMap { Self.takeBlock(of: $0, from: &state) }
        }
        guard let block, let sizeClass else {
            let (live, limit) = state.withLock { ($0.statistics.live, $0.memoryLimit) }
            throw OutOfMemory(requested: byteCount, live: live, limit: limit)
        }
        return (block, sizeClass)
    }

    package func free(_ block: UnsafeMutableRawPointer, sizeClass: Int) {
        state.withLock { state in
            let size = SizeClass.size(of: sizeClass)
            let footprint = Self.footprint(ofBlock: size)
            if size <= Self.largestSlabBlock {
                let slab = Slab(containing: block)
                if slab.isFull { slab.link(into: &state.slabs[sizeClass]) }
                slab.give(back: block)
            } else {
                block.storeBytes(of: state.singles[sizeClass], as: UnsafeMutableRawPointer?.self)
                state.singles[sizeClass] = block
            }
            state.statistics.live -= footprint
            state.statistics.cached += footprint
            if state.statistics.cached > state.cacheLimit { Self.trim(&state, to: state.cacheLimit) }
        }
    }

    /// What a block of `size` bytes takes: whole pages if it is mapped singly.
    private static func footprint(ofBlock size: Int) -> Int {
        size <= largestSlabBlock ? size : PageMapping.rounded(size)
    }

    private static func takeBlock(of sizeClass: Int, from state: inout State) -> UnsafeMutableRawPointer? {
        let size = SizeClass.size(of: sizeClass)
        let footprint = footprint(ofBlock: size)
        let block: UnsafeMutableRawPointer
        if size <= largestSlabBlock {
            if state.slabs[sizeClass] == nil {
                guard let base = mapPages(Slab.size, for: &state) else { return nil }
                Slab(at: base, blockSize: size).link(into: &state.slabs[sizeClass])
            }
            let slab = Slab(base: state.slabs[sizeClass]!)
            block = slab.take()
            if slab.isFull { slab.unlink(from: &state.slabs[sizeClass]) }
        } else if let first = state.singles[sizeClass] {
            state.singles[sizeClass] = first.load(as: UnsafeMutableRawPointer?.self)
            block = first
        } else {
            guard let pages = mapPages(footprint, for: &state) else { return nil }
            block = pages
        }
        state.statistics.cached -= footprint
        state.statistics.live += footprint
        state.statistics.peak = max(state.statistics.peak, state.statistics.live)
        return block
    }

    /// Maps idle memory, giving back what lies idle elsewhere rather than failing.
    private static func mapPages(_ byteCount: Int, for state: inout State) -> UnsafeMutableRawPointer? {
        let inUse = state.statistics.live + state.statistics.cached
        if byteCount > state.memoryLimit - inUse {
            trim(&state, to: max(0, state.memoryLimit - state.statistics.live - byteCount))
        }
        guard byteCount <= state.memoryLimit - state.statistics.live - state.statistics.cached else { return nil }
        var pages = PageMapping.map(byteCount)
        if pages == nil {
            trim(&state, to: 0)
            pages = PageMapping.map(byteCount)
        }
        if pages != nil { state.statistics.cached += byteCount }
        return pages
    }

    /// Gives idle memory back until at most `limit` bytes of it are left, or only slabs that are partly in use.
    private static func trim(_ state: inout State, to limit: Int) {
        for sizeClass in (0..<SizeClass.count).reversed() {
            while state.statistics.cached > limit, let block = state.singles[sizeClass] {
                state.singles[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
                let size = footprint(ofBlock: SizeClass.size(of: sizeClass))
                PageMapping.unmap(block, size)
                state.statistics.cached -= size
            }
            var next = state.slabs[sizeClass].map(Slab.init(base:))
            while state.statistics.cached > limit, let slab = next {
                next = slab.next
                guard slab.isEmpty else { continue }
                slab.unlink(from: &state.slabs[sizeClass])
                PageMapping.unmap(slab.base, Slab.size)
                state.statistics.cached -= Slab.size
            }
        }
    }
}
