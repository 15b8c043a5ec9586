public import WeftTensor

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a safetensors file holds: tensors by name, and notes by key.
///
/// Tensors are float32, int64 or bool, of any shape that a tensor can have.
public struct SafetensorsFile: Sendable {
    public var tensors: [String: Tensor]
    /// Strings that say something about the tensors; the format gives them no meaning.
    public var metadata: [String: String]

    public init(tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }
}

// MARK: - Reading

extension SafetensorsFile {
    /// Reads the file at `path`.
    ///
    /// The file is checked before a tensor is made: its header is well-formed, without a name twice, and describes every
    /// byte of the data once. The memory used follows the file's length, whatever its header says.
    ///
    /// - Throws: ``SafetensorsError``.
    public init(contentsOf path: String) throws {
        do {
            let file = try InputFile(path: path)
            let prefix = try file.bytes(in: 0..<min(file.byteCount, SafetensorsHeader.prefixByteCount))
            let count = try SafetensorsHeader.byteCount(prefix: prefix, fileByteCount: file.byteCount, file: path)
            let dataOffset = prefix.count + count
            let header = try SafetensorsHeader(
                parsing: try file.bytes(in: prefix.count..<dataOffset),
                dataByteCount: file.byteCount - dataOffset,
                file: path
            )
            var tensors: [String: Tensor] = [:]
            for entry in header.entries {
                tensors[entry.name] = try Self.readTensor(entry, of: file, dataOffset: dataOffset)
            }
            self.init(tensors: tensors, metadata: header.metadata)
        } catch let error as FileError {
            throw SafetensorsError(error, kind: .unreadable)
        }
    }

    /// Reads the file at `url`.
    ///
    /// - Throws: ``SafetensorsError``.
    public init(contentsOf url: URL) throws {
        try self.init(contentsOf: try path(of: url, orThrow: .unreadable))
    }

    private static func readTensor(
        _ entry: SafetensorsHeader.Entry,
        of file: borrowing InputFile,
        dataOffset: Int
    ) throws -> Tensor {
        let offset = dataOffset + entry.range.lowerBound
        let bytes = try file.bytes(in: offset..<offset + entry.range.count)
        if entry.dtype == .bool, let index = bytes.firstIndex(where: { $0 > 1 }) {
            throw SafetensorsError(
                file: file.path,
                kind: .invalidValue,
                tensor: entry.name,
                offset: offset + index,
                message: "a truth value is the byte \(bytes[index]); it must be 0 or 1"
            )
        }
        return bytes.withUnsafeBytes { Tensor(bytes: $0, shape: entry.shape, dtype: entry.dtype.dtype) }
    }
}

// MARK: - Writing

extension SafetensorsFile {
    /// Writes the file at `path`, whole or not at all: whatever happens, `path` has the new contents or the old.
    ///
    /// The same tensors and metadata always give the same bytes.
    ///
    /// - Throws: ``SafetensorsError``, also for a tensor named `""` or `"__metadata__"`, which the format has no room for.
    public func write(to path: String) throws {
        for name in tensors.keys where name.isEmpty || name == SafetensorsHeader.metadataName {
            throw SafetensorsError(
                file: path,
                kind: .invalidName,
                tensor: name,
                message: "the format cannot hold a tensor of this name"
            )
        }
        let header = SafetensorsHeader(
            layingOut: tensors.map { name, tensor in
                (name, SafetensorsDType(tensor.dtype), tensor.shape, tensor.count * tensor.dtype.size)
            },
            metadata: metadata
        )
        let prefix = header.serialized()
        guard prefix.count - SafetensorsHeader.prefixByteCount <= SafetensorsHeader.maximumByteCount else {
            throw SafetensorsError(
                file: path,
                kind: .headerTooLarge,
                message: "names and metadata take \(prefix.count) bytes; "
                    + "at most \(SafetensorsHeader.maximumByteCount) are allowed"
            )
        }
        do {
            try replaceFile(atPath: path) { file in
                try file.write(prefix)
                for entry in header.entries {
                    try tensors[entry.name]?.withUnsafeBytes { try file.write($0) }
                }
            }
        } catch let error as FileError {
            throw SafetensorsError(error, kind: .unwritable)
        }
    }

    /// Writes the file at `url`, whole or not at all.
    ///
    /// - Throws: ``SafetensorsError``.
    public func write(to url: URL) throws {
        try write(to: try path(of: url, orThrow: .unwritable))
    }
}

/// The path that `url` stands for, or an error if it is not a file's.
func path(of url: URL, orThrow kind: SafetensorsError.Kind) throws(SafetensorsError) -> String {
    guard url.isFileURL else {
        throw SafetensorsError(file: url.absoluteString, kind: kind, message: "the URL is not that of a file")
    }
    return url.path(percentEncoded: false)
}
