import ArgumentParser
import Weft

/// `weft sample`: goes on from a prompt with a model that `weft train text` has saved.
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Continue a prompt with a model of text.",
        discussion: """
            Writes the prompt and what follows it, character by character. The same weights, prompt, options and seed \
            give the same text.
            """
    )

    @Argument(help: ArgumentHelp("Weights that `weft train text` has saved.", valueName: "weights"))
    var weights: String

    @Option(help: ArgumentHelp("Text to continue; without one, the beginning of a line.", valueName: "text"))
    var prompt = ""

    @Option(help: ArgumentHelp("Characters to write.", valueName: "count"))
    var length = 500

    @Option(
        help: ArgumentHelp(
            "How freely characters are chosen: 1 by their probabilities, less for likelier ones, 0 for the likeliest.",
            valueName: "number"
        )
    )
    var temperature = TextWriter.Choice().temperature

    @Option(
        help: ArgumentHelp(
            "Choose among so many of the likeliest characters only (default: among all).",
            valueName: "count"
        )
    )
    var topK: Int?

    @Option(help: ArgumentHelp("Where the random numbers start.", valueName: "number"))
    var seed: UInt64 = 0

    func validate() throws {
        guard !weights.isEmpty else { throw ValidationError("The weights must be the name of a file.") }
        guard length >= 0 else { throw ValidationError("--length must be at least 0; it is \(length).") }
        guard temperature >= 0, temperature.isFinite else {
            throw ValidationError("--temperature must be 0 or a positive number; it is \(temperature).")
        }
        if let topK, topK < 1 { throw ValidationError("--top-k must be at least 1; it is \(topK).") }
    }

    func run() throws {
        let console = Console.standardOutput()
        try run { console.write($0) }
    }

    /// Gives `emit` the prompt, then each character as soon as there is one, and the end of the line.
    func run(emit: (String) -> Void) throws {
        _ = try WeftCommand.checkEnvironment()
        let file = try TextModelFile(contentsOf: weights)
        let known = try file.alphabet.numbers(of: prompt)
        var writer = TextWriter(
            file.model,
            prompt: known.isEmpty ? [file.alphabet.opening] : known,
            choice: TextWriter.Choice(temperature: temperature, topK: topK),
            seed: seed
        )
        emit(prompt)
        for _ in 0..<length { emit(file.alphabet.text([try writer.next()])) }
        emit("\n")
    }
}
