import Foundation
import Synchronization

/// A child process that answers lines with lines.
///
/// Its standard error goes to a file, whose end explains a death.
final class WorkerProcess {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let log: URL
    /// What was read beyond the last line.
    private var buffer = Data()

    /// Starts `command`, whose first element is the path of an executable.
    ///
    /// - Parameters:
    ///   - environment: replaces or adds to the variables of this process.
    ///   - cleared: names of variables that the worker does not get from this process.
    ///   - folder: the working folder.
    ///   - log: the file that gets the standard error, made anew.
    init(
        command: [String],
        environment: [String: String],
        clearing cleared: [String],
        folder: URL,
        log: URL
    ) throws {
        self.log = log
        process.executableURL = URL(fileURLWithPath: command[0], relativeTo: folder).absoluteURL
        process.arguments = Array(command.dropFirst())
        process.environment = ProcessInfo.processInfo.environment.filter { !cleared.contains($0.key) }
            .merging(environment) { $1 }
        process.currentDirectoryURL = folder
        process.standardInput = input
        process.standardOutput = output
        guard FileManager.default.createFile(atPath: log.path, contents: nil) else {
            throw ContestantFailure("cannot write \(log.path)")
        }
        process.standardError = try FileHandle(forWritingTo: log)
        // A worker that died must not take this process with it when the next request is written.
        signal(SIGPIPE, SIG_IGN)
        try process.run()
        WorkerProcess.living.withLock { _ = $0.insert(identifier) }
    }

    /// The processes that were started and not ended.
    private static let living = Mutex<Set<Int32>>([])

    /// Ends all processes at once by force; for a process that is about to end itself. May be called on any thread.
    static func killAll() {
        living.withLock { for identifier in $0 { signalGroup(identifier, SIGKILL) } }
    }

    var identifier: Int32 { process.processIdentifier }

    /// Writes a line and returns the next line that comes, both without the line break.
    func ask(_ line: Data, timeout: Double) throws(ContestantFailure) -> Data {
        do {
            try input.fileHandleForWriting.write(contentsOf: line + Data([newline]))
        } catch {
            throw died()
        }
        let deadline = DispatchTime.now().uptimeNanoseconds + UInt64(timeout * 1e9)
        while true {
            if let end = buffer.firstIndex(of: newline) {
                let answer = Data(buffer[..<end])
                buffer = Data(buffer[buffer.index(after: end)...])
                return answer
            }
            let now = DispatchTime.now().uptimeNanoseconds
            if now >= deadline {
                WorkerProcess.signalGroup(identifier, SIGKILL)
                throw ContestantFailure("no answer within \(Int(timeout.rounded(.up))) s")
            }
            try read(atMost: min(Double(deadline - now) / 1e9, 60))
        }
    }

    /// Sends a signal to a process and all its descendants, who would otherwise outlive it.
    ///
    /// Foundation makes every process that it starts the leader of a group of its own.
    private static func signalGroup(_ identifier: Int32, _ number: Int32) {
        if kill(-identifier, number) != 0 { kill(identifier, number) }
    }

    /// Ends the process, by force if closing its input is not enough.
    func end() {
        try? input.fileHandleForWriting.close()
        for attempt in 0..<3 {
            if attempt > 0 { WorkerProcess.signalGroup(identifier, attempt == 1 ? SIGTERM : SIGKILL) }
            for _ in 0..<200 where process.isRunning { usleep(10_000) }
            if !process.isRunning { break }
        }
        WorkerProcess.living.withLock { _ = $0.remove(identifier) }
    }

    /// Waits up to `seconds` for output and buffers it.
    private func read(atMost seconds: Double) throws(ContestantFailure) {
        let descriptor = output.fileHandleForReading.fileDescriptor
        var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wanted, 1, Int32((seconds * 1000).rounded(.up))) > 0 else { return }
        var chunk = [UInt8](repeating: 0, count: 65536)
        let count = chunk.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw died() }
        buffer.append(contentsOf: chunk[..<count])
    }

    /// How the process ended, with the last lines that it wrote to its standard error.
    private func died() -> ContestantFailure {
        end()
        let how = process.terminationReason == .exit ? "exit status" : "signal"
        var message = "ended with \(how) \(process.terminationStatus)"
        let lines = ((try? String(contentsOf: log, encoding: .utf8)) ?? "").split(separator: "\n")
        if !lines.isEmpty { message += ": " + lines.suffix(3).joined(separator: " | ") }
        return ContestantFailure(message)
    }
}

private let newline = UInt8(ascii: "\n")
