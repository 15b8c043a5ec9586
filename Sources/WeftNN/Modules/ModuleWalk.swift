import WeftTensor

/// Finds the parameters and buffers of a module in its stored properties. See ``Module`` for what counts and what is
/// refused.
struct ModuleWalk {
    /// What a module holds.
    enum Entry {
        case parameter(Parameter)
        case buffer(Buffer)

        /// What tells it from others, whatever its names.
        var identity: ObjectIdentifier {
            switch self {
            case .parameter(let parameter): ObjectIdentifier(parameter)
            case .buffer(let buffer): ObjectIdentifier(buffer)
            }
        }

        var value: Tensor {
            get {
                switch self {
                case .parameter(let parameter): parameter.value
                case .buffer(let buffer): buffer.value
                }
            }
            nonmutating set {
                switch self {
                case .parameter(let parameter): parameter.value = newValue
                case .buffer(let buffer): buffer.value = newValue
                }
            }
        }

        /// Whether it is in the state dict.
        var isPersistent: Bool {
            switch self {
            case .parameter: true
            case .buffer(let buffer): buffer.isPersistent
            }
        }
    }

    /// Every parameter and buffer under every name that leads to it, in the order of the properties.
    private(set) var found: [(name: String, entry: Entry)] = []
    private var names: Set<String> = []
    /// The modules that the walk is in the middle of, so that it does not follow a reference back to one of them.
    private var open: Set<ObjectIdentifier> = []

    init(_ root: any Module) {
        enter(root, name: "")
    }

    /// Each parameter and buffer once, under the first of its names.
    var unique: [(name: String, entry: Entry)] {
        var seen: Set<ObjectIdentifier> = []
        return found.filter { seen.insert($0.entry.identity).inserted }
    }
}

/// A module that gives its parts positions for names, as a list does, and not a property's name before those.
protocol IndexedModule: Module {
    var indexed: [any Module] { get }
}

/// A module whose parameters have names that no stored property can have, such as those of any number of layers.
protocol ParameterNaming: Module {
    var ownParameters: [(name: String, parameter: Parameter)] { get }
}

/// A module that has names of its own for its parts, as a dictionary does, and not a property's name before those.
protocol NamedModules: Module {
    var named: [(name: String, module: any Module)] { get }
}

extension ModuleWalk {
    private mutating func enter(_ module: any Module, name: String) {
        guard open.insert(ObjectIdentifier(module)).inserted else { return }
        defer { open.remove(ObjectIdentifier(module)) }
        if let list = module as? any IndexedModule {
            for (index, element) in list.indexed.enumerated() { enter(element, name: join(name, "\(index)")) }
            return
        }
        if let dictionary = module as? any NamedModules {
            for (key, element) in dictionary.named { enter(element, name: join(name, key)) }
            return
        }
        let owner = "\(type(of: module))"
        if let naming = module as? any ParameterNaming {
            for (own, parameter) in naming.ownParameters {
                add(.parameter(parameter), name: join(name, own), owner: owner)
            }
            return
        }
        var levels = [Mirror(reflecting: module)]
        while let parent = levels.last?.superclassMirror { levels.append(parent) }
        var renamed = Set(type(of: module).stateDictNames.keys)
        // A superclass's properties exist before its subclass's.
        for level in levels.reversed() {
            let names = (level.subjectType as? any Module.Type)?.stateDictNames ?? [:]
            for (label, value) in level.children {
                guard let label else { continue }
                renamed.remove(label)
                visit(value, name: join(name, names[label] ?? label), owner: owner)
            }
        }
        if let label = renamed.min() {
            refuse("Module", "\(owner) has no stored property \(label), which its stateDictNames name", at: nil)
        }
    }

    private mutating func visit(_ value: Any, name: String, owner: String) {
        // Told apart by kind before any cast: asking an array whether it is a class instance makes the runtime
        // bridge it to one, element by element.
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .class: visitObject(value, name: name, owner: owner)
        case .struct:
            guard let tensor = value as? Tensor, tensor.requiresGrad else { return }
            refuse(
                "Module",
                "\(name) in \(owner) is a tensor that requires a gradient; to train it, write Parameter(…)",
                at: nil
            )
        case .optional:
            for (_, wrapped) in mirror.children { visit(wrapped, name: name, owner: owner) }
        case .collection:
            if let list = value as? any ElementTyped, type(of: list).hasPlainElements { return }
            for (index, child) in mirror.children.enumerated() {
                visit(child.value, name: join(name, "\(index)"), owner: owner)
            }
        case .dictionary: visitDictionary(value, mirror, name: name, owner: owner)
        case .set, .tuple: refuseNameless(mirror.children.map(\.value), name: name, owner: owner)
        default: break
        }
    }

    private mutating func visitObject(_ value: Any, name: String, owner: String) {
        if let parameter = value as? Parameter {
            add(.parameter(parameter), name: name, owner: owner)
        } else if let buffer = value as? Buffer {
            add(.buffer(buffer), name: name, owner: owner)
        } else if let module = value as? any Module {
            enter(module, name: name)
        }
    }

    private mutating func add(_ entry: Entry, name: String, owner: String) {
        guard names.insert(name).inserted else {
            return refuse("Module", "\(owner) has two parameters or buffers with the name \(name)", at: nil)
        }
        found.append((name, entry))
    }

    private mutating func visitDictionary(_ value: Any, _ mirror: Mirror, name: String, owner: String) {
        guard let dictionary = value as? [String: Any] else {
            let pairs = mirror.children.map { Mirror(reflecting: $0.value).children.map(\.value) }
            return refuseNameless(pairs.flatMap { $0 }, name: name, owner: owner)
        }
        for (key, value) in dictionary.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            guard !key.isEmpty, !key.contains(".") else {
                if Self.counts(value) {
                    refuse("Module", "the key \"\(key)\" of \(name) in \(owner) is empty or holds a dot", at: nil)
                }
                continue
            }
            visit(value, name: join(name, key), owner: owner)
        }
    }

    private func refuseNameless(_ values: [Any], name: String, owner: String) {
        guard values.contains(where: Self.counts) else { return }
        refuse(
            "Module",
            "\(name) in \(owner) holds modules, parameters or buffers without a name; use an array or a dictionary by String",
            at: nil
        )
    }

    private static func counts(_ value: Any) -> Bool {
        Mirror(reflecting: value).displayStyle == .class
            && (value is Parameter || value is Buffer || value is any Module)
    }

    private func join(_ prefix: String, _ name: String) -> String {
        prefix.isEmpty ? name : "\(prefix).\(name)"
    }
}

/// An array, which can tell without being walked through that nothing in it counts.
private protocol ElementTyped {
    static var hasPlainElements: Bool { get }
}

extension Array: ElementTyped {
    fileprivate static var hasPlainElements: Bool {
        Element.self is any Numeric.Type || Element.self is any StringProtocol.Type || Element.self == Bool.self
    }
}
