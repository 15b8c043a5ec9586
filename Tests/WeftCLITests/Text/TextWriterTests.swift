import Testing
import Weft

@testable import weft_cli

@Suite struct TextWriterTests {
    private static func written(
        _ count: Int,
        after prompt: [Int32],
        _ choice: TextWriter.Choice = TextWriter.Choice(),
        seed: UInt64 = 1,
        remembers: Bool = true
    ) throws -> [Int32] {
        var writer = TextWriter(
            TextModelTests.model(),
            prompt: prompt,
            choice: choice,
            seed: seed,
            remembers: remembers
        )
        return try (0..<count).map { _ in try writer.next() }
    }

    /// Three times the context, so that it is read anew several times, from prompts shorter and longer than it.
    @Test(arguments: [1, 3, 6, 7, 20])
    func writesTheSameWhetherOrNotItRemembers(promptCount: Int) throws {
        let prompt = (0..<Int32(promptCount)).map { $0 % 7 }
        let choice = TextWriter.Choice(temperature: 1)
        let written = try Self.written(18, after: prompt, choice)
        #expect(try Self.written(18, after: prompt, choice, remembers: false) == written)
        #expect(Set(written).count > 2)
    }

    @Test func theSameSeedWritesTheSame() throws {
        let written = try (0..<2).map { _ in try Self.written(20, after: [1], seed: 4) }
        #expect(written[0] == written[1])
        #expect(try Self.written(20, after: [1], seed: 5) != written[0])
    }

    @Test func goesOnFromWhatItWrote() throws {
        let likeliest = TextWriter.Choice(temperature: 0)
        let written = try Self.written(5, after: [2], likeliest)
        #expect(try Self.written(3, after: [2] + written.prefix(2), likeliest) == Array(written.suffix(3)))
    }

    @Test func choosesTheLikeliestWhereThereIsNoTemperatureOrNoChoice() {
        var random = SplitMix64(seed: 0)
        let logits: [Float] = [0, 2, 1, 2]
        for _ in 0..<20 {
            #expect(TextWriter.choose(logits, TextWriter.Choice(temperature: 0), &random) == 1)
            #expect(TextWriter.choose(logits, TextWriter.Choice(temperature: 5, topK: 1), &random) == 1)
        }
    }

    @Test func choosesByProbabilities() {
        var random = SplitMix64(seed: 2)
        // Weights of 1, 4 and 2.
        let logits: [Float] = [0, 2 * 0.693_147_2, 0.693_147_2]
        func counts(_ choice: TextWriter.Choice) -> [Double] {
            var counts = [0.0, 0, 0]
            for _ in 0..<7000 { counts[TextWriter.choose(logits, choice, &random)] += 1 }
            return counts
        }
        func isClose(_ counts: [Double], _ expected: [Double]) -> Bool {
            zip(counts, expected).allSatisfy { abs($0 - $1) < 200 }
        }
        #expect(isClose(counts(TextWriter.Choice(temperature: 1)), [1000, 4000, 2000]))
        #expect(isClose(counts(TextWriter.Choice(temperature: 0.5)), [333, 5333, 1333]))
        let two = counts(TextWriter.Choice(temperature: 1, topK: 2))
        #expect(two[0] == 0)
        #expect(isClose(two, [0, 4667, 2333]))
        #expect(isClose(counts(TextWriter.Choice(temperature: 1, topK: 100)), [1000, 4000, 2000]))
    }

    @Test func choosesAmongLogitsThatAreFarApart() {
        var random = SplitMix64(seed: 0)
        let logits: [Float] = [-3e38, 3e38, 0]
        #expect(
            (0..<20).allSatisfy { _ in TextWriter.choose(logits, TextWriter.Choice(temperature: 1e-9), &random) == 1 }
        )
    }

    @Test func refusesWeightsThatGiveNoProbabilities() {
        let model = TextModelTests.model()
        model.output.weight.value = Tensor(full: [7, 8], Float.nan)
        var writer = TextWriter(model, prompt: [1], choice: TextWriter.Choice(), seed: 0)
        #expect(throws: CommandFailure.self) { try writer.next() }
    }
}
