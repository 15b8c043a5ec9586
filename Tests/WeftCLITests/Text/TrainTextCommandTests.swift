import Foundation
import Testing
import Weft

@testable import weft_cli

/// Every test has a folder of its own, which goes when the test does.
@Suite final class TrainTextCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")
    private static let small = [
        "--steps", "4", "--batch-size", "2", "--context", "8", "--width", "8", "--layers", "1", "--heads", "2",
        "--sample-length", "10",
    ]

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func command(_ arguments: String...) throws -> TrainTextCommand {
        try TrainTextCommand.parse(
            ["--weights", path("weights"), "--curves", path("curves.svg")] + Self.small + arguments
        )
    }

    private func write(_ text: String) throws -> String {
        try Data(text.utf8).write(to: folder.appendingPathComponent("text"))
        return path("text")
    }

    private var written: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    @Test(arguments: [
        ["--steps", "0"], ["--steps", "-1"], ["--steps", "many"], ["--batch-size", "0"], ["--context", "0"],
        ["--context", "99999999"], ["--width", "0"], ["--layers", "0"], ["--layers", "1001"], ["--heads", "0"],
        ["--heads", "5"], ["--width", "98"], ["--dropout", "1"], ["--dropout", "-0.1"], ["--dropout", "nan"],
        ["--learning-rate", "0"], ["--learning-rate", "nan"], ["--learning-rate", "inf"], ["--warm-up", "-1"],
        ["--steps", "10", "--warm-up", "11"], ["--seed", "-1"], ["--validate-every", "0"], ["--sample-length", "-1"],
        ["--weights", ""], ["--curves", ""], [""], ["one", "two"], ["--bogus"],
    ])
    func refusesOptionsThatMakeNoSense(arguments: [String]) {
        #expect(throws: (any Error).self) { try TrainTextCommand.parse(arguments) }
    }

    @Test func saysWhichSizesDoNotFitEachOther() {
        let error = #expect(throws: (any Error).self) { try TrainTextCommand.parse(["--width", "98", "--heads", "4"]) }
        let message = error.map { TrainTextCommand.message(for: $0) } ?? ""
        #expect(message.contains("98") && message.contains("multiple"))
    }

    @Test func itsDefaultsMakeSense() throws {
        #expect(TextSettings().problem == nil)
        #expect(try TrainTextCommand.parse([]).text == nil)
    }

    @Test func learnsFromAFileAndWritesWhatSamplingReads() throws {
        let text = try write(String(repeating: "Über den Wolken ☁️\r\n", count: 20))
        try command(text).run()
        #expect(try written == ["curves.svg", "text", "weights"])
        let file = try TextModelFile(contentsOf: path("weights"))
        #expect(file.model.size == TextModel.Size(alphabet: 15, context: 8, width: 8, layers: 1, heads: 2))
        #expect(file.alphabet.characters.first == "\n")
        let curves = try String(contentsOfFile: path("curves.svg"), encoding: .utf8)
        #expect(curves.contains("validation") && curves.contains(">step<") && curves.hasSuffix("</svg>\n"))
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let text = try write(String(repeating: "abcdefg ", count: 20))
        let weights = try ["5", "5", "6"].map { seed in
            try command(text, "--seed", seed, "--dropout", "0.1").run()
            return try Data(contentsOf: folder.appendingPathComponent("weights"))
        }
        #expect(weights[0] == weights[1])
        #expect(weights[0] != weights[2])
    }

    @Test func learnsFromTextsOfOneKindOfCharacter() throws {
        try command(try write(String(repeating: "é", count: 30))).run()
        #expect(try TextModelFile(contentsOf: path("weights")).alphabet.count == 1)
    }

    @Test(arguments: ["", "too short", "\u{FEFF}"])
    func writesNothingForATextThatIsTooShort(text: String) throws {
        let text = try write(text)
        let failure = #expect(throws: CommandFailure.self) { try self.command(text).run() }
        #expect(failure?.exitStatus == 65)
        #expect(try written == ["text"])
    }

    @Test func writesNothingWhenTrainingDiverges() throws {
        let text = try write(String(repeating: "abcdefg ", count: 20))
        let failure = #expect(throws: CommandFailure.self) {
            try self.command(text, "--learning-rate", "1e38", "--warm-up", "0", "--steps", "50").run()
        }
        #expect(failure?.exitStatus == 70)
        #expect(try written == ["text"])
    }

    @Test func refusesOutputsThatWillNotDo() throws {
        let text = try write(String(repeating: "abcdefg ", count: 20))
        for (weights, curves) in [("same", "same"), ("text", "curves"), ("weights", "text"), ("no/where", "curves")] {
            #expect(throws: CommandFailure.self) {
                try TrainTextCommand.parse(
                    [text, "--weights", self.path(weights), "--curves", self.path(curves)] + Self.small
                ).run()
            }
        }
        #expect(try written == ["text"])
    }

    @Test func continuesAPromptCharacterByCharacter() throws {
        try command(try write(String(repeating: "Über den Wolken ☁️\r\n", count: 20))).run()
        var pieces: [String] = []
        try SampleCommand.parse([path("weights"), "--prompt", "Über", "--length", "30", "--seed", "3"])
            .run { pieces.append($0) }
        #expect(pieces.count == 32)
        #expect(pieces.first == "Über" && pieces.last == "\n")
        #expect(pieces[1...30].allSatisfy { $0.unicodeScalars.count == 1 })
        var again = ""
        try SampleCommand.parse([path("weights"), "--prompt", "Über", "--length", "30", "--seed", "3"])
            .run { again += $0 }
        #expect(again == pieces.joined())
    }

    @Test func startsWithoutAPromptAndRefusesUnknownCharacters() throws {
        try command(try write(String(repeating: "abcdefg ", count: 20))).run()
        var written = ""
        try SampleCommand.parse([path("weights"), "--length", "5", "--top-k", "2"]).run { written += $0 }
        #expect(written.count == 6)
        let failure = #expect(throws: CommandFailure.self) {
            try SampleCommand.parse([self.path("weights"), "--prompt", "xyz"]).run { _ in }
        }
        #expect(failure?.description.contains("\"x\", \"y\", \"z\"") == true)
    }

    @Test(arguments: [
        [], [""], ["weights", "--length", "-1"], ["weights", "--temperature", "-1"],
        ["weights", "--temperature", "nan"],
        ["weights", "--top-k", "0"], ["weights", "--seed", "x"], ["weights", "more"],
    ])
    func refusesOptionsOfSampleThatMakeNoSense(arguments: [String]) {
        #expect(throws: (any Error).self) { try SampleCommand.parse(arguments) }
    }

    @Test func sampleNamesAMissingFile() {
        let failure = #expect(throws: CommandFailure.self) {
            try SampleCommand.parse(["/nowhere/weights"]).run { _ in }
        }
        #expect(failure?.description.contains("/nowhere/weights") == true)
    }
}
