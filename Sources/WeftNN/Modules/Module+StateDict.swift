public import WeftTensor

extension Module {
    /// The values of all parameters and persistent buffers by name, cut off from the tape.
    ///
    /// One that several names lead to is under each of them. Nothing is copied: the tensors share memory with the
    /// parameters and buffers until those change.
    public var stateDict: [String: Tensor] {
        let persistent = ModuleWalk(self).found.filter(\.entry.isPersistent)
        return Dictionary(uniqueKeysWithValues: persistent.map { ($0.name, $0.entry.value.detached()) })
    }

    /// Gives the parameters and persistent buffers the values in `stateDict`, all of them or, if it does not fit, none.
    ///
    /// It fits if it has this module's names and no others, every value has the shape and dtype of what it is for, and
    /// the names that lead to one parameter or buffer have equal values. Gradients stay as they are.
    ///
    /// - Throws: ``StateDictError``, which lists everything that does not fit.
    public func load(stateDict: [String: Tensor]) throws {
        let found = ModuleWalk(self).found.filter(\.entry.isPersistent)
        var problems: [StateDictError.Problem] = []
        var fitting: [Assignment] = []
        for (name, entry) in found {
            let misfits = stateDictMisfits(of: stateDict[name], to: entry.value, name: name)
            problems += misfits
            // Copied before anything is assigned: there may be no memory for it.
            guard misfits.isEmpty, let value = stateDict[name]?.contiguous() else { continue }
            if value.isFailed { problems.append(.failed(name: name)) }
            fitting.append(Assignment(name: name, entry: entry, value: value))
        }
        problems += Set(stateDict.keys).subtracting(found.map(\.name)).sorted().map { .unexpected(name: $0) }
        problems += Self.conflicts(among: fitting.filter { !$0.value.isFailed })
        guard problems.isEmpty else { throw StateDictError(module: "\(Self.self)", problems: problems) }
        for assignment in fitting { assignment.entry.value = assignment.value }
    }

    /// Shared parameters and buffers that would get different values by their names: either choice would be wrong.
    private static func conflicts(among assignments: [Assignment]) -> [StateDictError.Problem] {
        var first: [ObjectIdentifier: Assignment] = [:]
        return assignments.compactMap { next in
            guard let other = first.updateValue(next, forKey: next.entry.identity) else { return nil }
            return haveEqualBytes(other.value, next.value) ? nil : .conflict(names: [other.name, next.name])
        }
    }

    private static func haveEqualBytes(_ a: Tensor, _ b: Tensor) -> Bool {
        a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
}

/// A value that fits the parameter or buffer that it is for.
private struct Assignment {
    let name: String
    let entry: ModuleWalk.Entry
    let value: Tensor
}

/// What keeps `value`, which has the name `name` in a state dict, from taking the place of a tensor like `current`.
func stateDictMisfits(of value: Tensor?, to current: Tensor, name: String) -> [StateDictError.Problem] {
    guard let value else { return [.missing(name: name)] }
    if value.isFailed { return [.failed(name: name)] }
    var problems: [StateDictError.Problem] = []
    if value.shape != current.shape {
        problems.append(.shape(name: name, expected: current.shape, found: value.shape))
    }
    if value.dtype != current.dtype {
        problems.append(.dtype(name: name, expected: current.dtype, found: value.dtype))
    }
    return problems
}
