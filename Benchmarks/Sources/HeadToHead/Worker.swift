import BenchmarkRows
import Foundation

/// A worker process that starts when first asked, and again after it died.
public final class Worker: Contestant {
    public let name: String
    private let specification: WorkerSpecification
    private let threads: Int
    private let logs: URL
    private var process: WorkerProcess?
    /// Why the worker takes no part in this run, once that is known.
    public private(set) var absence: String?
    /// What the worker said that it measures, by name; nil until it started.
    public private(set) var versions: [String: String]?

    /// - Parameters:
    ///   - threads: how many threads the worker may use.
    ///   - logs: the folder for what the worker writes to its standard error.
    public init(_ specification: WorkerSpecification, threads: Int, logs: URL) {
        self.name = specification.name
        self.specification = specification
        self.threads = threads
        self.logs = logs
        absence = specification.absence()
    }

    public func runs(_ row: Row) -> Bool { absence == nil && specification.runs(row) }

    public func ask(_ request: Request, timeout: Double) throws(ContestantFailure) -> Answer {
        let running = try started()
        do {
            return try Worker.ask(running, request, timeout: timeout)
        } catch {
            switch error {
            case .refused(let message): throw ContestantFailure(message)
            case .broken(let failure):
                running.end()
                process = nil
                throw failure
            }
        }
    }

    public func settle() {
        guard let process else { return }
        Quiescence.wait(for: process.identifier)
    }

    /// Ends the process.
    public func end() {
        process?.end()
        process = nil
    }

    /// Ends the processes of all workers at once by force, from whatever thread.
    public static func killAll() { WorkerProcess.killAll() }

    public func memory(for row: Row, iterations: Int) throws(ContestantFailure) -> Double {
        let fresh = try start(log: "\(name).memory.log").process
        defer { fresh.end() }
        guard let before = ResidentMemory(of: fresh.identifier) else {
            throw ContestantFailure("this system does not tell what a process has in memory")
        }
        var prepare = Request(.prepare)
        prepare.row = row
        var run = Request(.run)
        run.iterations = iterations
        do {
            for request in [prepare, run] { _ = try Worker.ask(fresh, request, timeout: 300) }
        } catch {
            throw ContestantFailure(error.description)
        }
        guard let after = ResidentMemory(of: fresh.identifier) else {
            throw ContestantFailure("the process ended before its memory was measured")
        }
        return after.added(since: before)
    }

    private func started() throws(ContestantFailure) -> WorkerProcess {
        if let process { return process }
        if let absence { throw ContestantFailure(absence) }
        do {
            let (fresh, reported) = try start(log: "\(name).log")
            if let kernel = reported["kernel"], specification.genericKernels.contains(kernel.lowercased()) {
                fresh.end()
                throw ContestantFailure("it runs its generic kernels (\(kernel)), and to be quicker would say nothing")
            }
            versions = reported
            process = fresh
            return fresh
        } catch {
            let reason = "cannot start: \(error)"
            absence = reason
            throw ContestantFailure(reason)
        }
    }

    /// Starts a process, and returns it with what it says that it measures.
    private func start(log: String) throws(ContestantFailure) -> (process: WorkerProcess, versions: [String: String]) {
        var fresh: WorkerProcess?
        do {
            let made = try WorkerProcess(
                command: specification.command,
                environment: specification.environment,
                clearing: specification.cleared,
                folder: specification.folder,
                log: logs.appendingPathComponent(log)
            )
            fresh = made
            var hello = Request(.hello)
            hello.threads = threads
            // Python's largest packages take a while to load, the more so from a cold disk.
            let answer = try Worker.ask(made, hello, timeout: 180)
            if let missing = answer.missing { throw ContestantFailure(missing) }
            return (made, answer.versions ?? [:])
        } catch {
            fresh?.end()
            throw ContestantFailure("\(error)")
        }
    }

    /// What can go wrong with a request.
    private enum Trouble: Error, CustomStringConvertible {
        /// The worker said that it cannot, and is ready for the next request.
        case refused(String)
        /// The worker is of no use any more.
        case broken(ContestantFailure)

        var description: String {
            switch self {
            case .refused(let message): message
            case .broken(let failure): failure.description
            }
        }
    }

    private static func ask(_ process: WorkerProcess, _ request: Request, timeout: Double) throws(Trouble) -> Answer {
        let line: Data
        do {
            line = try JSONEncoder().encode(request)
        } catch {
            throw .refused("the request cannot be written: \(error)")
        }
        let reply: Data
        do {
            reply = try process.ask(line, timeout: timeout)
        } catch {
            throw .broken(error)
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: reply) else {
            throw .broken(ContestantFailure("no answer, but: \(String(decoding: reply.prefix(200), as: UTF8.self))"))
        }
        if let error = answer.error { throw .refused(error) }
        return answer
    }
}

/// How a worker is started, and what it takes part in.
public struct WorkerSpecification {
    public var name: String
    /// The executable, relative to `folder` or absolute, and its arguments.
    public var command: [String]
    /// Variables that differ from those of this process.
    public var environment: [String: String]
    /// Variables of this process that the worker is not to see.
    public var cleared: [String]
    /// What a worker, in lower case, calls kernels that are made for no CPU in particular. One that runs them is absent.
    public var genericKernels: Set<String>
    public var folder: URL
    /// Whether the worker takes part in a row.
    public var runs: (Row) -> Bool
    /// Why the worker cannot be started; nil if it seems to be installed.
    public var absence: () -> String?

    public init(
        name: String,
        command: [String],
        environment: [String: String] = [:],
        clearing cleared: [String] = [],
        genericKernels: Set<String> = [],
        folder: URL,
        runs: @escaping (Row) -> Bool = { _ in true },
        absence: @escaping () -> String? = { nil }
    ) {
        self.name = name
        self.command = command
        self.environment = environment
        self.cleared = cleared
        self.genericKernels = genericKernels
        self.folder = folder
        self.runs = runs
        self.absence = absence
    }
}
