import BenchmarkRows
import Foundation
@_spi(Benchmarking) import Weft

/// Answers requests, one after the other.
package struct Worker {
    private var prepared: Prepared?

    package init() {}

    /// A row made ready, and whether its operations are known to be accepted.
    private struct Prepared {
        let workload: any Workload
        var isChecked = false
    }

    /// The answer to a request in JSON; to one that makes no sense or cannot be done, what is wrong.
    package mutating func answer(_ request: Data) -> Answer {
        var answer = Answer()
        do {
            try respond(to: JSONDecoder().decode(Request.self, from: request), &answer)
        } catch {
            answer = Answer()
            answer.error = "\(error)"
        }
        return answer
    }

    private mutating func respond(to request: Request, _ answer: inout Answer) throws {
        switch request.action {
        case .hello:
            if let threads = request.threads { try useThreads(threads) }
            answer.versions = Self.versions
        case .prepare:
            prepared = nil
            guard let row = request.row else { throw Mistake("prepare needs a row") }
            prepared = Prepared(workload: try withTensorErrors { try makeWorkload(PreparedRow(row)) })
        case .check:
            guard let folder = request.folder else { throw Mistake("check needs a folder") }
            let outputs = try checkedOutputs()
            answer.outputs = try outputs.enumerated().map { index, output in
                try write(output, to: URL(filePath: folder, directoryHint: .isDirectory), index: index)
            }
        case .run:
            guard let iterations = request.iterations, iterations > 0 else {
                throw Mistake("run needs a positive number of iterations")
            }
            guard let prepared else { throw Mistake("no row is prepared") }
            // A mistake would stop the process, for it is not caught where time is measured.
            if !prepared.isChecked { _ = try checkedOutputs() }
            let timing = try prepared.workload.run(iterations)
            answer.seconds = timing.seconds
            answer.p50 = timing.latency?.p50
            answer.p99 = timing.latency?.p99
        case .drop:
            prepared = nil
            Memory.releaseCache()
        case .measure:
            guard let limit = request.limit.flatMap(MachineLimit.init(rawValue:)) else {
                let known = MachineLimit.allCases.map(\.rawValue).joined(separator: ", ")
                throw Mistake("measure needs a limit out of \(known), not \(request.limit ?? "none")")
            }
            answer.rate = limit.measure()
        }
    }

    private mutating func checkedOutputs() throws -> [Tensor] {
        guard let workload = prepared?.workload else { throw Mistake("no row is prepared") }
        let outputs = try withTensorErrors { try workload.outputs() }
        prepared?.isChecked = true
        return outputs
    }

    /// Makes Weft use `count` threads. It reads the environment once, so this comes before anything else.
    private func useThreads(_ count: Int) throws {
        setenv("WEFT_THREADS", "\(count)", 1)
        let layout = try RuntimeConfiguration.fromEnvironment().layout
        guard layout.lanes * layout.team == count, RuntimeInfo.current.layout == layout else {
            throw Mistake("\(count) threads are wanted, but Weft runs on \(RuntimeInfo.current.layout) lanes x threads")
        }
    }

    private static var versions: [String: String] {
        let info = RuntimeInfo.current
        return [
            "weft": weftVersion,
            "swift": "\(_SwiftStdlibVersion.current)",
            "isa": "\(info.isa)",
            "lanes": "\(info.layout)",
        ]
    }

    private func write(_ output: Tensor, to folder: URL, index: Int) throws -> Output {
        let name = "\(index).bin"
        try output.withUnsafeBytes { try Data($0).write(to: folder.appending(path: name)) }
        return Output(dtype: "\(output.dtype)", shape: output.shape, file: name)
    }
}
