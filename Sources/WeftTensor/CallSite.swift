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
    private enum State {
        case captured(Backtrace)
        case resolved(file: String, line: UInt)
        /// The program carries no debug information to tell.
        case unknown
    }

    private let state: Mutex<State>

    /// The place from which Weft's code that calls this was called.
    init() {
        state = Mutex((try? Backtrace.capture()).map(State.captured) ?? .unknown)
    }

    var resolved: (file: String, line: UInt)? {
        state.withLock { state in
            if case .captured(let backtrace) = state { state = Self.resolve(backtrace) }
            guard case .resolved(let file, let line) = state else { return nil }
            return (file, line)
        }
    }

    private static let modules = ["WeftRuntime", "WeftTensor", "WeftNN", "WeftIO"]

    /// The innermost frame that is not Weft's own code: told by the files, since the symbol of a user's extension of
    /// `Tensor` starts with Weft's name too.
    private static func resolve(_ backtrace: Backtrace) -> State {
        for frame in backtrace.symbolicated()?.frames ?? [] {
            guard let symbol = frame.symbol, let location = symbol.sourceLocation, location.line > 0 else { continue }
            // Relative in optimised builds.
            let path = "/" + location.path
            if modules.contains(where: { path.contains("/Sources/\($0)/") }) { continue }
            let file = location.path.split(separator: "/").suffix(2).joined(separator: "/")
            return .resolved(file: file, line: UInt(location.line))
        }
        return .unknown
    }
}
