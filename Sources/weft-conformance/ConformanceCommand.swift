import ArgumentParser
import Foundation
import Weft

/// Runs the cases of PyTorch's operator database that `Scripts/conformance/generate` wrote to a folder, and compares.
@main
struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weft-conformance",
        abstract: "Compares operations with what PyTorch gave for the samples of its operator database."
    )

    @Argument(help: "The folder of cases.", completion: .directory)
    var folder: String

    @Option(help: "Operations, separated by commas, by their names in the database; all if empty.")
    var ops = ""

    @Flag(help: "Print every failure, not only each operation's first.")
    var verbose = false

    @Flag(help: "Print only operations with failures, and the totals.")
    var quiet = false

    func run() throws {
        let files = try OperationCases.files(in: URL(filePath: folder, directoryHint: .isDirectory))
        guard !files.isEmpty else { throw ValidationError("there are no cases in \(folder)") }
        let wanted = Set(ops.split(separator: ",").map(String.init))
        var reports: [OperationReport] = []
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            guard wanted.isEmpty || wanted.contains(where: { $0 == name || OperationReport.fileName($0) == name })
            else { continue }
            let report = ConformanceSuite.report(on: try OperationCases(contentsOf: file))
            reports.append(report)
            show(report)
        }
        let seen = Set(reports.map(\.operation))
        if let missing = wanted.subtracting(seen).sorted().first {
            throw ValidationError("there are no cases of \(missing)")
        }
        showTotals(reports)
        if reports.contains(where: { !$0.failures.isEmpty }) { throw ExitCode.failure }
    }

    private func show(_ report: OperationReport) {
        if quiet && report.failures.isEmpty { return }
        print(report.line)
        if verbose {
            for failure in report.failures.dropFirst() { print("    \(failure.name): \(failure.reason)") }
        }
        // What an operation does that ends the process comes after what is known.
        fflush(nil)
    }

    private func showTotals(_ reports: [OperationReport]) {
        let absent = reports.filter { ConformanceSuite.operations[$0.operation] == nil }.map(\.operation)
        if !absent.isEmpty { print("not there: \(absent.joined(separator: " "))") }
        let covered = reports.filter(\.isCovered).count
        print(
            "\(covered) of \(reports.count) operations covered, \(reports.map(\.leftOutCount).reduce(0, +)) cases left out"
        )
        print("\(reports.map(\.passed).reduce(0, +)) passed, \(reports.map(\.failures.count).reduce(0, +)) failed")
    }
}
