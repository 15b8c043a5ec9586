import ArgumentParser
import BenchmarkRows
import Foundation
import HeadToHead

struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure rows, print tables, and write results and pictures."
    )

    @Option(help: "Groups, rows, or first parts of rows' names, separated by commas; all rows if empty.")
    var only = ""

    @Option(help: "The peers to measure, separated by commas; all if empty, or none beside a baseline.")
    var peers = ""

    @Flag(help: "Measure the most telling rows in short turns, without torch-compile.")
    var quick = false

    @Option(help: "Threads of Weft and of every peer; all cores if absent.")
    var threads: Int?

    @Option(help: "Rounds of each row, instead of 15, or in a quick run 18, or 9 of selected rows.")
    var rounds: Int?

    @Option(help: "How long a turn should last in milliseconds, instead of 50, or 20 in a quick run.")
    var turn: Double?

    @Option(help: "The folder of the benchmarks, where peers are found.", completion: .directory)
    var folder = "."

    @Option(help: "Where results go, instead of results in that folder, or results/quick for a quick run.")
    var results: String?

    @Option(help: "The executable of Weft's worker, instead of the one beside this executable.")
    var worker: String?

    @Option(help: "Another build of Weft's worker to measure in turns with this one, as a peer.")
    var baseline: String?

    @Option(help: "A static release binary of Weft, whose size is told if it is there.")
    var staticBinary: String?

    func validate() throws {
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
        if let rounds, rounds < 1 { throw ValidationError("--rounds must be at least 1.") }
        if let turn, turn <= 0 { throw ValidationError("--turn must be above 0.") }
    }

    func run() throws {
        let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
        var settings =
            quick ? Settings.quick(threads: threads, selected: !only.isEmpty) : Settings.full(threads: threads)
        if let rounds { settings.rounds = rounds }
        if let turn { settings.turn = turn / 1000 }
        let rows: [Row]
        do {
            rows = try Selection.rows(of: Catalog.rows, only: list(only), quick: quick)
        } catch {
            throw ValidationError(error.description)
        }
        let (chosen, leftOut) = try choosePeers()

        let folder = URL(fileURLWithPath: folder).standardizedFileURL
        let resultsFolder = ResultsFolder(
            results.map { URL(fileURLWithPath: $0) }
                ?? folder.appendingPathComponent(quick ? "results/quick" : "results")
        )
        let scratch = FileManager.default.temporaryDirectory
            .appendingPathComponent("head-to-head.\(ProcessInfo.processInfo.processIdentifier)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        let interruption = Interruption {
            Worker.killAll()
            try? FileManager.default.removeItem(at: scratch)
        }
        defer {
            interruption.cancel()
            try? FileManager.default.removeItem(at: scratch)
        }

        let session = Session(
            folder: folder,
            worker: try locateWorker(),
            settings: settings,
            peers: chosen + [baseline.map { Peer.baseline(worker: URL(fileURLWithPath: $0)) }].compactMap { $0 },
            leftOut: leftOut,
            staticBinary: staticBinary.map { URL(fileURLWithPath: $0) },
            results: resultsFolder,
            scratch: scratch
        )
        defer { session.end() }
        try session.measureLimits()
        introduce(session.run, rows: rows.count)
        let progress = ProgressLine(
            total: rows.count * settings.roundsByPass.count,
            isTerminal: isatty(STDOUT_FILENO) == 1,
            write: show
        )
        let done = try session.measure(rows, order: Catalog.rows.map(\.name), progress: progress)
        conclude(done, session.run)
        try draw(groups: Selection.groups(of: rows), resultsFolder)
        print("\nResults and pictures are in \(resultsFolder.folder.path).")
        if !Verdict(of: done).failed.isEmpty { throw ExitCode.failure }
    }

    private func list(_ names: String) -> [String] {
        names.split { $0 == "," || $0 == " " }.map(String.init)
    }

    /// The peers to measure, and why the others are left out.
    private func choosePeers() throws -> ([Peer], [String: String]) {
        let wanted = list(peers)
        for name in wanted where !Peer.all.contains(where: { $0.name == name }) {
            let known = Peer.all.map(\.name).joined(separator: ", ")
            throw ValidationError("there is no peer \(name); there are: \(known)")
        }
        var leftOut: [String: String] = [:]
        let chosen = Peer.all.filter { peer in
            // A peer that is asked for by name is measured in a quick run too.
            if wanted.isEmpty ? baseline != nil || quick && !peer.isQuick : !wanted.contains(peer.name) {
                leftOut[peer.name] = wanted.isEmpty && baseline == nil ? "left out of quick runs" : "not asked for"
                return false
            }
            return true
        }
        return (chosen, leftOut)
    }

    private func locateWorker() throws -> URL {
        if let worker { return URL(fileURLWithPath: worker) }
        guard let executable = Bundle.main.executableURL else {
            throw ValidationError("where this executable is cannot be told: name Weft's worker with --worker.")
        }
        return executable.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("weft-worker")
    }

    private func introduce(_ run: Run, rows: Int) {
        let machine = run.machine
        let settings = run.settings
        print("\(machine.cpu), \(machine.cores) cores; \(settings.threads) threads for everyone")
        if run.isDisturbed, let cores = run.busyCores {
            print("warning: other programs keep \(Format.significant(cores, 2)) cores busy; the ratios will not repeat")
        }
        let limits = Limit.allCases.compactMap { limit in
            run.limits[limit.rawValue].map { "\(limit.rawValue) \(limit.describe($0))" }
        }
        print("limits: \(limits.joined(separator: ", "))")
        for peer in Peer.all {
            if let reason = run.absent[peer.name] { print("absent: \(peer.name) (\(peer.about)), \(reason)") }
        }
        let kind = settings.quick ? "quick rows" : "rows"
        print(
            "\(rows) \(kind), \(settings.rounds) rounds in \(settings.passes) passes, turns of \(Format.seconds(settings.turn))"
        )
        show("")
    }

    private func conclude(_ rows: [RowResult], _ run: Run) {
        for group in ResultTable.groups(of: rows) {
            print("\n\(group)\n" + ResultTable(rows.filter { $0.group == group }).text, terminator: "")
        }
        let verdict = Verdict(of: rows)
        print("\nColumns of peers are their time over Weft's in the median round: above 1, Weft is faster.")
        print(verdict.sentence)
        if let bytes = run.staticBinary { print("A static release binary has \(Format.megabytes(bytes)).") }
        for row in verdict.lost { print("  \(row.name) is \(row.defeat ?? "")") }
        for row in verdict.won { if let defeat = row.defeatDisturbed { print("  \(row.name) is \(defeat)") } }
        for row in verdict.failed { print("  \(row.name) FAILED: \(row.failure ?? "")") }
        for row in rows {
            for (peer, problem) in (row.problems ?? [:]).sorted(by: { $0.key < $1.key }) {
                print("  \(peer) was not measured at \(row.name): \(problem)")
            }
        }
        if !run.absent.isEmpty {
            let absent = Peer.all.map(\.name).filter { run.absent[$0] != nil }
            print("Absent, and therefore neither beaten nor unbeaten: \(absent.joined(separator: ", ")).")
        }
    }

    /// Draws what is known of the groups, from whichever run.
    private func draw(groups: [String], _ folder: ResultsFolder) throws {
        let rows = try folder.rows()
        for group in groups {
            let picture = Picture(group: group, rows: rows.filter { $0.group == group })
            try Data(picture.svg.utf8).write(to: folder.picture(of: group), options: .atomic)
        }
    }
}

/// Prints at once, though standard output may be a pipe.
private func show(_ text: String) {
    print(text, terminator: "")
    fflush(nil)
}
