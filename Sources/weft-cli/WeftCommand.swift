import ArgumentParser
import Foundation
import Weft

/// `weft`: Weft from the command line.
@main
struct WeftCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weft",
        abstract: "Train neural networks on the CPU.",
        discussion: """
            WEFT_THREADS, WEFT_LANES, WEFT_ISA and WEFT_CACHE_LIMIT say how the machine is used; \
            `weft info` shows what came of them. WEFT_PROFILE names a file for a trace of what was run.
            """,
        version: weftVersion,
        subcommands: [TrainCommand.self, SampleCommand.self, InfoCommand.self]
    )

    /// Runs the command; whatever goes wrong ends as a message on standard error and a status other than zero.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as CommandFailure {
            try? FileHandle.standardError.write(contentsOf: Data("weft: \(failure)\n".utf8))
            Foundation.exit(failure.exitStatus)
        } catch {
            exit(withError: error)
        }
    }

    /// Checks the environment before anything is computed, so that a bad variable ends in an error and not in the
    /// runtime's stop.
    static func checkEnvironment() throws(CommandFailure) -> RuntimeConfiguration {
        do {
            return try RuntimeConfiguration.fromEnvironment()
        } catch {
            throw .configuration("\(error)")
        }
    }
}
