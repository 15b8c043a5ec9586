/// One workload that Weft and its peers run: what they compute, on which inputs, and what it costs.
///
/// A row travels to every worker as JSON, so that all compute the same thing; `Benchmarks/Peers/README.md` says what
/// each kind means.
public struct Row: Codable, Sendable {
    /// `matmul/512`, `train/mlp-sgd`, …; unique.
    public var name: String
    /// The picture that the row belongs to, and what `ONLY=` selects: `matmul`, `pointwise`, `reduce`, …
    public var group: String
    /// What is computed: `matmul`, `pointwise`, `train`, …
    public var kind: String
    /// Which variant of the kind: `nt`, `tanh`, `mlp-sgd`, …
    public var operation: String
    /// The kind's numbers: `m`, `rows`, `axis`, `callers`, …
    public var sizes: [String: Int]
    /// What the workload starts from, parameters included.
    public var inputs: [Input]
    /// How far an output may be from Weft's, as a fraction of the largest magnitude in that output; 0 where outputs
    /// must be equal.
    public var tolerance: Double
    /// The limit that the row is held against, and what one iteration does of it.
    public var work: Work
    /// Whether a quick run has the row.
    public var quick: Bool

    public init(
        name: String,
        group: String,
        kind: String,
        operation: String,
        sizes: [String: Int] = [:],
        inputs: [Input] = [],
        tolerance: Double,
        work: Work,
        quick: Bool = false
    ) {
        self.name = name
        self.group = group
        self.kind = kind
        self.operation = operation
        self.sizes = sizes
        self.inputs = inputs
        self.tolerance = tolerance
        self.work = work
        self.quick = quick
    }

    /// What one iteration costs at least.
    public struct Work: Codable, Sendable {
        /// What bounds the row at best.
        public enum Bound: String, Codable, Sendable {
            /// Floating-point multiply-adds.
            case compute
            /// Memory that is read.
            case read
            /// Memory that is read and written.
            case memory
            /// Neither: what is measured is overhead, or work on what caches hold.
            case overhead
        }

        public var bound: Bound
        /// Floating-point operations of one iteration; a multiply-add counts as two.
        public var flops: Double
        /// Bytes that one iteration has to read and write, each tensor counted once.
        public var bytes: Double

        public init(bound: Bound, flops: Double = 0, bytes: Double = 0) {
            self.bound = bound
            self.flops = flops
            self.bytes = bytes
        }
    }
}
