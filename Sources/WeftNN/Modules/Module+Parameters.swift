extension Module {
    /// The parameters of this module and of those within it, each one once, in the order of the properties.
    public var parameters: [Parameter] {
        namedParameters.map(\.parameter)
    }

    /// ``parameters`` with their names; a parameter that several names lead to has the first of them.
    public var namedParameters: [(name: String, parameter: Parameter)] {
        var seen: Set<ObjectIdentifier> = []
        return ModuleWalk(self).found.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    }

    /// The number of elements of all ``parameters``.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + $1.value.count }
    }

    /// Forgets the gradients of all ``parameters``; they are `nil` afterwards.
    public func zeroGrad() {
        for parameter in parameters { parameter.zeroGrad() }
    }
}
