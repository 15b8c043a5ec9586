#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The text that a file begins with, without white space around it; nil if it cannot be read.
///
/// For what the system says of itself in files, whose lengths it does not tell: they are read until they end, or up to
/// `limit` bytes.
func text(ofFile path: String, limit: Int = 1 << 16) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while bytes.count < limit {
        let (filled, room) = (bytes.count, min(4096, limit - bytes.count))
        bytes += repeatElement(0, count: room)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress! + filled, room) }
        bytes.removeLast(room - max(count, 0))
        if count == 0 { break }
        if count < 0, errno != EINTR { return nil }
    }
    return String(decoding: trimmed(bytes[...]), as: UTF8.self)
}

/// `text` without spaces, tabs and line ends around it.
func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || (0x9...0xD).contains(byte) }
    let start = text.drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return [] }
    return start[...last]
}
