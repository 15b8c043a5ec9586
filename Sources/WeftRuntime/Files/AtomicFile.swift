#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Replaces the file at `path` with what `body` writes, whole or not at all.
///
/// The bytes go to a new file in the same directory, reach the disk, and take the old file's name in one step; then the
/// directory itself is synced. Whatever fails, and whenever the machine stops, `path` holds the old file or the new one.
/// If anything throws, the new file is removed, unless it has already taken the name and only the directory could not be
/// synced.
///
/// A symbolic link is followed: its target is replaced, not the link; but a link that leads nowhere is replaced itself.
/// What is no regular file, such as a folder, a device or a named pipe, is refused before `body` is called. The new file
/// has the permissions of the one that it replaces, or else those that the process gives to any new file.
package func replaceFile(atPath path: String, _ body: (inout AtomicFile) throws -> Void) throws {
    var file = try AtomicFile(replacing: path)
    try body(&file)
    try file.commit()
}

/// A file being written to take another's place.
///
/// Until ``commit()`` it has a name of its own, and it is removed if the value dies without one.
package struct AtomicFile: ~Copyable {
    private let destination: String
    private let directory: String
    private let temporary: String
    private let descriptor: CInt
    private var isCommitted = false

    /// Finds out, before the work rather than after it, whether a file at `path` can be replaced: makes and removes a
    /// file beside it.
    package static func check(replacing path: String) throws(FileError) {
        _ = try AtomicFile(replacing: path)
    }

    init(replacing path: String) throws(FileError) {
        try FileError.check(path: path)
        let destination = Self.resolvingLinks(path)
        let directory = Self.directory(of: destination)

        var replaced = stat()
        let exists = stat(destination, &replaced) == 0
        guard !exists || replaced.st_mode & S_IFMT == S_IFREG else {
            throw FileError(path: path, message: "it is not a regular file")
        }

        // A short name of its own: one derived from the destination's could exceed what a directory allows.
        let tag = String(UInt64.random(in: .min ... .max), radix: 16)
        let temporary = "\(directory)/.weft-\(tag).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, failing: "create a file beside it") }

        if exists, fchmod(descriptor, replaced.st_mode & 0o777) != 0 {
            let error = FileError(path: path, failing: "keep its permissions")
            close(descriptor)
            unlink(temporary)
            throw error
        }
        self.destination = destination
        self.directory = directory
        self.temporary = temporary
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(temporary) }
    }

    /// Appends `bytes`.
    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        guard var next = bytes.baseAddress else { return }
        var remaining = bytes.count
        while remaining > 0 {
            #if canImport(Darwin)
                let count = Darwin.write(descriptor, next, min(remaining, FileTransfer.largestCall))
            #elseif canImport(Glibc)
                let count = Glibc.write(descriptor, next, min(remaining, FileTransfer.largestCall))
            #elseif canImport(Musl)
                let count = Musl.write(descriptor, next, min(remaining, FileTransfer.largestCall))
            #endif
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(path: destination, failing: "write to it")
            }
            next += count
            remaining -= count
        }
    }

    /// Appends `bytes`.
    package mutating func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    mutating func commit() throws(FileError) {
        guard Self.sync(descriptor) == 0 else { throw FileError(path: destination, failing: "bring it to the disk") }
        guard rename(temporary, destination) == 0 else { throw FileError(path: destination, failing: "replace it") }
        isCommitted = true
        try syncDirectory()
    }

    /// Makes the new name itself survive a crash.
    private func syncDirectory() throws(FileError) {
        // A directory that may be written but not read cannot be opened; the file is in place all the same.
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Some file systems cannot sync a directory and say so with EINVAL; there is nothing more to ask of them.
        guard Self.sync(descriptor) == 0 || errno == EINVAL else {
            throw FileError(path: destination, failing: "bring its directory to the disk")
        }
    }

    private static func sync(_ descriptor: CInt) -> CInt {
        #if canImport(Darwin)
            // Here fsync leaves the bytes in the drive's own cache; file systems without the stronger call refuse it.
            if fcntl(descriptor, F_FULLFSYNC) == 0 { return 0 }
        #endif
        return fsync(descriptor)
    }

    private static func resolvingLinks(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
