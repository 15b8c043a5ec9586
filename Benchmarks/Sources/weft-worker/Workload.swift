import Dispatch
import Weft

/// A row made ready to run.
package protocol Workload {
    /// What the row computes from its initial state.
    func outputs() throws -> [Tensor]

    /// Runs the row `iterations` times, one after the other.
    func run(_ iterations: Int) throws -> Timing
}

/// How long iterations took.
package struct Timing {
    /// All of them together, in seconds of wall time.
    package var seconds: Double
    /// The median and the 99th percentile of single requests, in seconds, where there are callers.
    package var latency: (p50: Double, p99: Double)?
}

/// A row whose iterations are all the same and leave nothing behind.
struct Repeated<Result>: Workload {
    /// One iteration, whose result is freed before the next.
    let iteration: () -> Result
    /// What of its result is compared with the peers'.
    let compared: (Result) -> [Tensor]

    init(_ iteration: @escaping () -> Result, compared: @escaping (Result) -> [Tensor]) {
        self.iteration = iteration
        self.compared = compared
    }

    func outputs() -> [Tensor] { compared(iteration()) }

    func run(_ iterations: Int) -> Timing {
        // The compiler does not know what a closure does, so it cannot leave out what nobody uses.
        Timing(seconds: seconds { for _ in 0..<iterations { _ = iteration() } })
    }
}

extension Repeated where Result == Tensor {
    init(_ iteration: @escaping () -> Tensor) { self.init(iteration) { [$0] } }
}

extension Repeated where Result == [Tensor] {
    init(_ iteration: @escaping () -> [Tensor]) { self.init(iteration) { $0 } }
}

/// The wall time that `body` takes.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    try body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
}

/// Makes the row ready to run.
///
/// - Throws: `Mistake` if the row makes no sense.
package func makeWorkload(_ row: PreparedRow) throws -> any Workload {
    switch row.kind {
    case "matmul": try matrixProduct(row)
    case "pointwise": try pointwise(row)
    case "copy": try copy(row)
    case "reduce": try reduction(row)
    case "softmax", "logsoftmax": try softmax(row)
    case "layernorm": try layerNorm(row)
    case "crossentropy": try crossEntropy(row)
    case "conv", "convtranspose": try convolution(row)
    case "maxpool2d", "avgpool2d", "bilinear": try resampling(row)
    case "batchnorm", "groupnorm": try imageNorm(row)
    case "attention": try attention(row)
    case "lstm", "gru": try recurrence(row)
    case "tape": try tape(row)
    case "train": try training(row)
    case "infer": try Inference(row)
    case "start": try Start(row)
    default: throw Mistake("no kind of workload is called \(row.kind)")
    }
}
