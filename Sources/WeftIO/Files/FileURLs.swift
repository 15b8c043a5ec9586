public import WeftNN
public import WeftTensor

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

// Files by their URLs, for programs that have them. The code is emitted where it is called, so that of Foundation only
// what such a program uses itself is linked into it, and nothing into a program that names its files by paths.

/// The tensors in the safetensors file at `url`. See ``SafetensorsFile`` for the metadata as well.
///
/// - Throws: ``SafetensorsError``.
@_alwaysEmitIntoClient
public func loadSafetensors(_ url: URL) throws -> [String: Tensor] {
    try SafetensorsFile(contentsOf: url).tensors
}

/// Writes `tensors` as the safetensors file at `url`, whole or not at all.
///
/// - Throws: ``SafetensorsError``.
@_alwaysEmitIntoClient
public func saveSafetensors(_ tensors: [String: Tensor], to url: URL, metadata: [String: String] = [:]) throws {
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: url)
}

extension SafetensorsFile {
    /// Reads the file at `url`.
    ///
    /// - Throws: ``SafetensorsError``.
    @_alwaysEmitIntoClient
    public init(contentsOf url: URL) throws {
        try self.init(contentsOf: try path(of: url, orThrow: .unreadable))
    }

    /// Writes the file at `url`, whole or not at all.
    ///
    /// - Throws: ``SafetensorsError``.
    @_alwaysEmitIntoClient
    public func write(to url: URL) throws {
        try write(to: try path(of: url, orThrow: .unwritable))
    }
}

extension Checkpointable {
    /// Writes the state dict as the safetensors file at `url`, whole or not at all.
    ///
    /// - Throws: ``SafetensorsError``.
    @_alwaysEmitIntoClient
    public func save(to url: URL, metadata: [String: String] = [:]) throws {
        try saveSafetensors(stateDict, to: url, metadata: metadata)
    }

    /// Gives the parameters the values in the safetensors file at `url`, all of them or, if anything is wrong, none.
    ///
    /// - Throws: ``SafetensorsError`` if the file is not in order, `StateDictError` if it does not fit the module.
    @_alwaysEmitIntoClient
    public func load(from url: URL) throws {
        try load(from: try path(of: url, orThrow: .unreadable))
    }
}

/// Reads digits from the file at `url`, plain or compressed with gzip. See ``loadDigitsCSV(from:)-(String)``.
///
/// - Throws: ``DigitsCSVError``.
@_alwaysEmitIntoClient
public func loadDigitsCSV(from url: URL) throws -> DigitDataset {
    guard url.isFileURL else {
        let message = "the URL is not that of a file"
        throw DigitsCSVError(file: url.absoluteString, kind: .unreadable, message: message)
    }
    return try loadDigitsCSV(from: url.path(percentEncoded: false))
}

/// The path that `url` stands for, or an error if it is not a file's.
@_alwaysEmitIntoClient
func path(of url: URL, orThrow kind: SafetensorsError.Kind) throws(SafetensorsError) -> String {
    guard url.isFileURL else {
        throw SafetensorsError(file: url.absoluteString, kind: kind, message: "the URL is not that of a file")
    }
    return url.path(percentEncoded: false)
}
