public import WeftTensor

/// A state dict that does not fit a module or an optimizer, which is as it was before.
public struct StateDictError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One way in which a state dict does not fit.
    public enum Problem: Hashable, Sendable {
        /// The state dict has no value of this name, which is needed.
        case missing(name: String)
        /// The state dict has a value of this name, for which there is no place.
        case unexpected(name: String)
        /// The value has another shape than what it is for.
        case shape(name: String, expected: [Int], found: [Int])
        /// The value has another dtype than what it is for.
        case dtype(name: String, expected: DType, found: DType)
        /// The value makes no sense there, for the reason given.
        case value(name: String, reason: String)
        /// The value is no more than a shape: an operation that it comes from was refused, inside `withTensorErrors`.
        case failed(name: String)
        /// One parameter or buffer has these names, and their values differ.
        case conflict(names: [String])
    }

    /// The type of the module or optimizer.
    public let module: String
    /// The file that the state dict came from, if it came from one.
    public let file: String?
    /// Everything that does not fit.
    public let problems: [Problem]

    public init(module: String, file: String? = nil, problems: [Problem]) {
        self.module = module
        self.file = file
        self.problems = problems
    }

    public var description: String {
        let source = file ?? "the state dict"
        return (["\(source) does not fit \(module):"] + problems.map(\.description)).joined(separator: "\n  ")
    }
}

extension StateDictError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let name): "\(name.debugDescription) is missing"
        case .unexpected(let name): "\(name.debugDescription) is unexpected"
        case .shape(let name, let expected, let found):
            "\(name.debugDescription) has shape \(found); it must be \(expected)"
        case .dtype(let name, let expected, let found):
            "\(name.debugDescription) is \(found); it must be \(expected)"
        case .value(let name, let reason): "\(name.debugDescription): \(reason)"
        case .failed(let name): "\(name.debugDescription) has no values: an operation that it comes from was refused"
        case .conflict(let names):
            "\(names.map(\.debugDescription).joined(separator: " and ")) name one tensor but have different values"
        }
    }
}

extension StateDictError.Problem {
    /// The same problem in a state dict where `prefix` stands before every name.
    package func prefixed(_ prefix: String) -> Self {
        switch self {
        case .missing(let name): .missing(name: prefix + name)
        case .unexpected(let name): .unexpected(name: prefix + name)
        case .shape(let name, let expected, let found): .shape(name: prefix + name, expected: expected, found: found)
        case .dtype(let name, let expected, let found): .dtype(name: prefix + name, expected: expected, found: found)
        case .value(let name, let reason): .value(name: prefix + name, reason: reason)
        case .failed(let name): .failed(name: prefix + name)
        case .conflict(let names): .conflict(names: names.map { prefix + $0 })
        }
    }
}
