import WeftTensor

/// Modules in an order, as a collection: a module itself, whose parts are named by their positions.
///
/// An array of modules in a stored property does the same; this is for what PyTorch's code has as `nn.ModuleList`, and for
/// a list that is to be saved or counted by itself.
///
/// ```swift
/// let blocks = ModuleList((0..<6).map { _ in Linear(64, 64) })
/// for block in blocks { x = block(x).relu() }
/// ```
public final class ModuleList<Element: Sendable>: Module, RandomAccessCollection, ExpressibleByArrayLiteral {
    private let elements: [Element]

    /// Refused if an element is no module.
    public init(_ elements: some Sequence<Element>) {
        self.elements = Array(elements)
        _ = indexed
    }

    public convenience init(arrayLiteral elements: Element...) { self.init(elements) }

    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }
    public subscript(position: Int) -> Element { elements[position] }
}

extension ModuleList: IndexedModule {
    var indexed: [any Module] { elements.compactMap { asModule($0, of: "ModuleList") } }
}

/// Modules by name, in an order, as a collection: a module itself, whose parts are named by their keys alone.
///
/// ```swift
/// let heads: ModuleDict = ["left": Linear(8, 2), "right": Linear(8, 3)]
/// let y = heads["left"]!(x)
/// ```
public final class ModuleDict<Value: Sendable>: Module, RandomAccessCollection, ExpressibleByDictionaryLiteral {
    public typealias Element = (key: String, value: Value)

    private let elements: [Element]

    /// The modules in the order in which they are given.
    ///
    /// Refused if a key is empty, holds a dot or comes twice, and if a value is no module.
    public init(_ elements: some Sequence<(String, Value)>) {
        var seen: Set<String> = []
        self.elements = elements.compactMap { key, value in
            let isName = !key.isEmpty && !key.contains(".") && seen.insert(key).inserted
            if !isName {
                refuse("ModuleDict", "the key \"\(key)\" is empty, holds a dot or comes twice", at: nil)
            }
            return isName ? (key, value) : nil
        }
        _ = named
    }

    public convenience init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }

    public var startIndex: Int { elements.startIndex }
    public var endIndex: Int { elements.endIndex }
    public subscript(position: Int) -> Element { elements[position] }

    /// The module called `key`, or `nil`.
    public subscript(key: String) -> Value? { elements.first { $0.key == key }?.value }

    /// The names, in order.
    public var keys: [String] { elements.map(\.key) }
    /// The modules, in order.
    public var values: [Value] { elements.map(\.value) }
}

extension ModuleDict: NamedModules {
    var named: [(name: String, module: any Module)] {
        elements.compactMap { key, value in asModule(value, of: "ModuleDict").map { (key, $0) } }
    }
}

/// `element` as a module; nil, after refusing, if it is none.
private func asModule(_ element: some Sendable, of owner: String) -> (any Module)? {
    if let module = element as? any Module { return module }
    refuse(owner, "an element is a \(type(of: element)), which is no module", at: nil)
    return nil
}
