public import WeftTensor

/// The tensors in the safetensors file at `path`. See ``SafetensorsFile`` for the metadata as well.
///
/// - Throws: ``SafetensorsError``.
public func loadSafetensors(_ path: String) throws -> [String: Tensor] {
    try SafetensorsFile(contentsOf: path).tensors
}

/// Writes `tensors` as the safetensors file at `path`, whole or not at all.
///
/// - Throws: ``SafetensorsError``.
public func saveSafetensors(_ tensors: [String: Tensor], to path: String, metadata: [String: String] = [:]) throws {
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: path)
}
