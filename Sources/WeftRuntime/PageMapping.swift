#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Memory straight from the operating system.
enum PageMapping {
    private static let hugePage = 2 << 20

    /// Maps `byteCount` bytes, zeroed. From 2 MiB on they are aligned to 2 MiB and advised to use huge pages,
    /// because first touch costs about ten times the write itself with small ones. Nil if there are none.
    static func map(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        guard byteCount >= hugePage else { return anonymous(byteCount) }
        guard let raw = anonymous(byteCount + hugePage) else { return nil }
        let address = UInt(bitPattern: raw)
        let aligned = (address + UInt(hugePage - 1)) & ~UInt(hugePage - 1)
        let start = UnsafeMutableRawPointer(bitPattern: aligned)!
        let before = Int(aligned - address)
        if before > 0 { munmap(raw, before) }
        if hugePage - before > 0 { munmap(start + byteCount, hugePage - before) }
        #if os(Linux)
            // Only advice: a machine without huge pages runs on without them.
            _ = madvise(start, byteCount, Int32(MADV_HUGEPAGE))
        #endif
        return start
    }

    static func unmap(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
        munmap(start, byteCount)
    }

    /// `byteCount` rounded up to whole pages.
    static func rounded(_ byteCount: Int) -> Int {
        let page = byteCount >= hugePage ? hugePage : 4096
        return (byteCount + page - 1) / page * page
    }

    private static func anonymous(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        let pages = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        return pages == MAP_FAILED ? nil : pages
    }
}
