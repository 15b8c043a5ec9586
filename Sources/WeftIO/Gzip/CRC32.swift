/// The cyclic redundancy check of gzip: CRC-32 with the reflected polynomial `0xEDB88320` (RFC 1952, section 8).
struct CRC32 {
    private var state: UInt32 = .max

    /// The check value of everything seen so far.
    var value: UInt32 { ~state }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            state = Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8)
        }
    }

    /// The remainder of every byte followed by 24 zero bits, so that a byte takes one step and not eight.
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 1 ? 0xEDB8_8320 ^ (remainder >> 1) : remainder >> 1
        }
    }
}
