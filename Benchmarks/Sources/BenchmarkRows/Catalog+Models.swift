extension Catalog {
    // Adam's first steps are as long for the smallest gradients as for the largest, and a batch norm divides by what is
    // nearly nothing, so there rounding shows in the parameters; elsewhere it does not.
    static let training: [Row] = [
        step("tiny-mlp", tinyPerceptron, optimizerTensors: 0, tolerance: 1e-5, quick: true),
        step("mlp-sgd", perceptron(batch: 128, isTraining: true), optimizerTensors: 0, tolerance: 1e-5, quick: true),
        step("mlp-adamw", perceptron(batch: 128, isTraining: true), optimizerTensors: 2, tolerance: 5e-3, quick: true),
        step("cnn", convolutional(batch: 64, isTraining: true), optimizerTensors: 0, tolerance: 1e-5, quick: true),
        step("resnet20", resNet20(batch: 32, isTraining: true), optimizerTensors: 1, tolerance: 1e-2),
        step("gpt", transformer, optimizerTensors: 2, tolerance: 5e-3),
        step("lstm", longShortTermMemory, optimizerTensors: 2, tolerance: 1e-3),
    ]

    static let inference: [Row] =
        ["mlp", "cnn"].flatMap { operation in
            [1, 64].flatMap { batch in [1, 2, 4, 8].map { forward(operation, batch: batch, callers: $0) } }
        } + [forward("resnet20", batch: 1, callers: 1), nextToken]

    private static let quickInference: Set = ["infer/mlp/b1/callers1", "infer/mlp/b64/callers4"]

    /// One step of training.
    ///
    /// - Parameter optimizerTensors: what the optimizer keeps for each parameter.
    private static func step(
        _ operation: String,
        _ model: Model,
        optimizerTensors: Int,
        tolerance: Double,
        quick: Bool = false
    ) -> Row {
        // Parameters and what the optimizer keeps are read and written.
        let state = 2 * model.parameterCount * (1 + optimizerTensors)
        return Row(
            name: "train/\(operation)",
            group: "train",
            kind: "train",
            operation: operation,
            inputs: model.list.inputs,
            tolerance: tolerance,
            work: Row.Work(bound: .compute, flops: model.trainingFlops, bytes: Double(state) * floatSize),
            quick: quick
        )
    }

    /// A forward pass in each of `callers` threads.
    private static func forward(_ operation: String, batch: Int, callers: Int) -> Row {
        let model: Model =
            switch operation {
            case "mlp": perceptron(batch: batch, isTraining: false)
            case "cnn": convolutional(batch: batch, isTraining: false)
            default: resNet20(batch: batch, isTraining: false)
            }
        let name = "infer/\(operation)/b\(batch)/callers\(callers)"
        return Row(
            name: name,
            group: "infer",
            kind: "infer",
            operation: operation,
            sizes: ["batch": batch, "callers": callers],
            inputs: model.list.inputs,
            // Rounding adds up over twenty layers.
            tolerance: operation == "resnet20" ? 1e-4 : 1e-5,
            work: Row.Work(
                // One sample meets every weight of a fully connected layer once.
                bound: operation == "mlp" && batch == 1 ? .read : .compute,
                flops: Double(callers) * model.forwardFlops,
                bytes: Double(callers * model.parameterCount) * floatSize
            ),
            quick: quickInference.contains(name)
        )
    }

    /// The transformer's answer to one token, which sees those before it by their keys and values alone.
    private static var nextToken: Row {
        let model = transformer(batch: 1, positions: 1, pairs: 128) { data in
            data.integers("x", [1, 1], below: 256)
            for name in ["keys", "values"] { data.uniform(name, [4, 1, 4, 127, 32]) }
        }
        return Row(
            name: "infer/gpt/token",
            group: "infer",
            kind: "infer",
            operation: "gpt-token",
            sizes: ["batch": 1, "callers": 1],
            inputs: model.list.inputs,
            tolerance: 1e-5,
            work: Row.Work(bound: .read, flops: model.forwardFlops, bytes: Double(model.parameterCount) * floatSize),
            quick: true
        )
    }

    // MARK: - Models with their data

    private static var tinyPerceptron: Model {
        var data = InputList()
        data.uniform("x", [32, 2])
        data.uniform("y", [32, 1])
        return .multilayerPerceptron([2, 16, 16, 1], data: data, rows: 32)
    }

    private static func perceptron(batch: Int, isTraining: Bool) -> Model {
        let data = images([batch, 784], isTraining: isTraining)
        return .multilayerPerceptron([784, 512, 512, 10], data: data, rows: batch)
    }

    private static func convolutional(batch: Int, isTraining: Bool) -> Model {
        .convolutional(data: images([batch, 1, 28, 28], isTraining: isTraining), batch: batch)
    }

    private static func resNet20(batch: Int, isTraining: Bool) -> Model {
        .resNet20(data: images([batch, 3, 32, 32], isTraining: isTraining), batch: batch, isTraining: isTraining)
    }

    private static var transformer: Model {
        transformer(batch: 8, positions: 128, pairs: 128 * 129 / 2) { data in
            data.integers("x", [8, 128], below: 256)
            data.integers("labels", [8, 128], below: 256)
        }
    }

    /// - Parameters:
    ///   - positions: how many of the context's 128 are computed.
    ///   - pairs: of positions that see one another.
    private static func transformer(
        batch: Int,
        positions: Int,
        pairs: Int,
        data makeData: (inout InputList) -> Void
    ) -> Model {
        var data = InputList()
        makeData(&data)
        return .transformer(
            data: data,
            rows: batch * positions,
            pairs: batch * pairs,
            context: 128,
            vocabulary: 256,
            width: 128,
            layers: 4
        )
    }

    private static var longShortTermMemory: Model {
        var data = InputList()
        data.uniform("x", [32, 64, 128])
        data.integers("labels", [32], below: 10)
        return .longShortTermMemory(data: data, batch: 32, steps: 64, width: 128, classes: 10)
    }

    /// `x`, and labels of ten classes to learn.
    private static func images(_ shape: [Int], isTraining: Bool) -> InputList {
        var data = InputList()
        data.uniform("x", shape)
        if isTraining { data.integers("labels", [shape[0]], below: 10) }
        return data
    }
}
