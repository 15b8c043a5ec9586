import Runtime
import Synchronization

/// Where the user called an operation, for error messages.
package struct CallSite: Sendable {
    package let file: StaticString
    package let line: UInt

    package init(_ file: StaticString, _ line: UInt) {
        self.file = file
        self.line = line
    }
}

/// The user's place on the call stack at the time of a mistake. For operators, which cannot take the caller's line as
/// an argument.
///
/// Taking the addresses on the stack is quick; finding the lines that they belong to, in the program's debug
/// information, is not, and is left until somebody asks.
final class StackPlace: Sendable {
    typealias Line = (file: String, line: UInt)

    private let stack: Backtrace?

    /// The place from which Weft's code that calls this was called.
    init() {
        stack = try? Backtrace.capture(images: Self.images)
    }

    /// The program's files in memory, found once. Finding them reads whatever files are mapped at that moment, and the
    /// search for lines maps and unmaps some: done again while another thread searches, it would read what is gone.
    private static let images = ImageMap.capture()

    /// Nil where the program carries no debug information to tell.
    var resolved: Line? {
        guard let stack else { return nil }
        let addresses = stack.frames.map(\.originalProgramCounter)
        if let line = Self.known.withLock({ $0[addresses] }) { return line }
        let line = Self.line(of: stack)
        Self.known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known.updateValue(line, forKey: addresses)
        }
        return line
    }

    /// The lines of call stacks that were asked for before: a server that reports the same mistake over and over
    /// searches its debug information, which takes up to seconds, once.
    private static let known = Mutex<[[Backtrace.Address]: Line?]>([:])
    private static let mostKnown = 256

    private static let modules: Set<Substring> = ["WeftRuntime", "WeftTensor", "WeftNN", "WeftIO"]

    /// The innermost frame that is not Weft's own code: told by the files, since the symbol of a user's extension of
    /// `Tensor` starts with Weft's name too.
    private static func line(of stack: Backtrace) -> Line? {
        for frame in stack.symbolicated()?.frames ?? [] {
            guard let symbol = frame.symbol, let location = symbol.sourceLocation, location.line > 0 else { continue }
            if isOfWeft(location.path) { continue }
            return (fileID(of: location.path), UInt(location.line))
        }
        return nil
    }

    /// Whether Weft's own sources have a file at `path`, which is relative in optimised builds.
    private static func isOfWeft(_ path: String) -> Bool {
        let folders = path.split(separator: "/").dropLast()
        return zip(folders, folders.dropFirst()).contains { $0 == "Sources" && modules.contains($1) }
    }

    /// `path` as `#fileID` writes it, the module and the file, if it lies as the package manager wants sources to
    /// lie; else its last two parts.
    private static func fileID(of path: String) -> String {
        let parts = path.split(separator: "/")
        let module = parts.lastIndex { $0 == "Sources" || $0 == "Tests" }.map { $0 + 1 }
        guard let module, module < parts.count - 1 else { return parts.suffix(2).joined(separator: "/") }
        return "\(parts[module])/\(parts[parts.count - 1])"
    }
}
