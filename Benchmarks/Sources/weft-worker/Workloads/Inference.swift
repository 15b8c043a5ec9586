import Synchronization
import Weft

/// Forward passes of one model by several callers at once.
struct Inference: Workload {
    private let callers: Callers
    private let request: @Sendable () -> Tensor

    init(_ row: PreparedRow) throws {
        let count = try row.size("callers")
        guard count > 0 else { throw Mistake("\(count) callers cannot run anything") }
        request =
            switch row.operation {
            case "mlp": try Inference.request(row, makePerceptron()) { $0($1) }
            case "cnn": try Inference.request(row, ImageClassifier()) { $0($1) }
            case "resnet20": try Inference.request(row, ResNet20()) { $0($1) }
            case "gpt-token": try Inference.nextToken(row)
            default: throw row.unknownOperation
            }
        callers = Callers(count: count)
    }

    /// Gives the model's result for `x`, which parameters and running statistics follow.
    private static func request<Model: Module>(
        _ row: PreparedRow,
        _ model: Model,
        result: @escaping @Sendable (Model, Tensor) -> Tensor
    ) throws -> @Sendable () -> Tensor {
        let x = try row.images("x")
        try model.load(initial: row.parameters(after: ["x"]))
        return { withMode(.evaluation) { noGrad { result(model, x) } } }
    }

    /// Gives the logits after the token `x`, whose keys and values are put behind those that are remembered.
    private static func nextToken(_ row: PreparedRow) throws -> @Sendable () -> Tensor {
        let data = ["x", "keys", "values"]
        let (x, keys, values) = (try row.tensor(data[0]), try row.tensor(data[1]), try row.tensor(data[2]))
        let model = Transformer()
        try model.load(initial: row.parameters(after: data))
        let remembered = keys.shape[3]
        let caches = Mutex(
            (0..<keys.shape[0]).map { layer in
                var cache = KeyValueCache()
                cache.append(keys[layer], values[layer])
                return cache
            }
        )
        return {
            caches.withLock { caches in
                // The token of the request before is forgotten.
                for layer in caches.indices { caches[layer].keep(first: remembered) }
                return withMode(.evaluation) { noGrad { model(x, after: &caches) } }
            }
        }
    }

    func outputs() -> [Tensor] { [request()] }

    func run(_ iterations: Int) -> Timing {
        callers.run(times: iterations) { [request] in _ = request() }
    }
}
