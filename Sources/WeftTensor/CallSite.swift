import Runtime

/// Where the user called an operation, for error messages.
package struct CallSite: Sendable {
    package let file: StaticString
    package let line: UInt

    package init(_ file: StaticString, _ line: UInt) {
        self.file = file
        self.line = line
    }

    /// The file and line of the innermost frame of the current call stack that is not Weft's own code. For
    /// operators, which cannot take the caller's line as an argument; walking the stack costs time, but only
    /// once something failed. Told by the files, since the symbol of a user's extension of `Tensor` starts with
    /// Weft's name too. Nil where the program carries no debug information.
    static func fromCallStack() -> (file: String, line: UInt)? {
        guard let backtrace = try? Backtrace.capture(), let symbolicated = backtrace.symbolicated() else { return nil }
        for frame in symbolicated.frames {
            guard let symbol = frame.symbol, let location = symbol.sourceLocation, location.line > 0 else { continue }
            if modules.contains(where: { location.path.contains("/Sources/\($0)/") }) { continue }
            let file = location.path.split(separator: "/").suffix(2).joined(separator: "/")
            return (file, UInt(location.line))
        }
        return nil
    }

    private static let modules = ["WeftRuntime", "WeftTensor", "WeftNN", "WeftIO"]
}
