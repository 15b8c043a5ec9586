import ArgumentParser

/// `weft train`: the jobs that train something.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Train a model.",
        subcommands: [TrainDigitsCommand.self, TrainTextCommand.self]
    )
}
