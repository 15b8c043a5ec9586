public import WeftTensor

extension Module {
    /// The values of all parameters by name, cut off from the tape.
    ///
    /// A parameter that several names lead to is under each of them. Nothing is copied: the tensors share memory with
    /// the parameters until those change.
    public var stateDict: [String: Tensor] {
        Dictionary(uniqueKeysWithValues: ModuleWalk(self).found.map { ($0.name, $0.parameter.value.detached()) })
    }

    /// Gives the parameters the values in `stateDict`, all of them or, if it does not fit, none.
    ///
    /// It fits if it has this module's names and no others, every value has its parameter's shape and dtype, and the
    /// names that lead to one parameter have equal values. Gradients stay as they are.
    ///
    /// - Throws: ``StateDictError``, which lists everything that does not fit.
    public func load(stateDict: [String: Tensor]) throws {
        let found = ModuleWalk(self).found
        var problems: [StateDictError.Problem] = []
        var fitting: [Assignment] = []
        for (name, parameter) in found {
            let misfits = Self.misfits(of: stateDict[name], to: parameter, name: name)
            problems += misfits
            // Copied before anything is assigned: there may be no memory for it.
            guard misfits.isEmpty, let value = stateDict[name]?.contiguous() else { continue }
            if value.isFailed { problems.append(.failed(name: name)) }
            fitting.append(Assignment(name: name, parameter: parameter, value: value))
        }
        problems += Set(stateDict.keys).subtracting(found.map(\.name)).sorted().map { .unexpected(name: $0) }
        problems += Self.conflicts(among: fitting.filter { !$0.value.isFailed })
        guard problems.isEmpty else { throw StateDictError(module: "\(Self.self)", problems: problems) }
        for assignment in fitting { assignment.parameter.value = assignment.value }
    }

    private static func misfits(
        of value: Tensor?,
        to parameter: Parameter,
        name: String
    ) -> [StateDictError.Problem] {
        guard let value else { return [.missing(name: name)] }
        if value.isFailed { return [.failed(name: name)] }
        var problems: [StateDictError.Problem] = []
        let current = parameter.value
        if value.shape != current.shape {
            problems.append(.shape(name: name, expected: current.shape, found: value.shape))
        }
        if value.dtype != current.dtype {
            problems.append(.dtype(name: name, expected: current.dtype, found: value.dtype))
        }
        return problems
    }

    /// Shared parameters that would get different values by their names: either choice would be wrong.
    private static func conflicts(among assignments: [Assignment]) -> [StateDictError.Problem] {
        var first: [ObjectIdentifier: Assignment] = [:]
        return assignments.compactMap { next in
            guard let other = first.updateValue(next, forKey: ObjectIdentifier(next.parameter)) else { return nil }
            return haveEqualBytes(other.value, next.value) ? nil : .conflict(names: [other.name, next.name])
        }
    }

    private static func haveEqualBytes(_ a: Tensor, _ b: Tensor) -> Bool {
        a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
}

/// A value that fits the parameter that it is for.
private struct Assignment {
    let name: String
    let parameter: Parameter
    let value: Tensor
}
