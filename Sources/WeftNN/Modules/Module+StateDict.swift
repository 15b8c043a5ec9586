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
        let problems = found.flatMap { Self.problems(of: $0, in: stateDict) }
        let unexpected = Set(stateDict.keys).subtracting(found.map(\.name)).sorted()
        let conflicts = Self.conflicts(among: found, in: stateDict)
        let all = problems + unexpected.map { .unexpected(name: $0) } + conflicts
        guard all.isEmpty else { throw StateDictError(module: "\(Self.self)", problems: all) }
        for (name, parameter) in found {
            if let value = stateDict[name] { parameter.value = value }
        }
    }

    private static func problems(
        of expected: (name: String, parameter: Parameter),
        in stateDict: [String: Tensor]
    ) -> [StateDictError.Problem] {
        let name = expected.name
        guard let value = stateDict[name] else { return [.missing(name: name)] }
        var problems: [StateDictError.Problem] = []
        let current = expected.parameter.value
        if value.shape != current.shape {
            problems.append(.shape(name: name, expected: current.shape, found: value.shape))
        }
        if value.dtype != current.dtype {
            problems.append(.dtype(name: name, expected: current.dtype, found: value.dtype))
        }
        return problems
    }

    /// Shared parameters whose names have different values in `stateDict`: either choice would be wrong.
    private static func conflicts(
        among found: [(name: String, parameter: Parameter)],
        in stateDict: [String: Tensor]
    ) -> [StateDictError.Problem] {
        var first: [ObjectIdentifier: (name: String, value: Tensor)] = [:]
        return found.compactMap { name, parameter in
            guard let value = stateDict[name] else { return nil }
            guard let other = first.updateValue((name, value), forKey: ObjectIdentifier(parameter)) else { return nil }
            return haveEqualBytes(other.value, value) ? nil : .conflict(names: [other.name, name])
        }
    }

    private static func haveEqualBytes(_ a: Tensor, _ b: Tensor) -> Bool {
        a.withUnsafeBytes { a in b.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
}
