import Foundation
import Testing
import Weft

/// One case of a family: what PyTorch computed from which inputs, as `Scripts/parity/generate` wrote it.
///
/// A test gets the cases of its family, says how Weft computes the outputs of each, and the rest is done here:
///
/// ```swift
/// @Test(arguments: ParityCase.family("pooling")) func `Pooling agrees with PyTorch`(_ parity: ParityCase) throws {
///     try parity.check { arguments, inputs in
///         switch parity.operation {
///         case "maxPool1d": ["output": inputs["input"].maxPool1d(arguments.int("kernel"))]
///         default: throw ParityError.unknown(parity.operation)
///         }
///     }
/// }
/// ```
struct ParityCase: Sendable, CustomTestStringConvertible {
    let family: String
    let name: String
    let operation: String
    let arguments: ParityArguments
    let inputs: [String: Tensor]
    let results: [String: Tensor]

    var testDescription: String { name }

    /// The folder of freshly made cases that the environment names, in place of those that are committed.
    private static let otherFolder: URL? = {
        let path = ProcessInfo.processInfo.environment["WEFT_PARITY_DIR"] ?? ""
        return path.isEmpty ? nil : URL(filePath: path, directoryHint: .isDirectory)
    }()

    /// The cases of a family; a file that cannot be read ends the tests, since no test could say so. A folder of fresh
    /// cases need not have all families.
    static func family(_ family: String) -> [ParityCase] {
        let folder = otherFolder ?? URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
        let file = folder.appending(path: "\(family).json").path
        if otherFolder != nil, !FileManager.default.fileExists(atPath: file) { return [] }
        do {
            return try read(family, in: folder)
        } catch {
            fatalError("the cases of \(family) cannot be read: \(error)")
        }
    }

    private struct Description: Decodable {
        let name: String
        let operation: String
        let arguments: ParityArguments
        let inputs: [String]
        let results: [String]
    }

    private static func read(_ family: String, in folder: URL) throws -> [ParityCase] {
        let tensors = try loadSafetensors(folder.appending(path: "\(family).safetensors").path)
        let json = try Data(contentsOf: folder.appending(path: "\(family).json"))
        return try JSONDecoder().decode([Description].self, from: json).map { description in
            func named(_ kind: String, _ names: [String]) throws -> [String: Tensor] {
                var found: [String: Tensor] = [:]
                for name in names {
                    let key = "\(description.name)/\(kind)/\(name)"
                    guard let tensor = tensors[key] else { throw ParityError.missing(key) }
                    found[name] = tensor
                }
                return found
            }
            return ParityCase(
                family: family,
                name: description.name,
                operation: description.operation,
                arguments: description.arguments,
                inputs: try named("inputs", description.inputs),
                results: try named("results", description.results)
            )
        }
    }
}

/// What is wrong with a case.
enum ParityError: Error {
    case missing(String)
    case unknown(String)
    case argument(String, String)
}
