import Weft

/// Forward passes of one model by several callers at once.
struct Inference: Workload {
    private let callers: Callers
    private let request: @Sendable () -> Tensor

    init(_ row: PreparedRow) throws {
        let count = try row.size("callers")
        guard count > 0 else { throw Mistake("\(count) callers cannot run anything") }
        switch row.operation {
        case "mlp":
            let x = try row.tensor("x")
            let model = makePerceptron()
            try model.load(stateDict: row.parameters(after: ["x"]))
            request = { noGrad { model(x) } }
        case "cnn": throw Missing("Weft has no convolution")
        default: throw row.unknownOperation
        }
        callers = Callers(count: count)
    }

    func outputs() -> [Tensor] { [request()] }

    func run(_ iterations: Int) -> Timing {
        callers.run(times: iterations) { [request] in _ = request() }
    }
}
