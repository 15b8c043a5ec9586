import ArgumentParser

@main
struct HeadToHeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head-to-head",
        abstract: "Measure Weft against other libraries, in turns.",
        subcommands: [Measure.self, ListRows.self, WriteReport.self, CompareRuns.self],
        defaultSubcommand: Measure.self
    )
}
