import WeftRuntime
public import WeftTensor

/// What a safetensors file holds: tensors by name, and notes by key.
///
/// Tensors have any dtype that Weft has, and any shape that a tensor can have.
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
    /// byte of the data once. The memory used follows the file's length, whatever its header says, and a file whose data
    /// exceeds `Memory.limit` is refused before any of it is read.
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
            try Self.checkMemory(for: header, file: path)
            var tensors: [String: Tensor] = [:]
            for entry in header.entries {
                tensors[entry.name] = try Self.readTensor(entry, of: file, dataOffset: dataOffset)
            }
            self.init(tensors: tensors, metadata: header.metadata)
        } catch let error as FileError {
            throw SafetensorsError(error, kind: .unreadable)
        }
    }

    private static func checkMemory(for header: SafetensorsHeader, file: String) throws(SafetensorsError) {
        let (needed, limit) = (header.entries.reduce(0) { $0 + $1.range.count }, Memory.limit)
        guard needed <= limit else {
            throw SafetensorsError(
                file: file,
                kind: .outOfMemory,
                message: "its tensors take \(ByteCount.describe(needed)) of memory, "
                    + "of which \(ByteCount.describe(limit)) are allowed"
            )
        }
    }

    private static func readTensor(
        _ entry: SafetensorsHeader.Entry,
        of file: borrowing InputFile,
        dataOffset: Int
    ) throws -> Tensor {
        let offset = dataOffset + entry.range.lowerBound
        let tensor = try allocating(for: entry.name, file: file.path) { site in
            Tensor.uninitialized(
                like: Layout(rowMajor: entry.shape),
                dtype: entry.dtype.dtype,
                operation: "safetensors",
                at: site
            )
        }
        defer { withExtendedLifetime(tensor) {} }
        // Nothing else has seen the tensor yet, so its memory may be written.
        let bytes = UnsafeMutableRawBufferPointer(start: tensor.start, count: entry.range.count)
        try file.read(into: bytes, at: offset)
        // Any byte but 0 is true; to kernels only 1 is.
        if entry.dtype == .bool {
            for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
        }
        return tensor
    }

    /// The tensor that `body` makes, or an error if there is no memory for it: neither the end of the process, nor a
    /// failed tensor inside `withTensorErrors`.
    private static func allocating(
        for name: String,
        file: String,
        _ body: (CallSite) -> Tensor
    ) throws(SafetensorsError) -> Tensor {
        do {
            return try withTensorErrors { body(CallSite(#fileID, #line)) }
        } catch {
            let message = (error as? TensorError)?.message ?? "\(error)"
            throw SafetensorsError(file: file, kind: .outOfMemory, tensor: name, message: message)
        }
    }
}

// MARK: - Writing

extension SafetensorsFile {
    /// Writes the file at `path`, whole or not at all: whatever happens, `path` has the new contents or the old.
    ///
    /// The same tensors and metadata always give the same bytes.
    ///
    /// - Throws: ``SafetensorsError``, also for a tensor named `"__metadata__"`, which the format has no room for, and
    ///   for one that has no values because `withTensorErrors` refused what should have computed it.
    public func write(to path: String) throws {
        if tensors[SafetensorsHeader.metadataName] != nil {
            throw SafetensorsError(
                file: path,
                kind: .invalidName,
                tensor: SafetensorsHeader.metadataName,
                message: "the format cannot hold a tensor of this name"
            )
        }
        for (name, tensor) in tensors where tensor.isFailed {
            throw SafetensorsError(
                file: path,
                kind: .failedTensor,
                tensor: name,
                message: "the tensor has no values: an operation that it comes from was refused"
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
                    guard let tensor = tensors[entry.name] else { continue }
                    // Copied here: where there is no memory for that, `withUnsafeBytes` would give zeros.
                    let rows = try Self.allocating(for: entry.name, file: path) { tensor.contiguous(at: $0) }
                    try rows.withUnsafeBytes { try file.write($0) }
                }
            }
        } catch let error as FileError {
            throw SafetensorsError(error, kind: .unwritable)
        }
    }
}
