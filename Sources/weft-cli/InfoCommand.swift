import ArgumentParser
import Weft

/// `weft info`: what Weft found on this machine and how it uses it.
struct InfoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "info",
        abstract: "Show the version, the CPU and how Weft uses it."
    )

    func run() throws {
        _ = try WeftCommand.checkEnvironment()
        let console = Console.standardOutput()
        for line in Self.lines(RuntimeInfo.current) { console.writeLine(line) }
    }

    /// One fact a line: its name, then its value in a column of its own.
    static func lines(_ info: RuntimeInfo) -> [String] {
        let rows = [
            ("weft", weftVersion),
            ("cpu", info.cpu),
            ("isa", "\(info.isa) (available: \(info.availableISAs.map(\.description).joined(separator: ", ")))"),
            ("cores allowed", "\(info.allowedCores)"),
            ("lanes", "\(info.layout) (lanes x threads in each)"),
            ("openmp", info.openMPLibrary),
            ("memory limit", limit(info.memoryLimit)),
            ("cache limit", limit(info.cacheLimit)),
        ]
        let nameWidth = rows.map(\.0.count).max() ?? 0
        return rows.map { name, value in name.padded(to: nameWidth + 2) + value }
    }

    private static func limit(_ bytes: Int) -> String {
        bytes == .max ? "none" : ByteCount.describe(bytes)
    }
}
