/// The memory of one or more tensors. Up to `inlineCapacity` bytes lie in the storage object itself, so that a
/// small tensor costs one allocation; more come from the allocator, aligned to 64 bytes.
///
/// Sendable although its memory is writable: a storage is written only by the launch that produces its first
/// contents, before anything else sees it, or through a tensor that holds the only reference to it.
package struct Storage: @unchecked Sendable {
    private struct Header {
        /// The first byte: in the object itself, or a block of the allocator.
        let start: UnsafeMutableRawPointer
        let byteCount: Int
        /// The class to free the block with; negative if the memory lies in the object.
        let sizeClass: Int
    }

    private final class Buffer: ManagedBuffer<Header, SIMD2<UInt64>> {
        deinit {
            if header.sizeClass >= 0 { CachingAllocator.shared.free(header.start, sizeClass: header.sizeClass) }
        }
    }

    package static var inlineCapacity: Int { 512 }

    private var buffer: Buffer

    /// Memory for `byteCount` bytes, its contents undefined.
    package init(byteCount: Int) throws(OutOfMemory) {
        if byteCount <= Self.inlineCapacity {
            let unit = MemoryLayout<SIMD2<UInt64>>.stride
            let object = Buffer.create(minimumCapacity: (byteCount + unit - 1) / unit) { object in
                Header(
                    start: object.withUnsafeMutablePointerToElements { UnsafeMutableRawPointer($0) },
                    byteCount: byteCount, sizeClass: -1)
            }
            buffer = unsafeDowncast(object, to: Buffer.self)
        } else {
            buffer = try Self.block(byteCount: byteCount)
        }
    }

    private init(buffer: Buffer) { self.buffer = buffer }

    /// Memory for `byteCount` bytes that is aligned to 64 bytes whatever the size.
    package static func aligned(byteCount: Int) throws(OutOfMemory) -> Storage {
        Storage(buffer: try block(byteCount: byteCount))
    }

    private static func block(byteCount: Int) throws(OutOfMemory) -> Buffer {
        let (block, sizeClass) = try CachingAllocator.shared.allocate(byteCount)
        let object = Buffer.create(minimumCapacity: 0) { _ in
            Header(start: block, byteCount: byteCount, sizeClass: sizeClass)
        }
        return unsafeDowncast(object, to: Buffer.self)
    }

    package var start: UnsafeMutableRawPointer { buffer.header.start }
    package var byteCount: Int { buffer.header.byteCount }

    /// Whether no other tensor shares this memory, so that it may be written.
    package mutating func isUniquelyReferenced() -> Bool { isKnownUniquelyReferenced(&buffer) }

    package static func === (a: Storage, b: Storage) -> Bool { a.buffer === b.buffer }
}
