import WeftRuntime

/// What is wrong with a safetensors file, and where.
///
/// Thrown by everything that reads or writes one. Nothing of a refused file is returned. A file that could not be written
/// has left the one before it as it was, unless only the last step failed, which makes its name survive a crash: then the
/// new file is in place, and whole.
public struct SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing is wrong.
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened or read, or is not a regular file.
        case unreadable
        /// The file cannot be created, written, or brought to the disk.
        case unwritable
        /// The file ends before its header does.
        case truncated
        /// The header is said to be longer than the format's limit of 100,000,000 bytes.
        case headerTooLarge
        /// The header is not UTF-8.
        case invalidUTF8
        /// The header is not a JSON object.
        case invalidJSON
        /// A name occurs twice in one JSON object.
        case duplicateName
        /// A tensor to be written has the name that is reserved for metadata.
        case invalidName
        /// A tensor's entry or the metadata lack a field, or have one of the wrong JSON type.
        case invalidEntry
        /// A tensor's dtype is unknown; or, as the message says then, one of the format's that Weft has no tensors of.
        case unsupportedDType
        /// A shape has a size that does not fit.
        case invalidShape
        /// A tensor has more axes than one of Weft's can have. The file may well be in order.
        case unsupportedRank
        /// A tensor's range is reversed or reaches past the end of the file.
        case invalidOffsets
        /// A tensor's range is not as long as its shape and dtype require.
        case sizeMismatch
        /// Two tensors share bytes.
        case overlap
        /// Some bytes of the data belong to no tensor.
        case gap
        /// A tensor to be written has no values: it comes from an operation that `withTensorErrors` refused.
        case failedTensor
        /// The tensors of the file, or the copy of one that is to be written, take more memory than there is.
        case outOfMemory
    }

    /// The path of the file.
    public let file: String
    /// What kind of thing is wrong.
    public let kind: Kind
    /// The tensor concerned, if it is one.
    public let tensor: String?
    /// The byte of the file at which the mistake shows, if it shows in one place.
    public let offset: Int?
    /// What is wrong, in a sentence.
    public let message: String

    public init(file: String, kind: Kind, tensor: String? = nil, offset: Int? = nil, message: String) {
        self.file = file
        self.kind = kind
        self.tensor = tensor
        self.offset = offset
        self.message = message
    }

    public var description: String {
        var description = file
        if let offset { description += ", byte \(offset)" }
        // Escaped and shortened: a hostile name must not write to somebody's terminal, nor fill it.
        if let tensor { description += ", tensor \(quoted(tensor))" }
        return "\(description): \(message)"
    }
}

extension SafetensorsError {
    init(_ error: FileError, kind: Kind, tensor: String? = nil) {
        self.init(file: error.path, kind: kind, tensor: tensor, offset: error.offset, message: error.message)
    }
}
