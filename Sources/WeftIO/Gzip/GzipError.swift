/// Why bytes are not a gzip file, and the offset of the compressed byte at which that showed.
struct GzipError: Error, Equatable, CustomStringConvertible {
    enum Kind: Equatable {
        case truncated
        case corrupt
        case tooLarge
    }

    let kind: Kind
    let message: String
    let offset: Int

    var description: String { "\(message) (compressed byte \(offset))" }

    static func truncated(at offset: Int) -> GzipError {
        GzipError(kind: .truncated, message: "the data ends early", offset: offset)
    }

    static func corrupt(_ message: String, at offset: Int) -> GzipError {
        GzipError(kind: .corrupt, message: message, offset: offset)
    }
}
