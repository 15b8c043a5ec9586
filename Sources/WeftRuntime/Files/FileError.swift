#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A file operation that failed: what was tried, and what the system said.
///
/// The public errors of what reads and writes files are made from it, so it names no format.
package struct FileError: Error, Equatable {
    package let path: String
    package let message: String
    /// The byte at which the file turned out wrong, where there is one.
    package let offset: Int?

    package init(path: String, message: String, offset: Int? = nil) {
        self.path = path
        self.message = message
        self.offset = offset
    }

    /// An error for the system call that has just failed, from the calling thread's `errno`.
    package init(path: String, failing action: String) {
        let code = errno
        self.init(path: path, message: "cannot \(action): \(String(cString: strerror(code)))")
    }
}

extension FileError {
    /// Throws if `path` holds a NUL, at which C would cut it and name another file.
    package static func check(path: String) throws(FileError) {
        if path.utf8.contains(0) {
            throw FileError(path: path, message: "the path holds a NUL character")
        }
    }
}
