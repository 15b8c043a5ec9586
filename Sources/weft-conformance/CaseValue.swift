/// An argument or a result as a file of cases has it: one of Python's values, or the place of a tensor.
enum CaseValue: Sendable {
    case none
    case bool(Bool)
    case int(Int)
    case float(Double)
    case string(String)
    case list([CaseValue])
    case tuple([CaseValue])
    case slice(start: Int?, stop: Int?, step: Int?)
    case ellipsis
    case dtype(String)
    /// A function of PyTorch's, with its settings.
    case function(String, [String: CaseValue])
    case tensor(TensorPlace)
    /// The tensor that is already there under this number, counted from 0 in the order of the arguments.
    case same(Int)
    /// What has no meaning here, such as a device.
    case other(String)

    /// Where a tensor's elements are and how they lie.
    struct TensorPlace: Sendable {
        let entry: String
        /// The sizes and strides of a view; nil for a row-major tensor of the entry's own shape.
        let view: (shape: [Int], strides: [Int])?
        let requiresGrad: Bool
    }

    var number: Double? {
        switch self {
        case .int(let value): Double(value)
        case .float(let value): value
        default: nil
        }
    }

    /// The members of a list or a tuple.
    var members: [CaseValue]? {
        switch self {
        case .list(let members), .tuple(let members): members
        default: nil
        }
    }
}

extension CaseValue: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        if let object = try? decoder.container(keyedBy: Key.self) {
            self = try Self.tagged(object)
        } else if var list = try? decoder.unkeyedContainer() {
            var members: [CaseValue] = []
            while !list.isAtEnd { members.append(try list.decode(CaseValue.self)) }
            self = .list(members)
        } else {
            let single = try decoder.singleValueContainer()
            if single.decodeNil() {
                self = .none
            } else if let value = try? single.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? single.decode(Int.self) {
                self = .int(value)
            } else {
                self = .string(try single.decode(String.self))
            }
        }
    }

    private static func tagged(_ object: KeyedDecodingContainer<Key>) throws -> CaseValue {
        func get<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
            try object.decode(T.self, forKey: Key(name))
        }
        func has(_ name: String) -> Bool { object.contains(Key(name)) }

        if has("tensor") {
            let requiresGrad = has("grad") ? try get("grad", as: Bool.self) : false
            let view =
                has("strides")
                ? (shape: try get("shape", as: [Int].self), strides: try get("strides", as: [Int].self)) : nil
            return .tensor(TensorPlace(entry: try get("tensor"), view: view, requiresGrad: requiresGrad))
        }
        if has("float") {
            let digits = try get("float", as: String.self)
            guard let value = Double(digits) else { throw CaseError("\(digits) is no number") }
            return .float(value)
        }
        if has("same") { return .same(try get("same")) }
        if has("tuple") { return .tuple(try get("tuple")) }
        if has("dtype") { return .dtype(try get("dtype")) }
        if has("ellipsis") { return .ellipsis }
        if has("slice") {
            let parts = try get("slice", as: [Int?].self)
            return .slice(start: parts[0], stop: parts[1], step: parts[2])
        }
        if has("function") {
            return .function(try get("function"), has("settings") ? try get("settings") : [:])
        }
        return .other(object.allKeys.map(\.stringValue).joined(separator: " "))
    }
}

/// Why a case cannot be read or run, or what is wrong with it.
struct CaseError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
