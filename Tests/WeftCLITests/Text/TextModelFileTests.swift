import Foundation
import Testing
import Weft

@testable import weft_cli

@Suite final class TextModelFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    private let alphabet = TextAlphabet(of: "\n\u{0}\"a\u{308}👾\u{2028}".unicodeScalars)

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private var path: String { folder.appendingPathComponent("weights").path }

    /// Writes a model's file after `change`, and gives what reading it fails with.
    private func failure(_ change: (inout SafetensorsFile) -> Void) throws -> CommandFailure? {
        try TextModelFile(model: TextModelTests.model(), alphabet: alphabet).write(to: path)
        var file = try SafetensorsFile(contentsOf: path)
        change(&file)
        try file.write(to: path)
        let failure = #expect(throws: CommandFailure.self) { try TextModelFile(contentsOf: self.path) }
        #expect(failure?.description.contains(path) == true)
        #expect(failure?.exitStatus == 65)
        return failure
    }

    @Test func comesBackAsItWas() throws {
        let model = TextModelTests.model()
        #expect(alphabet.count == model.size.alphabet)
        try TextModelFile(model: model, alphabet: alphabet).write(to: path)
        let file = try TextModelFile(contentsOf: path)
        #expect(file.alphabet == alphabet)
        #expect(file.model.size == model.size)
        let (read, written) = (file.model.stateDict, model.stateDict)
        #expect(read.count == written.count)
        #expect(read.allSatisfy { name, tensor in written[name].map { tensor.array() == $0.array() } ?? false })
    }

    @Test func refusesOtherModels() throws {
        #expect(try failure { $0.metadata = [:] }?.description.contains("no model of text") == true)
        #expect(try failure { $0.metadata["model"] = "digits 64-128-10" } != nil)
    }

    @Test(arguments: [
        ("heads", "3"), ("heads", "0"), ("heads", "many"), ("width", "-8"), ("width", "16"), ("context", "5"),
        ("layers", "1"), ("layers", "3"), ("layers", "1000000"), ("width", "99999999999999999999"),
        ("context", "1000000"), ("characters", ""), ("characters", "ba"), ("characters", "ab"),
    ])
    func refusesMetadataThatDoNotFit(key: String, value: String) throws {
        #expect(try failure { $0.metadata[key] = value } != nil)
    }

    @Test(arguments: ["context", "width", "layers", "heads", "characters"])
    func namesMissingMetadata(key: String) throws {
        #expect(try failure { $0.metadata[key] = nil }?.description.contains(key) == true)
    }

    @Test func namesTheWeightThatDoesNotFit() throws {
        let name = "blocks.1.network.2.bias"
        #expect(try failure { $0.tensors[name] = nil }?.description.contains(name) == true)
        let long = try failure { $0.tensors[name] = Tensor(zeros: [9]) }
        #expect(long?.description.contains("\(name)\" has shape [9]; it must be [8]") == true)
        #expect(
            try failure { $0.tensors[name] = Tensor(zeros: [8], dtype: .float64) }?.description.contains(name) == true
        )
        #expect(try failure { $0.tensors["more"] = Tensor(zeros: [1]) }?.description.contains("more") == true)
    }

    @Test func refusesWhatIsNoSafetensorsFile() throws {
        for bytes in [Data(), Data("Once upon a time".utf8), Data(repeating: 0xFF, count: 100)] {
            try bytes.write(to: folder.appendingPathComponent("weights"))
            let failure = #expect(throws: CommandFailure.self) { try TextModelFile(contentsOf: self.path) }
            #expect(failure?.exitStatus == 65)
        }
    }
}
