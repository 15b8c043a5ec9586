import Foundation

/// How far a run is: one line that is redrawn on a terminal, and elsewhere a line for each row in each pass.
public final class ProgressLine {
    private let total: Int
    private let isTerminal: Bool
    private let write: (String) -> Void
    private let clock: () -> Double
    private let start: Double
    private var done = 0
    /// What was said of a row in an earlier pass.
    private var told: [String: String] = [:]

    /// - Parameters:
    ///   - total: how many rows there are, those of all passes together.
    ///   - isTerminal: whether a line can be redrawn.
    ///   - clock: the seconds since some moment.
    ///   - write: takes what is to be shown.
    public init(
        total: Int,
        isTerminal: Bool,
        clock: @escaping () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
        write: @escaping (String) -> Void
    ) {
        self.total = total
        self.isTerminal = isTerminal
        self.clock = clock
        self.write = write
        start = clock()
    }

    /// Shows which row is being measured.
    public func begin(_ name: String) {
        guard isTerminal else { return }
        let filled = total == 0 ? 0 : done * ProgressLine.width / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: ProgressLine.width - filled)
        write("\r\u{1B}[K\(bar) \(done)/\(total)  \(name)\(remaining)")
    }

    /// Counts a row as done in one pass.
    public func end(_ row: RowResult) {
        done += 1
        let news = ProgressLine.news(of: row)
        if isTerminal {
            if let news, told.updateValue(news, forKey: row.name) != news { write("\r\u{1B}[K\(row.name): \(news)\n") }
            return
        }
        var parts = [row.weftCost, row.defeat, news].compactMap { $0 }
        if row.defeat == nil, let best = row.bestPeer, let ratio = row.bestRatio {
            parts.insert("\(Format.ratio(ratio)) against \(best)", at: 1)
        }
        write("[\(done)/\(total)] \(row.name): \(parts.joined(separator: "; "))\n")
    }

    /// Removes the line.
    public func finish() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    /// The time that the remaining rows will take if they are like those before.
    private var remaining: String {
        guard done > 0 else { return "" }
        let seconds = (clock() - start) / Double(done) * Double(total - done)
        return "  \(Format.clock(seconds)) left"
    }

    /// What is wrong with a row, in words; nil if nothing is.
    static func news(of row: RowResult) -> String? {
        var parts: [String] = []
        if let failure = row.failure { parts.append("FAILED: \(failure)") }
        if let missing = row.missing { parts.append("missing: \(missing)") }
        for (peer, problem) in (row.problems ?? [:]).sorted(by: { $0.key < $1.key }) {
            parts.append("\(peer) not measured: \(problem)")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static let width = 24
}
