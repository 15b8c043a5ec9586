import BenchmarkRows
import Foundation

/// How long and how often a run measures.
public struct Settings: Codable, Sendable, Equatable {
    /// Rounds a row; in each, every contestant takes one turn. There can be three times as many: see `RowMeasurement`.
    public var rounds: Int
    /// In how many passes over all rows the rounds are taken.
    ///
    /// In each pass everyone is a new process and prepares anew. Where memory lies, and how fast the machine is in that
    /// minute, would otherwise be the same in all rounds of a row and differ only between runs, where no median removes
    /// it.
    public var passes: Int
    /// How long a turn should last, in seconds; longer for rows with several callers.
    public var turn: Double
    /// Threads of every contestant.
    public var threads: Int
    /// Whether only the rows of a quick run are wanted, without `torch-compile`.
    public var quick: Bool

    public init(rounds: Int, passes: Int, turn: Double, threads: Int, quick: Bool) {
        self.rounds = rounds
        self.passes = passes
        self.turn = turn
        self.threads = threads
        self.quick = quick
    }

    /// How long a turn at `row` should last, in seconds.
    ///
    /// Callers begin together and end one by one: part of the machine idles at the end, and the share that this takes
    /// of a short turn is chance.
    package func turn(at row: Row) -> Double {
        (row.sizes["callers"] ?? 1) > 1 ? max(turn, 0.1) : turn
    }

    /// How many rounds a row has in each pass; passes without any are left out.
    public var roundsByPass: [Int] {
        (0..<passes).map { rounds * ($0 + 1) / passes - rounds * $0 / passes }.filter { $0 > 0 }
    }

    /// What `make bench` uses.
    public static func full(threads: Int) -> Settings {
        Settings(rounds: 15, passes: 5, turn: 0.05, threads: threads, quick: false)
    }

    /// What `make bench QUICK=1` uses: passes enough for another run to agree.
    ///
    /// - Parameter selected: whether rows were selected, as by `ONLY=matmul`. Then a look at them is wanted rather than a
    ///   figure to keep, and fewer passes give it in a minute.
    public static func quick(threads: Int, selected: Bool) -> Settings {
        let (rounds, passes) = selected ? (9, 3) : (18, 9)
        return Settings(rounds: rounds, passes: passes, turn: 0.02, threads: threads, quick: true)
    }
}
