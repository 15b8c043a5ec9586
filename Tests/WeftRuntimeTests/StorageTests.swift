import Testing

@testable import WeftRuntime

@Suite("Storages")
struct StorageTests {
    @Test("Memory is aligned and writable from the first byte to the last", arguments: [1, 8, 511, 512, 513, 100_000])
    func writable(byteCount: Int) throws {
        let storage = try Storage(byteCount: byteCount)
        #expect(UInt(bitPattern: storage.start) % 64 == 0)
        let bytes = UnsafeMutableRawBufferPointer(start: storage.start, count: byteCount)
        bytes.copyBytes(from: (0..<byteCount).map { UInt8(truncatingIfNeeded: $0) })
        #expect(bytes.indices.allSatisfy { bytes[$0] == UInt8(truncatingIfNeeded: $0) })
        withExtendedLifetime(storage) {}
    }

    @Test("An empty storage has a place")
    func empty() throws {
        let storage = try Storage(byteCount: 0)
        #expect(UInt(bitPattern: storage.start) % 64 == 0)
    }

    @Test("A copy shares the memory, and both know", arguments: [16, 4096])
    func sharing(byteCount: Int) throws {
        var storage = try Storage(byteCount: byteCount)
        // Copies come and go in an array, whose contents the optimizer does not see through as it does variables.
        var copies: [Storage] = []
        #expect(Self.isUnique(&storage))
        copies.append(storage)
        #expect(copies[0].start == storage.start)
        #expect(!Self.isUnique(&storage))
        copies.removeAll()
        #expect(Self.isUnique(&storage))
    }

    @inline(never)
    private static func isUnique(_ storage: inout Storage) -> Bool { storage.isUniquelyReferenced() }

    @Test("A request past every limit is refused")
    func refused() {
        let error = #expect(throws: OutOfMemory.self) { _ = try Storage(byteCount: 1 << 60) }
        #expect(error?.requested == 1 << 60)
        #expect(error?.limit == Memory.limit)
    }
}
