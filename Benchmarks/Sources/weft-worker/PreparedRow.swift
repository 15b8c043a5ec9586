import BenchmarkRows
import Weft

/// A row with its inputs made.
package struct PreparedRow {
    let kind: String
    let operation: String
    private let sizes: [String: Int]
    /// The inputs' names, in the row's order.
    private let names: [String]
    private let tensors: [String: Tensor]

    package init(_ row: Row) throws {
        kind = row.kind
        operation = row.operation
        sizes = row.sizes
        names = row.inputs.map(\.name)
        tensors = try Dictionary(row.inputs.map { ($0.name, try $0.tensor()) }) { first, _ in first }
    }

    func tensor(_ name: String) throws -> Tensor {
        guard let tensor = tensors[name] else { throw Mistake("\(kind) \(operation) needs the input \(name)") }
        return tensor
    }

    /// An input that may be images, which then lie channels-last: peers too have theirs as they are quickest with.
    func images(_ name: String) throws -> Tensor {
        let tensor = try tensor(name)
        return tensor.rank >= 3 ? tensor.contiguous(.channelsLast) : tensor
    }

    /// An input of the row; nil if it has none of that name.
    func optionalTensor(_ name: String) -> Tensor? { tensors[name] }

    /// A number of the row; nil if it has none of that name.
    func optionalSize(_ name: String) -> Int? { sizes[name] }

    func size(_ name: String) throws -> Int {
        guard let size = sizes[name] else { throw Mistake("\(kind) \(operation) needs the size \(name)") }
        return size
    }

    /// The names of the inputs but `data`, which are a model's parameters, in the row's order.
    func parameterNames(after data: [String]) -> [String] { names.filter { !data.contains($0) } }

    /// The inputs but `data` by name: a model's initial parameters.
    func parameters(after data: [String]) -> [String: Tensor] { tensors.filter { !data.contains($0.key) } }

    /// What is thrown for an operation that the kind does not have.
    var unknownOperation: Mistake { Mistake("no operation of \(kind) is called \(operation)") }
}
