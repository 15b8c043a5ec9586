/// The arguments of a case, by name. What is asked for and is not there, or is of another type, is an error that names it.
struct ParityArguments: Decodable, Sendable {
    private enum Value: Decodable {
        case bool(Bool)
        case number(Double)
        case string(String)
        case list([Value])

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            // A number is no truth value to the decoder, nor the other way round.
            if let value = try? container.decode(Bool.self) {
                self = .bool(value)
            } else if let value = try? container.decode(Double.self) {
                self = .number(value)
            } else if let value = try? container.decode(String.self) {
                self = .string(value)
            } else {
                self = .list(try container.decode([Value].self))
            }
        }
    }

    private let values: [String: Value]

    init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: Value].self)
    }

    /// Whether there is such an argument: one that was None in Python is not.
    func has(_ name: String) -> Bool { values[name] != nil }

    func int(_ name: String) throws -> Int {
        guard let value = Int(exactly: try double(name)) else { throw ParityError.argument(name, "no integer") }
        return value
    }

    /// A list of integers; a single one is a list of one.
    func ints(_ name: String) throws -> [Int] {
        try list(name).map {
            guard case .number(let number) = $0, let value = Int(exactly: number) else {
                throw ParityError.argument(name, "no integers")
            }
            return value
        }
    }

    func double(_ name: String) throws -> Double {
        guard case .number(let value) = try value(name) else { throw ParityError.argument(name, "no number") }
        return value
    }

    func doubles(_ name: String) throws -> [Double] {
        try list(name).map {
            guard case .number(let number) = $0 else { throw ParityError.argument(name, "no numbers") }
            return number
        }
    }

    func bool(_ name: String) throws -> Bool {
        guard case .bool(let value) = try value(name) else { throw ParityError.argument(name, "no truth value") }
        return value
    }

    func string(_ name: String) throws -> String {
        guard case .string(let value) = try value(name) else { throw ParityError.argument(name, "no string") }
        return value
    }

    /// Whether the argument is a string, where it may be that or numbers.
    func isString(_ name: String) -> Bool { if case .string = values[name] { true } else { false } }

    private func value(_ name: String) throws -> Value {
        guard let value = values[name] else { throw ParityError.argument(name, "missing") }
        return value
    }

    private func list(_ name: String) throws -> [Value] {
        if case .list(let list) = try value(name) { list } else { [try value(name)] }
    }
}
