/// Reads bytes as a stream of bits, the lowest bit of every byte first (RFC 1951, section 3.1.1).
struct BitReader {
    private let bytes: [UInt8]
    /// The next byte to enter the window.
    private var next: Int
    /// Bits that have left `bytes` and have not been taken; the next bit is the lowest.
    private var window: UInt64 = 0
    private var windowCount = 0

    init(_ bytes: [UInt8], at position: Int) {
        self.bytes = bytes
        self.next = position
    }

    /// The offset of the first byte of which no bit has been taken.
    var position: Int { next - windowCount / 8 }

    /// The next `count` bits without taking them, the first one lowest; zeros stand in for bits past the end.
    mutating func peek(_ count: Int) -> Int {
        fill(to: count)
        return Int(window & (1 << UInt64(count) - 1))
    }

    /// Takes `count` bits, which a `peek` has brought into the window if they exist.
    mutating func drop(_ count: Int) throws(GzipError) {
        guard count <= windowCount else { throw .truncated(at: bytes.count) }
        window >>= UInt64(count)
        windowCount -= count
    }

    /// Takes the next `count` bits, at most 32, the first one lowest.
    mutating func take(_ count: Int) throws(GzipError) -> Int {
        let value = peek(count)
        try drop(count)
        return value
    }

    /// Takes what is left of a byte that was begun.
    mutating func alignToByte() {
        let partial = windowCount % 8
        window >>= UInt64(partial)
        windowCount -= partial
    }

    /// Takes the next `count` bytes. The reader is at the start of a byte.
    mutating func takeBytes(_ count: Int) throws(GzipError) -> ArraySlice<UInt8> {
        let start = position
        guard count <= bytes.count - start else { throw .truncated(at: bytes.count) }
        window = 0
        windowCount = 0
        next = start + count
        return bytes[start..<next]
    }

    private mutating func fill(to count: Int) {
        while windowCount < count, next < bytes.count {
            window |= UInt64(bytes[next]) << UInt64(windowCount)
            windowCount += 8
            next += 1
        }
    }
}
