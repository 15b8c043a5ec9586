import Foundation
import WeftRuntime

/// A file that the command is about to write.
enum OutputFile {
    /// Finds out before the work, rather than after it, that `path` cannot be written.
    static func checkWritable(_ path: String) throws(CommandFailure) {
        do throws(FileError) {
            try AtomicFile.check(replacing: path)
        } catch {
            throw .cannotWrite(path, why: error.message)
        }
    }

    /// Refuses places for a model's weights and curves that will not do, before anything is computed for them: that
    /// cannot be written, that are one place, or that are the `input`.
    static func check(weights: String, curves: String, input: String?) throws(CommandFailure) {
        try checkWritable(weights)
        try checkWritable(curves)
        guard !isSame(weights, curves) else { throw .usage("--weights and --curves both name \(weights)") }
        if let input, let output = [weights, curves].first(where: { isSame($0, input) }) {
            throw .usage("\(output) is the file to learn from and would be overwritten")
        }
    }

    /// Replaces `path` by `text` in one step.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        do {
            try replaceFile(atPath: path) { try $0.write(Array(text.utf8)) }
        } catch {
            throw .cannotWrite(path, why: (error as? FileError)?.message ?? "\(error)")
        }
    }

    /// Whether both paths name the same place.
    static func isSame(_ first: String, _ second: String) -> Bool {
        URL(fileURLWithPath: first).resolved == URL(fileURLWithPath: second).resolved
    }
}

extension URL {
    /// The path with symbolic links followed.
    fileprivate var resolved: String { standardizedFileURL.resolvingSymlinksInPath().path }
}
