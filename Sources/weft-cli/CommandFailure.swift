/// Why the command gave up: a message for standard error, and an exit status of sysexits(3) for scripts.
struct CommandFailure: Error, Equatable, CustomStringConvertible {
    var description: String
    var exitStatus: Int32

    /// Arguments that cannot be followed (`EX_USAGE`).
    static func usage(_ message: String) -> Self {
        Self(description: message, exitStatus: 64)
    }

    /// A file that is not what it should be (`EX_DATAERR`).
    static func badData(_ message: String) -> Self {
        Self(description: message, exitStatus: 65)
    }

    /// A computation that did not come to a result (`EX_SOFTWARE`).
    static func noResult(_ message: String) -> Self {
        Self(description: message, exitStatus: 70)
    }

    /// A file that cannot be written (`EX_CANTCREAT`).
    static func cannotWrite(_ path: String, why: String) -> Self {
        Self(description: "cannot write \(path): \(why)", exitStatus: 73)
    }

    /// An environment variable that makes no sense (`EX_CONFIG`).
    static func configuration(_ message: String) -> Self {
        Self(description: message, exitStatus: 78)
    }
}
