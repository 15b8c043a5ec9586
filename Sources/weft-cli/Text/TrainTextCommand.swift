import ArgumentParser
import Foundation
import Weft

/// `weft train text`: trains a model that writes as a text is written, and saves it.
struct TrainTextCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "text",
        abstract: "Train a transformer that writes as a text is written, character by character.",
        discussion: """
            Characters are Unicode scalars. The last tenth of the text is for validation: the loss on it is the last \
            line of output, in nats a character. The same seed gives the same weights, whatever the number of threads. \
            `weft sample` goes on from a prompt with the weights.
            """
    )

    @Argument(
        help: ArgumentHelp(
            "Text to learn from instead of the tales that come with weft: UTF-8, plain or gzipped.",
            valueName: "file"
        )
    )
    var text: String?

    @Option(help: ArgumentHelp("Steps of training.", valueName: "count"))
    var steps = TextSettings().steps

    @Option(help: ArgumentHelp("Pieces of the text in a step.", valueName: "count"))
    var batchSize = TextSettings().batchSize

    @Option(
        help: ArgumentHelp("Characters in a piece, and the most that the model reads at a time.", valueName: "count")
    )
    var context = TextSettings().context

    @Option(help: ArgumentHelp("Features of each character; a multiple of the heads.", valueName: "count"))
    var width = TextSettings().width

    @Option(help: ArgumentHelp("Layers of attention.", valueName: "count"))
    var layers = TextSettings().layers

    @Option(help: ArgumentHelp("Heads of each layer.", valueName: "count"))
    var heads = TextSettings().heads

    @Option(help: ArgumentHelp("Share of the features that are dropped in training.", valueName: "share"))
    var dropout = TextSettings().dropout

    @Option(help: ArgumentHelp("Greatest step size; it rises first, and then falls to zero.", valueName: "rate"))
    var learningRate = TextSettings().learningRate

    @Option(help: ArgumentHelp("Steps in which the step size rises (default: a twentieth of all).", valueName: "count"))
    var warmUp: Int?

    @Option(help: ArgumentHelp("Where the random numbers start.", valueName: "number"))
    var seed = TextSettings().seed

    @Option(
        help: ArgumentHelp("Steps from one validation to the next (default: a twentieth of all).", valueName: "count")
    )
    var validateEvery: Int?

    @Option(help: ArgumentHelp("Characters of the samples that are shown; 0 for none.", valueName: "count"))
    var sampleLength = TextSettings().sampleLength

    @Option(help: ArgumentHelp("Where the weights go, in the safetensors format.", valueName: "file"))
    var weights = "weft-text.safetensors"

    @Option(help: ArgumentHelp("Where the loss curves go, as an SVG.", valueName: "file"))
    var curves = "weft-text.svg"

    private var settings: TextSettings {
        TextSettings(
            steps: steps,
            batchSize: batchSize,
            context: context,
            width: width,
            layers: layers,
            heads: heads,
            dropout: dropout,
            learningRate: learningRate,
            warmUp: warmUp,
            seed: seed,
            validateEvery: validateEvery,
            sampleLength: sampleLength
        )
    }

    func validate() throws {
        if let problem = settings.problem { throw ValidationError(problem) }
        if text?.isEmpty == true { throw ValidationError("The text must be the name of a file.") }
        for (name, path) in [("weights", weights), ("curves", curves)] where path.isEmpty {
            throw ValidationError("--\(name) must name a file.")
        }
    }

    func run() throws {
        _ = try WeftCommand.checkEnvironment()
        try OutputFile.check(weights: weights, curves: curves, input: text)
        let split = try TextSplit(try TextSource.read(text), context: context)

        let console = Console.standardOutput()
        console.writeLine(
            "Training on \(grouped(split.training.count)) characters of \(grouped(split.alphabet.count)) kinds, "
                + "validating on \(grouped(split.validation.count))."
        )
        var progress = ProgressBar(console: console)
        let result = try TextTraining(text: split, settings: settings).run(progress: &progress) { sample in
            console.writeLine()
            for line in TextDrawing.lines(sample, width: console.width) { console.writeLine(line) }
            console.writeLine()
        }
        console.writeLine("Trained in \(fixed(result.duration / .seconds(1), digits: 2)) s.")
        try TextModelFile(model: result.model, alphabet: split.alphabet).write(to: weights)
        try OutputFile.write(plot(result).svg(), to: curves)
        console.writeLine("weights: \(weights)")
        console.writeLine("curves: \(curves)")
        console.writeLine("validation loss: \(fixed(result.curves.validation.last ?? .nan, digits: 4))")
    }

    private func plot(_ result: TextTraining.Result) -> CurvePlot {
        let name = text.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "the tales"
        let places = result.curves.steps.map(Double.init)
        return CurvePlot(
            title: "A model of \(name)",
            subtitle: "\(layers) layers of width \(grouped(width)), context \(grouped(context)), seed \(seed): "
                + "validation loss \(fixed(result.curves.validation.last ?? .nan, digits: 3)) "
                + "after \(grouped(steps)) steps",
            horizontalTitle: "step",
            panels: [
                CurvePlot.Panel(
                    title: "Loss",
                    unit: .plain,
                    series: [
                        CurvePlot.Series(name: "training", values: result.curves.training, places: places),
                        CurvePlot.Series(name: "validation", values: result.curves.validation, places: places),
                    ]
                )
            ]
        )
    }
}
