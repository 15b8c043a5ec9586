import Foundation
import Weft

/// The cases of one operation, as `Scripts/conformance/generate` writes them: its README has the format.
struct OperationCases: Sendable {
    let operation: String
    let cases: [Case]
    let errors: [Refused]
    let tensors: [String: Tensor]

    /// One call, what it gives, and what its derivatives are.
    struct Case: Decodable, Sendable {
        let dtype: String
        let args: [CaseValue]
        let kwargs: [NamedValue]?
        let result: CaseValue
        let tolerance: [CaseValue]?
        let changed: [ChangedTensor]?
        let process: String?
        let cotangents: [CaseValue]?
        let gradients: [CaseValue]?
        let gradgrad: Bool?
        let directions: [CaseValue]?
        let second: [CaseValue]?
        let noGradient: String?
    }

    /// A call that is to be refused.
    struct Refused: Decodable, Sendable {
        let args: [CaseValue]
        let kwargs: [NamedValue]?
        let message: String
    }

    /// An argument with its keyword.
    struct NamedValue: Decodable, Sendable {
        let name: String
        let value: CaseValue

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            name = try pair.decode(String.self)
            value = try pair.decode(CaseValue.self)
        }
    }

    /// A tensor among the arguments that the call itself changes, and what it holds afterwards.
    struct ChangedTensor: Decodable, Sendable {
        let number: Int
        let value: CaseValue

        init(from decoder: any Decoder) throws {
            var pair = try decoder.unkeyedContainer()
            number = try pair.decode(Int.self)
            value = try pair.decode(CaseValue.self)
        }
    }

    private struct Contents: Decodable {
        let operation: String
        let cases: [Case]
        let errors: [Refused]?
    }

    /// Reads `<name>.json` and `<name>.safetensors`.
    init(contentsOf file: URL) throws {
        let contents = try JSONDecoder().decode(Contents.self, from: Data(contentsOf: file))
        operation = contents.operation
        cases = contents.cases
        errors = contents.errors ?? []
        let numbers = file.deletingPathExtension().appendingPathExtension("safetensors")
        tensors = FileManager.default.fileExists(atPath: numbers.path) ? try loadSafetensors(numbers) : [:]
    }

    /// The files of cases in a folder, in the order of their names.
    static func files(in folder: URL) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter {
                $0.pathExtension == "json"
                    && !["left-out", "summary"].contains($0.deletingPathExtension().lastPathComponent)
            }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
    }

    /// The tensor at a place in the file, row-major where it is no view.
    func tensor(_ place: CaseValue.TensorPlace) throws -> Tensor {
        guard let stored = tensors[place.entry] else { throw CaseError("there is no tensor \(place.entry)") }
        guard let view = place.view else { return stored }
        guard view.shape.count <= Layout.maximumRank else {
            throw CaseError("shape \(view.shape) has more dimensions than \(Layout.maximumRank)")
        }
        // Entries of views are flat, from the first element that shows to the last.
        var layout = Layout()
        for (size, stride) in zip(view.shape, view.strides) { layout.append(size: size, stride: stride) }
        return stored.view(layout)
    }
}
