/// Why this worker cannot run a row, though nothing is wrong.
struct Missing: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// What is wrong with a request.
struct Mistake: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
