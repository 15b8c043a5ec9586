import Weft

/// Steps of training a model.
func training(_ row: PreparedRow) throws -> any Workload {
    switch row.operation {
    case "tiny-mlp":
        let (x, y) = (try row.tensor("x"), try row.tensor("y"))
        return try Training(
            row,
            data: ["x", "y"],
            model: { Sequential(Linear(2, 16), Tanh(), Linear(16, 16), Tanh(), Linear(16, 1)) },
            optimizer: { SGD($0, learningRate: 0.05) },
            loss: { mse($0(x), y) }
        )
    case "mlp-sgd":
        return try classifier(
            row,
            model: makePerceptron,
            optimizer: { SGD($0, learningRate: 0.01) },
            logits: { $0($1) }
        )
    case "mlp-adamw":
        return try classifier(
            row,
            model: makePerceptron,
            optimizer: { AdamW($0, learningRate: 1e-3, weightDecay: 0.01) },
            logits: { $0($1) }
        )
    case "gpt":
        return try classifier(
            row,
            model: { Transformer() },
            optimizer: { AdamW($0, learningRate: 1e-4, weightDecay: 0.01) },
            logits: { model, tokens in model(tokens).reshaped([-1, 256]) }
        )
    case "lstm":
        return try classifier(
            row,
            model: { SequenceClassifier() },
            optimizer: { Adam($0, learningRate: 1e-3) },
            logits: { $0($1) }
        )
    case "cnn":
        return try classifier(
            row,
            model: { ImageClassifier() },
            optimizer: { SGD($0, learningRate: 0.01) },
            logits: { $0($1) }
        )
    case "resnet20":
        return try classifier(
            row,
            model: { ResNet20() },
            optimizer: { SGD($0, learningRate: 0.01, momentum: 0.9) },
            logits: { $0($1) }
        )
    default: throw row.unknownOperation
    }
}

/// The model of `mlp-sgd`, `mlp-adamw` and `infer` `mlp`.
func makePerceptron() -> Sequential {
    Sequential(Linear(784, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))
}

/// A model that learns the classes `labels` of `x` by their cross-entropy.
private func classifier<Model: Module>(
    _ row: PreparedRow,
    model: @escaping () -> Model,
    optimizer: @escaping (Model) -> any Optimizer,
    logits: @escaping (Model, Tensor) -> Tensor
) throws -> Training<Model> {
    let (x, labels) = (try row.images("x"), try row.tensor("labels").flattened())
    return try Training(
        row,
        data: ["x", "labels"],
        model: model,
        optimizer: optimizer,
        loss: { crossEntropy(logits($0, x), labels) }
    )
}

/// Steps of training that go on where the last ones ended.
private final class Training<Model: Module>: Workload {
    private let makeModel: () -> Model
    private let makeOptimizer: (Model) -> any Optimizer
    private let loss: (Model) -> Tensor
    private let initialParameters: [String: Tensor]
    /// In the order in which they are compared.
    private let parameterNames: [String]
    private let model: Model
    private let optimizer: any Optimizer

    /// - Parameter data: the inputs that are not parameters.
    init(
        _ row: PreparedRow,
        data: [String],
        model makeModel: @escaping () -> Model,
        optimizer makeOptimizer: @escaping (Model) -> any Optimizer,
        loss: @escaping (Model) -> Tensor
    ) throws {
        self.makeModel = makeModel
        self.makeOptimizer = makeOptimizer
        self.loss = loss
        initialParameters = row.parameters(after: data)
        parameterNames = row.parameterNames(after: data)
        model = makeModel()
        try model.load(initial: initialParameters)
        optimizer = makeOptimizer(model)
    }

    /// The losses of three steps from the start, and what the parameters are then.
    func outputs() throws -> [Tensor] {
        let model = makeModel()
        try model.load(initial: initialParameters)
        let optimizer = makeOptimizer(model)
        let losses = (0..<3).map { _ in step(model, optimizer).detached() }
        let parameters = model.stateDict
        return losses + parameterNames.compactMap { parameters[$0] }
    }

    func run(_ iterations: Int) -> Timing {
        Timing(seconds: seconds { for _ in 0..<iterations { _ = step(model, optimizer) } })
    }

    private func step(_ model: Model, _ optimizer: any Optimizer) -> Tensor {
        let loss = loss(model)
        loss.backward()
        optimizer.step()
        optimizer.zeroGrad()
        return loss
    }
}

extension Module {
    /// Gives all parameters, and those buffers that `values` has, its values.
    func load(initial values: [String: Tensor]) throws {
        let parameters = Set(namedParameters.map(\.name))
        let buffers = stateDict.filter { !parameters.contains($0.key) }
        try load(stateDict: buffers.merging(values) { $1 })
    }
}
