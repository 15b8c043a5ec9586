/// What the runner asks of a worker: one JSON object on one line of the worker's standard input.
///
/// A worker answers each request with one `Answer` on one line of its standard output, in order, and ends when its
/// input does. Whatever else it has to say goes to standard error.
public struct Request: Codable, Sendable {
    public enum Action: String, Codable, Sendable {
        /// Say what you are. Comes first.
        case hello
        /// Make `row` ready to run, dropping the one before: build inputs and models, compile, warm up nothing.
        case prepare
        /// Run the prepared row from its initial state and write its outputs into `folder` (see `Output`).
        case check
        /// Run `iterations` iterations of the prepared row and say how long they took.
        case run
        /// Forget the prepared row and free what it holds.
        case drop
        /// Measure the machine's limit `limit`; only Weft's worker can.
        case measure
    }

    public var action: Action
    public var threads: Int?
    public var row: Row?
    public var folder: String?
    public var iterations: Int?
    public var limit: String?

    public init(_ action: Action) { self.action = action }
}

/// A worker's answer to a request.
public struct Answer: Codable, Sendable {
    /// What went wrong, in which case nothing else is set.
    public var error: String?
    /// To `prepare`: why this worker cannot run the row, though nothing is wrong: `Weft has no convolution yet`.
    public var missing: String?
    /// To `hello`: what is measured, by name: `{"torch": "2.13.0", "python": "3.11.7"}`.
    public var versions: [String: String]?
    /// To `check`: what was written.
    public var outputs: [Output]?
    /// To `run`: the wall time of all iterations together.
    public var seconds: Double?
    /// To `run` of a row with callers: the median and the 99th percentile of a request's time.
    public var p50: Double?
    public var p99: Double?
    /// To `measure`: floating-point operations or bytes per second.
    public var rate: Double?

    public init() {}
}

/// One output of a row: a file of little-endian elements in row-major order, without a header.
public struct Output: Codable, Sendable {
    /// `float32` or `int64`.
    public var dtype: String
    public var shape: [Int]
    /// The file's name inside the request's folder.
    public var file: String

    public init(dtype: String, shape: [Int], file: String) {
        self.dtype = dtype
        self.shape = shape
        self.file = file
    }
}
