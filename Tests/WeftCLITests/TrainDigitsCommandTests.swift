import Foundation
import Testing
import Weft

@testable import weft_cli

/// Every test has a folder of its own, which goes when the test does.
@Suite final class TrainDigitsCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    private func command(_ arguments: String...) throws -> TrainDigitsCommand {
        try TrainDigitsCommand.parse(
            ["--weights", path("weights.safetensors"), "--curves", path("curves.svg")] + arguments
        )
    }

    private func write(_ text: String, to name: String) throws -> String {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
        return path(name)
    }

    private var written: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    }

    /// A line for each of `count` digits, whose first pixels tell which digit it is.
    private func digits(_ count: Int) -> String {
        (0..<count).map { row in
            let label = row % 10
            let pixels = (0..<64).map { $0 / 6 == label ? "16" : "0" }
            return (pixels + ["\(label)"]).joined(separator: ",")
        }.joined(separator: "\n")
    }

    @Test(arguments: [
        ["--epochs", "0"], ["--epochs", "many"], ["--batch-size", "0"], ["--batch-size", "-3"],
        ["--learning-rate", "0"], ["--learning-rate", "nan"], ["--learning-rate", "inf"], ["--seed", "-1"],
        ["--weights", ""], ["--bogus"],
    ])
    func refusesOptionsThatMakeNoSense(arguments: [String]) {
        #expect(throws: (any Error).self) { try TrainDigitsCommand.parse(arguments) }
    }

    @Test func learnsFromAFileAndWritesWeightsAndCurves() throws {
        let data = try write(digits(50), to: "digits.csv")
        try command("--data", data, "--epochs", "2").run()
        #expect(try written == ["curves.svg", "digits.csv", "weights.safetensors"])
        let weights = try loadSafetensors(folder.appendingPathComponent("weights.safetensors"))
        #expect(weights["hidden.weight"]?.shape == [128, 64])
        #expect(weights["output.bias"]?.shape == [10])
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        let data = try write(digits(50), to: "digits.csv")
        let weights = try (0..<2).map { _ in
            try command("--data", data, "--epochs", "3", "--seed", "5").run()
            return try Data(contentsOf: folder.appendingPathComponent("weights.safetensors"))
        }
        #expect(weights[0] == weights[1])
    }

    @Test func writesNothingForAMalformedFile() throws {
        let data = try write(digits(5) + "\n1,2,3\n", to: "digits.csv")
        #expect(throws: CommandFailure.self) { try self.command("--data", data).run() }
        #expect(try written == ["digits.csv"])
    }

    @Test func writesNothingWhenTrainingDiverges() throws {
        let data = try write(digits(50), to: "digits.csv")
        let failure = #expect(throws: CommandFailure.self) {
            try self.command("--data", data, "--learning-rate", "1e38", "--epochs", "20").run()
        }
        #expect(failure?.description.contains("diverged") == true)
        #expect(try written == ["digits.csv"])
    }

    @Test func namesAMissingFile() throws {
        let failure = #expect(throws: CommandFailure.self) {
            try self.command("--data", self.path("missing.csv")).run()
        }
        #expect(failure?.description.contains("missing.csv") == true)
    }

    @Test func refusesBatchesLargerThanTheTrainingSet() throws {
        let data = try write(digits(10), to: "digits.csv")
        #expect(throws: CommandFailure.self) { try self.command("--data", data, "--batch-size", "9").run() }
        #expect(try written == ["digits.csv"])
    }

    @Test(arguments: ["/dev/null", "/nowhere/weights.safetensors", "/"])
    func refusesOutputsThatAreNoFiles(path: String) throws {
        #expect(throws: CommandFailure.self) {
            try TrainDigitsCommand.parse(["--curves", self.path("curves.svg"), "--weights", path]).run()
        }
        #expect(try written.isEmpty)
    }

    @Test func refusesToWriteTwoThingsToOnePlace() throws {
        let place = path("both")
        #expect(throws: CommandFailure.self) {
            try TrainDigitsCommand.parse(["--curves", place, "--weights", place]).run()
        }
        #expect(try written.isEmpty)
    }

    @Test func refusesToOverwriteItsInput() throws {
        let data = try write(digits(10), to: "digits.csv")
        #expect(throws: CommandFailure.self) {
            try TrainDigitsCommand.parse(["--data", data, "--curves", data, "--weights", self.path("w")]).run()
        }
        #expect(try written == ["digits.csv"])
    }
}
