#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

package enum StandardError {
    /// Writes `text` at once, past the C library's buffers. A failure has nowhere to be reported and is ignored.
    package static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest)
                #if canImport(Darwin)
                    let count = Darwin.write(STDERR_FILENO, piece.baseAddress, piece.count)
                #elseif canImport(Glibc)
                    let count = Glibc.write(STDERR_FILENO, piece.baseAddress, piece.count)
                #elseif canImport(Musl)
                    let count = Musl.write(STDERR_FILENO, piece.baseAddress, piece.count)
                #endif
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = rest.dropFirst(count)
            }
        }
    }
}
