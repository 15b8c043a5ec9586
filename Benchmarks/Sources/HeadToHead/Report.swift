import Foundation

/// The section of `BENCHMARKS.md` that tells the latest results.
public enum Report {
    package static let begin = "<!-- head-to-head results: written by `make bench-report` -->"
    package static let end = "<!-- end of head-to-head results -->"

    /// The page with the section between the marks written anew.
    ///
    /// - Parameter pictures: the path of the folder with the pictures, as seen from the page.
    /// - Throws: `ResultsError` if the page does not have both marks, or there are no results.
    public static func update(
        _ page: String,
        rows: [RowResult],
        runs: [Run],
        pictures: String
    ) throws(ResultsError) -> String {
        guard let start = page.range(of: begin), let stop = page.range(of: end), start.upperBound <= stop.lowerBound
        else { throw ResultsError("the page lacks the marks of the results: \(begin) … \(end)") }
        guard !rows.isEmpty else { throw ResultsError("there are no results to report") }
        let section = section(rows: rows, runs: runs, pictures: pictures)
        return page[..<start.upperBound] + "\n\n" + section + "\n" + page[stop.lowerBound...]
    }

    private static func section(rows: [RowResult], runs: [Run], pictures: String) -> String {
        let verdict = Verdict(of: rows)
        var parts = runs.map { run in describe(run, rows: rows.filter { $0.date == run.date }) }
        parts.append("**\(verdict.sentence)**\n")
        if !verdict.lost.isEmpty {
            parts.append("Slower than a peer:\n")
            let worstFirst = verdict.lost.sorted { ($0.bestRatio ?? 1) < ($1.bestRatio ?? 1) }
            parts.append(worstFirst.map { "- `\($0.name)`: \($0.defeat ?? "")" }.joined(separator: "\n") + "\n")
        }
        for group in ResultTable.groups(of: rows) {
            let members = rows.filter { $0.group == group }
            parts.append("### \(group)\n")
            parts.append("![\(group): Weft against the best peer](\(pictures)/\(group).svg)\n")
            parts.append(ResultTable(members).markdown)
        }
        if !verdict.failed.isEmpty {
            parts.append("Failed:\n")
            parts.append(verdict.failed.map { "- `\($0.name)`: \($0.failure ?? "")" }.joined(separator: "\n") + "\n")
        }
        let problems = rows.flatMap { row in
            (row.problems ?? [:]).sorted { $0.key < $1.key }.map { "- `\(row.name)`: \($0.key): \($0.value)" }
        }
        if !problems.isEmpty { parts.append("Not measured:\n\n" + problems.joined(separator: "\n") + "\n") }
        return parts.joined(separator: "\n")
    }

    private static func describe(_ run: Run, rows: [RowResult]) -> String {
        let machine = run.machine
        var lines = [
            "Run of \(run.date)\(run.commit.map { ", commit \($0)" } ?? ""), \(rows.count) rows: \(machine.cpu), "
                + "\(machine.cores) cores, \(Format.significant(machine.memory, 3)) GiB, \(machine.system), kernel "
                + "\(machine.kernel), transparent huge pages \(machine.transparentHugePages ?? "unknown"); "
                + "\(run.settings.threads) threads, \(run.settings.rounds) rounds in \(run.settings.passes) passes, turns of "
                + "\(Format.seconds(run.settings.turn))."
        ]
        let limits = Limit.allCases.compactMap { limit in
            run.limits[limit.rawValue].map { "\(limit.rawValue) \(limit.describe($0))" }
        }
        if !limits.isEmpty { lines.append("Limits: \(limits.joined(separator: ", ")).") }
        if run.isDisturbed, let cores = run.busyCores {
            lines.append("Other programs kept \(Format.significant(cores, 2)) cores busy as it began.")
        }
        let quiet = rows.compactMap(\.rounds?.quiet).reduce(0, +)
        let disturbed = rows.compactMap(\.rounds?.disturbed).reduce(0, +)
        if disturbed > 0 { lines.append("\(disturbed) of \(quiet + disturbed) rounds were disturbed.") }
        if let bytes = run.staticBinary { lines.append("A static release binary has \(Format.megabytes(bytes)).") }
        let versions = run.versions.sorted { $0.key < $1.key }.map { name, versions in
            "\(name) (" + versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
                + ")"
        }
        if !versions.isEmpty { lines.append("Versions: \(versions.joined(separator: ", ")).") }
        let absent = run.absent.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }
        if !absent.isEmpty {
            lines.append("Absent, and neither beaten nor unbeaten: \(absent.joined(separator: ", ")).")
        }
        return lines.joined(separator: " ") + "\n"
    }
}
