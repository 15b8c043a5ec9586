public import WeftTensor

/// A state dict that does not fit a module. The module is as it was before.
public struct StateDictError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One way in which a state dict does not fit.
    public enum Problem: Hashable, Sendable {
        /// The module has a parameter of this name, the state dict no value.
        case missing(name: String)
        /// The state dict has a value of this name, the module no parameter.
        case unexpected(name: String)
        /// The value has another shape than the parameter.
        case shape(name: String, expected: [Int], found: [Int])
        /// The value has another dtype than the parameter.
        case dtype(name: String, expected: DType, found: DType)
        /// The value is no more than a shape: an operation that it comes from was refused, inside `withTensorErrors`.
        case failed(name: String)
        /// One parameter has these names, and their values differ.
        case conflict(names: [String])
    }

    /// The type of the module.
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
        case .unexpected(let name): "\(name.debugDescription) is not a parameter of the module"
        case .shape(let name, let expected, let found):
            "\(name.debugDescription) has shape \(found), and the parameter \(expected)"
        case .dtype(let name, let expected, let found):
            "\(name.debugDescription) is \(found), and the parameter \(expected)"
        case .failed(let name): "\(name.debugDescription) has no values: an operation that it comes from was refused"
        case .conflict(let names):
            "\(names.map(\.debugDescription).joined(separator: " and ")) name one parameter but have different values"
        }
    }
}
