public import WeftNN
import WeftTensor

/// Writes the state dicts of several modules and optimizers as one safetensors file at `path`, whole or not at all.
///
/// ```swift
/// try saveCheckpoint(["model": model, "optimizer": optimizer], to: "run.safetensors", metadata: ["epoch": "3"])
/// ```
///
/// In the file, names begin with those of the parts: `model.hidden.weight`, `optimizer.state.0.exp_avg`. The name of a
/// part is refused if it is empty or holds a dot.
///
/// - Throws: ``SafetensorsError``.
public func saveCheckpoint(
    _ parts: [String: any Checkpointable],
    to path: String,
    metadata: [String: String] = [:],
    file: StaticString = #fileID,
    line: UInt = #line
) throws {
    checkNames(of: parts, "saveCheckpoint", at: CallSite(file, line))
    var tensors: [String: Tensor] = [:]
    for (part, contents) in parts {
        for (name, tensor) in contents.stateDict { tensors["\(part).\(name)"] = tensor }
    }
    try saveSafetensors(tensors, to: path, metadata: metadata)
}

/// Restores modules and optimizers from a file that ``saveCheckpoint(_:to:metadata:file:line:)`` wrote: all of them or,
/// if anything is wrong, none.
///
/// - Returns: the file's metadata.
/// - Throws: ``SafetensorsError`` if the file is not in order, `StateDictError`, with everything that does not fit, if it
///   does not fit the parts.
@discardableResult
public func loadCheckpoint(
    _ path: String,
    into parts: [String: any Checkpointable],
    file: StaticString = #fileID,
    line: UInt = #line
) throws -> [String: String] {
    checkNames(of: parts, "loadCheckpoint", at: CallSite(file, line))
    let contents = try SafetensorsFile(contentsOf: path)
    var stateDicts = parts.mapValues { _ in [String: Tensor]() }
    var problems: [StateDictError.Problem] = []
    for (name, tensor) in contents.tensors.sorted(by: { $0.key < $1.key }) {
        let pieces = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if pieces.count == 2, parts[pieces[0]] != nil {
            stateDicts[pieces[0]]![pieces[1]] = tensor
        } else {
            problems.append(.unexpected(name: name))
        }
    }
    // What was loaded can be undone: a part always fits its own state, which is shared and not copied.
    var before: [(part: any Checkpointable, stateDict: [String: Tensor])] = []
    for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
        let state = part.stateDict
        do {
            try part.load(stateDict: stateDicts[name]!)
            before.append((part, state))
        } catch let error as StateDictError {
            problems += error.problems.map { $0.prefixed("\(name).") }
        }
    }
    guard problems.isEmpty else {
        for (part, state) in before { try part.load(stateDict: state) }
        throw StateDictError(module: parts.keys.sorted().joined(separator: ", "), file: path, problems: problems)
    }
    return contents.metadata
}

private func checkNames(of parts: [String: any Checkpointable], _ operation: StaticString, at site: CallSite) {
    for name in parts.keys.sorted() where name.isEmpty || name.contains(".") {
        refuse(operation, "a part's name is \"\(name)\"; it must not be empty or hold a dot", at: site)
    }
}
