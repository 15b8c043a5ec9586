/// A block of the allocator's memory, aligned to 64 bytes and freed with the last reference.
///
/// Sendable although its memory is writable: whoever holds it sees to it that nothing else touches what it
/// writes.
package struct Storage: @unchecked Sendable {
    private final class Block {
        let start: UnsafeMutableRawPointer
        private let sizeClass: Int

        init(byteCount: Int) throws(OutOfMemory) {
            (start, sizeClass) = try CachingAllocator.shared.allocate(byteCount)
        }

        deinit { CachingAllocator.shared.free(start, sizeClass: sizeClass) }
    }

    private var block: Block

    /// Memory for `byteCount` bytes, its contents undefined.
    package init(byteCount: Int) throws(OutOfMemory) { block = try Block(byteCount: byteCount) }

    package var start: UnsafeMutableRawPointer { block.start }

    /// Whether nothing else shares this memory, so that it may be written.
    package mutating func isUniquelyReferenced() -> Bool { isKnownUniquelyReferenced(&block) }
}
