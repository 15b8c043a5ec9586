import BenchmarkRows
import Foundation

/// One run: the workers, the rows at which they take turns, and the results that it leaves.
public final class Session {
    private let weft: Worker
    private let oneThread: Worker?
    private let peers: [Worker]
    private let scratch: URL
    private let results: ResultsFolder
    /// What is true of all rows of the run.
    public private(set) var run: Run

    /// - Parameters:
    ///   - folder: that of the benchmarks.
    ///   - worker: the executable of Weft's worker.
    ///   - peers: whom to measure.
    ///   - leftOut: peers that were left out on purpose, and why.
    ///   - staticBinary: a release binary whose size is to be told, if it is there.
    ///   - results: where results go.
    ///   - scratch: a folder for outputs and logs.
    public init(
        folder: URL,
        worker: URL,
        settings: Settings,
        peers: [Peer],
        leftOut: [String: String],
        staticBinary: URL?,
        results: ResultsFolder,
        scratch: URL
    ) {
        let threads = settings.threads
        func makeWeft(_ name: String, threads: Int, runs: @escaping (Row) -> Bool) -> Worker {
            let specification = WorkerSpecification(
                name: name,
                command: [worker.path],
                environment: ["WEFT_THREADS": String(threads)],
                folder: folder,
                runs: runs
            )
            return Worker(specification, threads: threads, logs: scratch)
        }
        weft = makeWeft(RowResult.weft, threads: threads) { _ in true }
        oneThread =
            threads == 1 ? nil : makeWeft("weft-1", threads: 1) { $0.kind == "matmul" || $0.kind == "pointwise" }
        self.peers = peers.map {
            Worker($0.specification(folder: folder, threads: threads), threads: threads, logs: scratch)
        }
        self.scratch = scratch
        self.results = results
        run = Run(
            date: Date().formatted(.iso8601),
            commit: Session.commit(of: folder),
            machine: .current(),
            settings: settings,
            absent: leftOut
        )
        run.staticBinary = staticBinary.flatMap { try? $0.resourceValues(forKeys: [.fileSizeKey]).fileSize }
        run.busyCores = MachineLoad.busyCores(during: 0.5).map { Format.rounded($0, 2) }
        noteAbsence()
    }

    /// Measures the machine's limits, to be told with the results.
    public func measureLimits() throws(ContestantFailure) {
        // A system can leave all threads of a new process on one core for a good part of a second.
        let start = DispatchTime.now().uptimeNanoseconds
        while DispatchTime.now().uptimeNanoseconds - start < 1_000_000_000 { _ = try weft.measure(.multiplyAdd) }
        for limit in Limit.allCases {
            // A limit is what the machine can reach.
            var best = 0.0
            for _ in 0..<9 { best = max(best, try weft.measure(limit)) }
            run.limits[limit.rawValue] = Format.rounded(best, 3)
        }
    }

    /// Measures the rows, in several passes, and saves each result after each of them, so that a run that is broken
    /// off keeps what it has.
    ///
    /// - Parameter order: all names of the catalog; see `ResultsFolder.merge`.
    public func measure(_ rows: [Row], order: [String], progress: ProgressLine) throws -> [RowResult] {
        let measurement = RowMeasurement(
            weft: weft,
            oneThread: oneThread,
            peers: peers,
            settings: run.settings,
            scratch: scratch.appendingPathComponent("outputs")
        )
        var measured = rows.map { _ in Measured() }
        var done: [RowResult] = []
        for (pass, rounds) in run.settings.roundsByPass.enumerated() {
            // Where a process happens to have its memory, its rows have it too, for as long as it lives.
            if pass > 0 { end() }
            done = []
            for (index, row) in rows.enumerated() {
                progress.begin(row.name)
                measurement.measure(row, rounds: rounds, into: &measured[index])
                let result = RowResult(
                    row,
                    measured[index],
                    peers: peers.map(\.name),
                    oneThread: oneThread?.name,
                    threads: run.settings.threads,
                    date: run.date
                )
                progress.end(result)
                done.append(result)
                noteAbsence()
                noteVersions()
                try results.merge([result], of: run, order: order)
            }
        }
        progress.finish()
        return done
    }

    /// Ends all workers, which start again when they are asked again.
    public func end() {
        for worker in [weft, oneThread].compactMap({ $0 }) + peers { worker.end() }
    }

    private func noteAbsence() {
        for peer in peers { run.absent[peer.name] = peer.absence }
    }

    private func noteVersions() {
        for worker in [weft] + peers { run.versions[worker.name] = worker.versions }
    }

    /// The commit that is checked out, with a mark if files differ from it; nil outside of a checkout.
    private static func commit(of folder: URL) -> String? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder.path, "describe", "--always", "--dirty", "--exclude=*"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
    }
}
