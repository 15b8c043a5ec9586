import ArgumentParser
import Foundation
import HeadToHead

struct WriteReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write the latest results into BENCHMARKS.md."
    )

    @Option(help: "The folder with the results.", completion: .directory)
    var results = "results"

    @Option(help: "The page to update.", completion: .file())
    var page = "../BENCHMARKS.md"

    @Option(help: "The folder with the pictures, as seen from the page.")
    var pictures = "Benchmarks/results"

    func run() throws {
        let folder = ResultsFolder(URL(fileURLWithPath: results))
        let file = URL(fileURLWithPath: page)
        let updated = try Report.update(
            String(contentsOf: file, encoding: .utf8),
            rows: folder.rows(),
            runs: folder.runs(),
            pictures: pictures
        )
        try Data(updated.utf8).write(to: file, options: .atomic)
    }
}
