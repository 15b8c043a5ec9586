import WeftRuntime

/// A file that may be compressed with gzip, and is read as a whole.
package enum PackedFile {
    /// The contents of the file at `path`, decompressed if it begins as a gzip file does.
    ///
    /// - Parameter limit: the most bytes that the file may have, as it is or decompressed.
    package static func bytes(ofFile path: String, limit: Int) throws(PackedFileError) -> [UInt8] {
        let bytes: [UInt8]
        let byteCount: Int
        do throws(FileError) {
            let file = try InputFile(path: path)
            byteCount = file.byteCount
            bytes = byteCount <= limit ? try file.bytes(in: 0..<byteCount) : []
        } catch {
            throw PackedFileError(kind: .unreadable, message: error.message)
        }
        guard byteCount <= limit else {
            let message = "the file has \(byteCount) bytes; at most \(limit) are read"
            throw PackedFileError(kind: .tooLarge, message: message)
        }
        guard Gzip.isGzip(bytes) else { return bytes }
        do throws(GzipError) {
            return try Gzip.decompress(bytes, limit: limit)
        } catch {
            let kind: PackedFileError.Kind = error.kind == .tooLarge ? .tooLarge : .corruptGzip
            throw PackedFileError(kind: kind, message: "the gzip file is refused: \(error)")
        }
    }
}

/// Why a `PackedFile` has no contents.
package struct PackedFileError: Error {
    package enum Kind {
        case unreadable
        case tooLarge
        case corruptGzip
    }

    package let kind: Kind
    /// What is wrong, in a sentence.
    package let message: String
}
