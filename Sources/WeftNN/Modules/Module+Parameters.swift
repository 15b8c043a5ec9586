extension Module {
    /// The parameters of this module and of those within it, each one once, in the order of the properties.
    public var parameters: [Parameter] {
        namedParameters.map(\.parameter)
    }

    /// ``parameters`` with their names; a parameter that several names lead to has the first of them.
    public var namedParameters: [(name: String, parameter: Parameter)] {
        ModuleWalk(self).unique.compactMap { name, entry in
            if case .parameter(let parameter) = entry { (name, parameter) } else { nil }
        }
    }

    /// The buffers of this module and of those within it, each one once, in the order of the properties, whether
    /// persistent or not.
    public var buffers: [Buffer] { namedBuffers.map(\.buffer) }

    /// ``buffers`` with their names; a buffer that several names lead to has the first of them.
    public var namedBuffers: [(name: String, buffer: Buffer)] {
        ModuleWalk(self).unique.compactMap { name, entry in
            if case .buffer(let buffer) = entry { (name, buffer) } else { nil }
        }
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
