import Weft

/// The arguments of one call, asked for by place and keyword. What nobody asks for fails the case: a binding that
/// overlooks an argument would say nothing about it.
final class CaseArguments {
    /// A tensor, or a number beside one.
    enum Operand {
        case tensor(Tensor)
        case number(CaseValue)
    }

    /// Set by a binding whose last result names elements, where PyTorch does not say which of equal ones.
    var choice: FreeChoice?

    private let positional: [CaseArgument]
    private let keywords: [String: CaseArgument]
    private var unread: Set<String>

    init(_ positional: [CaseArgument], _ keywords: [(String, CaseArgument)]) {
        self.positional = positional
        self.keywords = Dictionary(keywords, uniquingKeysWith: { $1 })
        unread = Set(positional.indices.map { "argument \($0)" }).union(keywords.map { "argument \($0.0)" })
    }

    /// The arguments that nobody asked for, in words.
    var leftOver: String? { unread.isEmpty ? nil : unread.sorted().joined(separator: ", ") }

    /// How many there are without a keyword.
    var count: Int { positional.count }

    private func argument(_ place: Int, _ name: String) -> CaseArgument? {
        if place < positional.count {
            unread.remove("argument \(place)")
            return positional[place]
        }
        unread.remove("argument \(name)")
        return keywords[name]
    }

    private func wrong(_ name: String, _ value: CaseArgument?) -> CaseError {
        CaseError("the argument \(name) is \(value.map { "\($0)" } ?? "absent")")
    }

    /// Whether an argument is there and not None.
    func has(_ place: Int, _ name: String) -> Bool {
        let value = place < positional.count ? positional[place] : keywords[name]
        if case .value(.none) = value { _ = argument(place, name) }
        switch value {
        case nil, .value(.none): return false
        default: return true
        }
    }

    func isTensor(_ place: Int, _ name: String) -> Bool {
        if case .tensor = place < positional.count ? positional[place] : keywords[name] { true } else { false }
    }

    func isList(_ place: Int, _ name: String) -> Bool {
        if case .list = place < positional.count ? positional[place] : keywords[name] { true } else { false }
    }

    func tensor(_ place: Int, _ name: String = "") throws -> Tensor {
        let value = argument(place, name)
        guard case .tensor(let tensor) = value else { throw wrong(name, value) }
        return tensor
    }

    func optionalTensor(_ place: Int, _ name: String) throws -> Tensor? {
        has(place, name) ? try tensor(place, name) : nil
    }

    /// The tensors of a list, or those from this place on.
    func tensors(_ place: Int, _ name: String = "") throws -> [Tensor] {
        if isTensor(place, name) { return try (place..<positional.count).map { try tensor($0, name) } }
        let value = argument(place, name)
        guard case .list(let members) = value else { throw wrong(name, value) }
        return try members.map { member in
            guard case .tensor(let tensor) = member else { throw wrong(name, value) }
            return tensor
        }
    }

    func members(_ place: Int, _ name: String) throws -> [CaseArgument] {
        let value = argument(place, name)
        guard case .list(let members) = value else { throw wrong(name, value) }
        return members
    }

    func raw(_ place: Int, _ name: String) -> CaseArgument? { argument(place, name) }

    func operand(_ place: Int, _ name: String) throws -> Operand {
        let value = argument(place, name)
        switch value {
        case .tensor(let tensor): return .tensor(tensor)
        case .value(let number): return .number(number)
        default: throw wrong(name, value)
        }
    }

    /// A tensor, or a number as the tensor that it is beside `other`.
    func operand(_ place: Int, _ name: String, beside other: Tensor) throws -> Tensor {
        switch try operand(place, name) {
        case .tensor(let tensor): return tensor
        case .number(.bool(let value)): return number(value, beside: other)
        case .number(.int(let value)): return number(value, beside: other)
        case .number(.float(let value)): return number(value, beside: other)
        case .number(let value): throw wrong(name, .value(value))
        }
    }

    private func number<S: TensorScalar>(_ value: S, beside other: Tensor) -> Tensor {
        Tensor(full: [], value, dtype: other.dtype.promoted(withScalar: S.tensorDType))
    }

    func int(_ place: Int, _ name: String) throws -> Int {
        switch argument(place, name) {
        case .value(.int(let value)): value
        case .value(.bool(let value)): value ? 1 : 0
        // PyTorch takes a tensor of one element for a number.
        case .tensor(let tensor) where tensor.count == 1: tensor.item(as: Int.self)
        case let value: throw wrong(name, value)
        }
    }

    func optionalInt(_ place: Int, _ name: String) throws -> Int? { has(place, name) ? try int(place, name) : nil }

    func int(_ place: Int, _ name: String, or value: Int) throws -> Int { try optionalInt(place, name) ?? value }

    func bool(_ place: Int, _ name: String, or value: Bool) throws -> Bool {
        has(place, name) ? try int(place, name) != 0 : value
    }

    func double(_ place: Int, _ name: String) throws -> Double {
        switch argument(place, name) {
        case .value(.float(let value)): value
        case .value(.int(let value)): Double(value)
        case .value(.bool(let value)): value ? 1 : 0
        case let value: throw wrong(name, value)
        }
    }

    func optionalDouble(_ place: Int, _ name: String) throws -> Double? {
        has(place, name) ? try double(place, name) : nil
    }

    func double(_ place: Int, _ name: String, or value: Double) throws -> Double {
        try optionalDouble(place, name) ?? value
    }

    func string(_ place: Int, _ name: String) throws -> String {
        let value = argument(place, name)
        guard case .value(.string(let string)) = value else { throw wrong(name, value) }
        return string
    }

    func optionalString(_ place: Int, _ name: String) throws -> String? {
        has(place, name) ? try string(place, name) : nil
    }

    func string(_ place: Int, _ name: String, or value: String) throws -> String {
        try optionalString(place, name) ?? value
    }

    func optionalDType(_ place: Int, _ name: String) throws -> DType? {
        guard has(place, name) else { return nil }
        let value = argument(place, name)
        guard case .value(.dtype(let name)) = value, let dtype = DType(pytorchName: name) else {
            throw wrong(name, value)
        }
        return dtype
    }

    /// Whole numbers: a list of them, one, or those from this place on.
    func ints(_ place: Int, _ name: String) throws -> [Int] {
        if isList(place, name) {
            return try members(place, name).map { member in
                switch member {
                case .value(.int(let value)): value
                case .tensor(let tensor) where tensor.count == 1: tensor.item(as: Int.self)
                default: throw wrong(name, member)
                }
            }
        }
        return place + 1 < positional.count
            ? try (place..<positional.count).map { try int($0, name) } : [try int(place, name)]
    }

    /// A list of whole numbers or one.
    func intOrInts(_ place: Int, _ name: String) throws -> [Int] {
        isList(place, name) ? try ints(place, name) : [try int(place, name)]
    }

    /// Axes: nil where they are absent or None.
    func optionalInts(_ place: Int, _ name: String) throws -> [Int]? {
        has(place, name) ? try intOrInts(place, name) : nil
    }

    func doubles(_ place: Int, _ name: String) throws -> [Double] {
        try members(place, name).map { member in
            switch member {
            case .value(.float(let value)): value
            case .value(.int(let value)): Double(value)
            default: throw wrong(name, member)
            }
        }
    }
}

/// An argument as a call gets it.
enum CaseArgument {
    case value(CaseValue)
    case tensor(Tensor)
    case list([CaseArgument])
}

extension DType {
    /// The dtype that PyTorch calls by this name, such as `float32`.
    init?(pytorchName name: String) {
        guard let dtype = DType.allCases.first(where: { $0.description == name }) else { return nil }
        self = dtype
    }
}
