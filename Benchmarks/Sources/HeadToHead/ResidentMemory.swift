import Foundation

/// What a process has in memory, in bytes, as Linux tells it.
package struct ResidentMemory: Equatable {
    /// Neither a file's nor shared: what the process itself has written.
    package var anonymous: Double
    /// The most of all kinds that was resident at once.
    package var peak: Double
    /// Of files, programs and libraries among them.
    package var files: Double

    /// Reads what `/proc/PID/status` says; nil if something is missing there.
    package init?(status: String) {
        func bytes(_ key: String) -> Double? {
            let line = status.split(separator: "\n").first { $0.hasPrefix(key + ":") }
            return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) }.map { $0 * 1024 }
        }
        guard let anonymous = bytes("RssAnon"), let peak = bytes("VmHWM"), let files = bytes("RssFile"),
            let shared = bytes("RssShmem")
        else { return nil }
        self.anonymous = anonymous
        self.peak = peak
        self.files = files + shared
    }

    /// That of a process now; nil where the system does not tell.
    package init?(of process: Int32) {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8) else { return nil }
        self.init(status: status)
    }

    /// How much more than at `start` the process itself had written when it had most.
    ///
    /// Code that a library reads from its file as it goes is not counted: once read it stays, so that what there is at
    /// the end was there at the peak or came later.
    package func added(since start: ResidentMemory) -> Double { max(peak - files - start.anonymous, 0) }
}
