import ArgumentParser
import Foundation
import HeadToHead

struct CompareRuns: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Tell how well the ratios of two runs agree; fails if any are too far apart."
    )

    @Argument(help: "The folder with the results of one run.", completion: .directory)
    var first: String

    @Argument(help: "The folder with those of another.", completion: .directory)
    var second: String

    @Option(help: "How far apart ratios may be, in percent.")
    var within = 15.0

    @Option(help: "Rows that take Weft less time are left out, in microseconds.")
    var above = 100.0

    func validate() throws {
        if within < 0 { throw ValidationError("--within must not be negative.") }
        if above < 0 { throw ValidationError("--above must not be negative.") }
    }

    func run() throws {
        let tolerance = within / 100
        let repeatability = Repeatability(
            try rows(of: first),
            try rows(of: second),
            tolerance: tolerance,
            atLeast: above * 1e-6
        )
        guard repeatability.count > 0 else {
            throw ValidationError("\(first) and \(second) have no ratio in common of a row above \(above) µs.")
        }
        for pair in repeatability.apart {
            let ratios = "\(Format.ratio(pair.first)) and \(Format.ratio(pair.second))"
            print("\(pair.row) against \(pair.peer): \(ratios), \(Format.percent(pair.difference)) apart")
        }
        print(repeatability.sentence(tolerance: tolerance))
        if !repeatability.apart.isEmpty { throw ExitCode.failure }
    }

    private func rows(of folder: String) throws -> [RowResult] {
        let rows = try ResultsFolder(URL(fileURLWithPath: folder)).rows()
        if rows.isEmpty { throw ValidationError("\(folder) holds no results.") }
        return rows
    }
}
