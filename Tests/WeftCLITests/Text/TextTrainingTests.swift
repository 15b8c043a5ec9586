import Testing

@testable import weft_cli

@Suite struct TextTrainingTests {
    private static let text = String(repeating: "a weft crosses the warp; so cloth is made.\n", count: 12)
        .unicodeScalars

    private static func training(_ settings: TextSettings) throws -> TextTraining {
        TextTraining(text: try TextSplit(text, context: settings.context), settings: settings)
    }

    private static let small = TextSettings(steps: 40, batchSize: 4, context: 12, width: 16, layers: 1, heads: 2)

    private static func run(_ settings: TextSettings) throws -> (result: TextTraining.Result, samples: [String]) {
        var bar = ProgressBar(console: Console(isInteractive: false, usesColor: false, width: 80)) { _ in }
        var samples: [String] = []
        let result = try training(settings).run(progress: &bar) { samples.append($0) }
        return (result, samples)
    }

    @Test func theLearningRateRisesAndThenFallsToZero() throws {
        var settings = Self.small
        (settings.steps, settings.warmUp, settings.learningRate) = (100, 10, 1)
        let training = try Self.training(settings)
        let rates = (0...100).map(training.learningRate)
        #expect(abs(rates[0] - 0.1) < 1e-12)
        #expect(rates[9] == 1 && rates[10] == 1)
        #expect(abs(rates[55] - 0.5) < 1e-12)
        #expect(abs(rates[100]) < 1e-12)
        #expect(zip(rates[10...], rates[11...]).allSatisfy { $0 > $1 })
    }

    @Test func learns() throws {
        let (result, samples) = try Self.run(Self.small)
        #expect(result.curves.steps == Array(stride(from: 2, through: 40, by: 2)))
        #expect(result.curves.training.count == 20 && result.curves.validation.count == 20)
        #expect(result.curves.training[19] < result.curves.training[0] - 0.3)
        #expect(result.curves.validation[19] < result.curves.validation[0] - 0.2)
        #expect(samples.map(\.unicodeScalars.count) == [200, 200, 200, 200, 200])
        #expect(Set(samples).count == 5)
    }

    @Test func validatingAndSamplingChangeNothing() throws {
        var settings = Self.small
        settings.dropout = 0.2
        let often = try Self.run(settings).result.model.stateDict
        settings.validateEvery = 100
        settings.sampleLength = 0
        let (result, samples) = try Self.run(settings)
        #expect(result.curves.steps == [40])
        #expect(samples.isEmpty)
        #expect(result.model.stateDict.allSatisfy { name, weight in weight.array() == often[name]?.array() })
    }

    @Test func samplesAfterEachStepWhereThereAreFew() throws {
        var settings = Self.small
        (settings.steps, settings.sampleLength) = (3, 5)
        let (result, samples) = try Self.run(settings)
        #expect(samples.count == 3)
        #expect(result.curves.steps == [1, 2, 3])
    }

    @Test func reportsWithoutNumbersBeforeTheFirstValidation() {
        var progress = TextProgress(step: 12, steps: 1500, loss: .nan, charactersPerSecond: .infinity)
        #expect(progress.line == "step   12/1500  loss nan  validation loss   -     0 characters/s")
        #expect(ProgressBar.line(progress, width: 100).hasPrefix("step   12/1500 "))
        progress.validationLoss = 1.25
        #expect(progress.line.contains("validation loss 1.2500"))
        #expect((0...120).allSatisfy { ProgressBar.line(progress, width: $0).count <= max(0, $0 - 1) })
    }
}
