public import WeftNN

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension Checkpointable {
    /// Writes the state dict as the safetensors file at `path`, whole or not at all.
    ///
    /// - Throws: ``SafetensorsError``.
    public func save(to path: String, metadata: [String: String] = [:]) throws {
        try saveSafetensors(stateDict, to: path, metadata: metadata)
    }

    /// Writes the state dict as the safetensors file at `url`, whole or not at all.
    ///
    /// - Throws: ``SafetensorsError``.
    public func save(to url: URL, metadata: [String: String] = [:]) throws {
        try saveSafetensors(stateDict, to: url, metadata: metadata)
    }

    /// Takes over everything in the safetensors file at `path` or, if anything is wrong, nothing.
    ///
    /// - Throws: ``SafetensorsError`` if the file is not in order, `StateDictError` if it does not fit the module
    ///   or optimizer.
    public func load(from path: String) throws {
        let tensors = try loadSafetensors(path)
        do {
            try load(stateDict: tensors)
        } catch let error as StateDictError {
            throw StateDictError(module: error.module, file: path, problems: error.problems)
        }
    }

    /// Takes over everything in the safetensors file at `url` or, if anything is wrong, nothing.
    ///
    /// - Throws: ``SafetensorsError`` if the file is not in order, `StateDictError` if it does not fit the module
    ///   or optimizer.
    public func load(from url: URL) throws {
        try load(from: try path(of: url, orThrow: .unreadable))
    }
}
