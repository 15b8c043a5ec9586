/// The memory that tensors use, process-wide.
public enum Memory {
    /// Bytes in use, kept for reuse, and the most that were in use.
    public static var statistics: MemoryStatistics { CachingAllocator.shared.statistics }

    /// The most bytes of freed memory that are kept for reuse. Lowering it gives back what is over.
    public static var cacheLimit: Int {
        get { CachingAllocator.shared.cacheLimit }
        set { CachingAllocator.shared.cacheLimit = newValue }
    }

    /// The most bytes that tensors and the cache may take together. An operation that needs more fails with
    /// `TensorError` after everything cached was given back.
    public static var limit: Int {
        get { CachingAllocator.shared.memoryLimit }
        set { CachingAllocator.shared.memoryLimit = newValue }
    }

    /// Gives all freed memory back to the operating system.
    public static func releaseCache() { CachingAllocator.shared.releaseCache() }

    /// Takes a block of `byteCount` bytes, as a tensor does for its elements, and gives it back. Stops the process if
    /// there is none.
    @_spi(Benchmarking)
    public static func takeAndGiveBack(byteCount: Int) {
        do throws(OutOfMemory) {
            let (block, sizeClass) = try CachingAllocator.shared.allocate(byteCount)
            CachingAllocator.shared.free(block, sizeClass: sizeClass)
        } catch {
            stop("\(error)")
        }
    }

    /// Starts `statistics.peak` anew from what is in use now.
    public static func resetPeak() { CachingAllocator.shared.resetPeak() }
}
