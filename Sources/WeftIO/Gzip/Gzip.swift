/// Decompresses gzip files (RFC 1952).
enum Gzip {
    /// Whether `bytes` begin as a gzip file does.
    static func isGzip(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: magic)
    }

    /// The decompressed contents of all members of `bytes`, at most `limit` bytes.
    ///
    /// The check values and lengths that the file carries are verified, and every byte of it must belong to a member.
    static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        var contents: [UInt8] = []
        var position = 0
        repeat {
            contents += try decompressMember(of: bytes, at: &position, limit: limit - contents.count)
        } while position < bytes.count
        return contents
    }

    private static let magic: [UInt8] = [0x1F, 0x8B]

    private static func decompressMember(
        of bytes: [UInt8],
        at position: inout Int,
        limit: Int
    ) throws(GzipError) -> [UInt8] {
        try skipHeader(of: bytes, at: &position)
        let stream = try Inflate(bytes, at: position, limit: limit)
        position = stream.end

        var checksum = CRC32()
        checksum.update(stream.output)
        let trailer = position
        guard try takeInteger(4, of: bytes, at: &position) == checksum.value else {
            throw .corrupt("the data does not match its CRC-32", at: trailer)
        }
        guard try takeInteger(4, of: bytes, at: &position) == UInt32(truncatingIfNeeded: stream.output.count) else {
            throw .corrupt("the data does not have the length it declares", at: trailer + 4)
        }
        return stream.output
    }

    private static func skipHeader(of bytes: [UInt8], at position: inout Int) throws(GzipError) {
        let start = position
        let identification = try take(2, of: bytes, at: &position)
        guard identification.elementsEqual(magic) else {
            throw .corrupt("no gzip member begins here", at: start)
        }
        guard try takeInteger(1, of: bytes, at: &position) == 8 else {
            throw .corrupt("the compression method is not deflate", at: start + 2)
        }
        let flags = Flags(rawValue: UInt8(try takeInteger(1, of: bytes, at: &position)))
        guard flags.isDisjoint(with: .reserved) else {
            throw .corrupt("the header sets reserved flags", at: start + 3)
        }
        // The time of modification, hints about the compression, and the file system that the file came from.
        _ = try take(6, of: bytes, at: &position)
        if flags.contains(.extra) {
            let count = try takeInteger(2, of: bytes, at: &position)
            _ = try take(Int(count), of: bytes, at: &position)
        }
        for text in [Flags.name, .comment] where flags.contains(text) {
            guard let end = bytes[position...].firstIndex(of: 0) else { throw .truncated(at: bytes.count) }
            position = end + 1
        }
        if flags.contains(.headerChecksum) {
            var checksum = CRC32()
            checksum.update(bytes[start..<position])
            let trailer = position
            guard try takeInteger(2, of: bytes, at: &position) == checksum.value & 0xFFFF else {
                throw .corrupt("the header does not match its checksum", at: trailer)
            }
        }
    }

    private struct Flags: OptionSet {
        let rawValue: UInt8

        static let headerChecksum = Flags(rawValue: 1 << 1)
        static let extra = Flags(rawValue: 1 << 2)
        static let name = Flags(rawValue: 1 << 3)
        static let comment = Flags(rawValue: 1 << 4)
        static let reserved = Flags(rawValue: 0b1110_0000)
    }

    private static func take(
        _ count: Int,
        of bytes: [UInt8],
        at position: inout Int
    ) throws(GzipError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw .truncated(at: bytes.count) }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// An unsigned integer of `count` bytes, the lowest first.
    private static func takeInteger(
        _ count: Int,
        of bytes: [UInt8],
        at position: inout Int
    ) throws(GzipError) -> UInt32 {
        try take(count, of: bytes, at: &position).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}
