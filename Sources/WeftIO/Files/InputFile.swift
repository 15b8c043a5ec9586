import WeftRuntime

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A regular file, open for reading at any offset and closed with the value's life.
///
/// Its length is taken when it is opened. A file that shrinks afterwards gives an error where it now ends; this is why
/// it is read and not mapped, where the same event would kill the process.
struct InputFile: ~Copyable {
    let path: String
    let byteCount: Int
    private let descriptor: CInt

    init(path: String) throws(FileError) {
        try FileError.check(path: path)
        // Non-blocking, or opening a named pipe that nobody writes to would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw FileError(path: path, failing: "open it") }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = FileError(path: path, failing: "examine it")
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(path: path, message: "it is not a regular file")
        }
        self.path = path
        self.byteCount = Int(status.st_size)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Fills `buffer` with the bytes that start at `offset`, or throws.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) {
        guard var next = buffer.baseAddress else { return }
        var position = offset
        var remaining = buffer.count
        while remaining > 0 {
            let count = pread(descriptor, next, min(remaining, FileTransfer.largestCall), off_t(position))
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(path: path, failing: "read it")
            }
            if count == 0 {
                throw FileError(
                    path: path,
                    message: "it ends while \(remaining) more bytes were to be read; it was \(byteCount) bytes long",
                    offset: position
                )
            }
            next += count
            position += count
            remaining -= count
        }
    }

    /// The bytes of `range`, which lies within the file.
    func bytes(in range: Range<Int>) throws(FileError) -> [UInt8] {
        var failure: FileError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            do throws(FileError) {
                try read(into: UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
                count = range.count
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }
}
