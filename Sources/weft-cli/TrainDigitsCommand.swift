import ArgumentParser
import Foundation
import Weft

extension DigitsModelKind: ExpressibleByArgument {}

/// `weft train digits`: trains a classifier of handwritten digits, shows what it learned and saves it.
struct TrainDigitsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "digits",
        abstract: "Train a classifier of handwritten digits.",
        discussion: """
            Four fifths of the digits are for training, the rest for testing; the split is always the same. \
            The last line of output is the accuracy on the test digits. The same seed gives the same weights, \
            whatever the number of threads.
            """
    )

    @Option(
        help: ArgumentHelp(
            "Digits to learn from instead of the 1,797 that come with weft: a CSV file, plain or gzipped.",
            discussion: "A line holds 64 pixels from 0 to 16, row by row, then the digit.",
            valueName: "file"
        )
    )
    var data: String?

    @Option(
        help: ArgumentHelp("What to train: a perceptron (mlp) or a convolutional network (cnn).", valueName: "kind")
    )
    var model = DigitsModelKind.mlp

    @Option(
        help: ArgumentHelp(
            "Passes over the training digits \(Self.defaults { "\($0.epochs)" }).",
            valueName: "count"
        )
    )
    var epochs: Int?

    @Option(help: ArgumentHelp("Digits in a step.", valueName: "count"))
    var batchSize = DigitsTraining.Settings().batchSize

    @Option(
        help: ArgumentHelp(
            "Step size at the start; it falls to zero along half a cosine \(Self.defaults { "\($0.learningRate)" }).",
            valueName: "rate"
        )
    )
    var learningRate: Double?

    @Option(help: ArgumentHelp("Where the random numbers start.", valueName: "number"))
    var seed = DigitsTraining.Settings().seed

    @Option(help: ArgumentHelp("Where the weights go, in the safetensors format.", valueName: "file"))
    var weights = "weft-digits.safetensors"

    @Option(help: ArgumentHelp("Where the loss and accuracy curves go, as an SVG.", valueName: "file"))
    var curves = "weft-digits.svg"

    /// What stands for an option that is left out: `value` of the settings of each kind.
    private static func defaults(_ value: (DigitsTraining.Settings) -> String) -> String {
        let values = DigitsModelKind.allCases.map { "\(value(.defaults(for: $0))) for \($0.rawValue)" }
        return "(default: \(values.joined(separator: ", ")))"
    }

    private var settings: DigitsTraining.Settings {
        var settings = DigitsTraining.Settings.defaults(for: model)
        settings.epochs = epochs ?? settings.epochs
        settings.batchSize = batchSize
        settings.learningRate = learningRate ?? settings.learningRate
        settings.seed = seed
        return settings
    }

    func validate() throws {
        let (epochs, learningRate) = (settings.epochs, settings.learningRate)
        guard (1...1_000_000).contains(epochs) else {
            throw ValidationError("--epochs must be from 1 to 1,000,000; it is \(epochs).")
        }
        guard batchSize >= 1 else {
            throw ValidationError("--batch-size must be at least 1; it is \(batchSize).")
        }
        guard learningRate > 0, learningRate.isFinite else {
            throw ValidationError("--learning-rate must be a positive number; it is \(learningRate).")
        }
        for (name, path) in [("data", data), ("weights", weights), ("curves", curves)] where path?.isEmpty == true {
            throw ValidationError("--\(name) must name a file.")
        }
    }

    func run() throws {
        _ = try WeftCommand.checkEnvironment()
        try OutputFile.check(weights: weights, curves: curves, input: data)
        let split = try DigitsSplit(try loadDigits())
        let trainingCount = split.training.count
        guard batchSize <= trainingCount else {
            throw CommandFailure.usage(
                "--batch-size is \(grouped(batchSize)), but there are only \(grouped(trainingCount)) training digits"
            )
        }

        let console = Console.standardOutput()
        console.writeLine(
            "Training on \(grouped(trainingCount)) handwritten digits, testing on \(grouped(split.test.count))."
        )
        var progress = ProgressBar(console: console)
        let result = try DigitsTraining(split: split, settings: settings).run(progress: &progress)
        console.writeLine("Trained in \(fixed(result.duration / .seconds(1), digits: 2)) s.")
        show(result, split, on: console)
        try save(result, split, on: console)
        console.writeLine("test accuracy: \(fixed(result.testAccuracy, digits: 4))")
    }

    private func loadDigits() throws -> DigitDataset {
        do {
            if let data { return try loadDigitsCSV(from: data) }
            guard let embedded = Bundle.module.url(forResource: "digits.csv", withExtension: "gz") else {
                throw CommandFailure.badData("the digits that come with weft are missing beside it; give --data")
            }
            return try loadDigitsCSV(from: embedded)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure.badData("\(error)")
        }
    }

    /// Draws a few test digits beside what the model says of them: the first ones, and after them some that it gets
    /// wrong, which say more.
    private func show(_ result: DigitsTraining.Result, _ split: DigitsSplit, on console: Console) {
        let verdicts = Self.verdicts(logits: result.testLogits, on: split.test)
        let wrong = verdicts.filter { !$0.isCorrect }
        console.writeLine()
        console.writeLine("The first of the test digits, and what the model says:")
        console.writeLine()
        let drawing = DigitDrawing(console: console)
        for line in drawing.lines(Array(verdicts.prefix(6))) { console.writeLine(line) }
        if !wrong.isEmpty {
            console.writeLine()
            console.writeLine("\(grouped(wrong.count)) of \(grouped(verdicts.count)) are wrong, such as:")
            console.writeLine()
            for line in drawing.lines(Array(wrong.prefix(3))) { console.writeLine(line) }
        }
        console.writeLine()
    }

    private static func verdicts(logits: Tensor, on test: DigitDataset) -> [DigitVerdict] {
        let probabilities = logits.softmax(axis: 1)
        let predictions = logits.argmax(axis: 1).array(of: Int.self)
        let confidences = probabilities.max(axis: 1).values.array(of: Double.self)
        let labels = test.labels.array(of: Int.self)
        let pixels = test.images.array(of: Float.self)
        return labels.indices.map { row in
            DigitVerdict(
                pixels: Array(pixels[row * Digits.pixelCount..<(row + 1) * Digits.pixelCount]),
                label: labels[row],
                prediction: predictions[row],
                confidence: confidences[row]
            )
        }
    }

    private func save(_ result: DigitsTraining.Result, _ split: DigitsSplit, on console: Console) throws {
        // What it takes to use the weights: the images must be shifted and scaled as those learned from were.
        let metadata = [
            "model": type(of: result.model).name,
            "image_mean": "\(split.standardisation.mean)",
            "image_standard_deviation": "\(split.standardisation.standardDeviation)",
        ]
        do {
            try result.model.save(to: weights, metadata: metadata)
        } catch {
            throw CommandFailure.cannotWrite(weights, why: "\(error)")
        }
        try OutputFile.write(plot(result).svg(), to: curves)
        console.writeLine("weights: \(weights)")
        console.writeLine("curves: \(curves)")
    }

    private func plot(_ result: DigitsTraining.Result) -> CurvePlot {
        return CurvePlot(
            title: "Handwritten digits",
            subtitle: "\(type(of: result.model).summary), seed \(seed): "
                + "test accuracy \(percentage(result.testAccuracy, digits: 2)) after \(grouped(settings.epochs)) epochs",
            panels: [
                CurvePlot.Panel(
                    title: "Loss",
                    unit: .plain,
                    series: [
                        CurvePlot.Series(name: "training", values: result.curves.trainingLoss),
                        CurvePlot.Series(name: "test", values: result.curves.testLoss),
                    ]
                ),
                CurvePlot.Panel(
                    title: "Accuracy",
                    unit: .share,
                    series: [
                        CurvePlot.Series(name: "training", values: result.curves.trainingAccuracy),
                        CurvePlot.Series(name: "test", values: result.curves.testAccuracy),
                    ]
                ),
            ]
        )
    }
}
