/// Why this worker cannot run a row, though nothing is wrong.
package struct Missing: Error {
    package let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// What is wrong with a request.
package struct Mistake: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
