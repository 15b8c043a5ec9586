import Testing
import Weft

/// Whole models with PyTorch's weights, under PyTorch's names.
struct ModelParityTests {
    @Test(arguments: ParityCase.family("models"))
    func `Models give what PyTorch's give, and their losses follow PyTorch's for twenty steps`(
        _ parity: ParityCase
    ) throws {
        try parity.check { arguments, inputs in
            switch parity.operation {
            case "resnet20":
                let model = ResNet20(width: try arguments.int("width"), classes: try arguments.int("classes"))
                let optimizer = SGD(model, learningRate: 0.02, momentum: 0.9)
                return try trained(model, optimizer, arguments, inputs) { $0(inputs["x"]) }
            case "sequenceClassifier":
                let model = SequenceClassifier(
                    features: try arguments.int("features"),
                    hidden: try arguments.int("hidden"),
                    classes: try arguments.int("classes")
                )
                return try trained(model, Adam(model, learningRate: 0.01), arguments, inputs) { $0(inputs["x"]) }
            case "translator":
                let model = Translator(symbols: try arguments.int("symbols"), width: try arguments.int("width"))
                return try trained(model, AdamW(model, learningRate: 0.003), arguments, inputs) {
                    $0(inputs["source"], inputs["target"])
                }
            default: throw ParityError.unknown(parity.operation)
            }
        }
    }

    @Test(arguments: ParityCase.family("models").filter { $0.operation == "resnet20" })
    func `A residual network gives the same bits whatever the layout of its input`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            let model = try inputs.load(
                ResNet20(width: try arguments.int("width"), classes: try arguments.int("classes"))
            )
            let x = inputs["x"]
            func losses(_ input: Tensor) -> [Float] {
                let loss = crossEntropy(model(input), inputs["labels"])
                model.zeroGrad()
                loss.backward()
                return loss.array() + model.parameters.flatMap { $0.grad!.array() }
            }
            #expect(losses(x) == losses(x.contiguous(.channelsLast)))
            return parity.results.filter { ["output", "losses"].contains($0.key) }
        }
    }

    /// The output in evaluation mode, then the losses of a number of steps.
    private func trained<M: Module>(
        _ model: M,
        _ optimizer: some Optimizer,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs,
        _ forward: (M) -> Tensor
    ) throws -> [String: Tensor] {
        let model = try inputs.load(model)
        let labels = inputs["labels"].flattened()
        let output = withMode(.evaluation) { noGrad { forward(model) } }
        var losses: [Tensor] = []
        for _ in 0..<(try arguments.int("steps")) {
            let logits = forward(model)
            let loss = crossEntropy(logits.reshaped([-1, logits.size(-1)]), labels)
            optimizer.zeroGrad()
            loss.backward()
            optimizer.step()
            losses.append(loss.detached())
        }
        return ["output": output, "losses": stacked(losses)]
    }
}

/// The residual network for small images (He et al., 2016), with `width` channels in its first stage.
private final class ResNet20: Module {
    let conv1: Conv2d
    let bn1: BatchNorm2d
    let layer1: Sequential
    let layer2: Sequential
    let layer3: Sequential
    let fc: Linear

    init(width: Int, classes: Int) {
        func stage(_ inputs: Int, _ outputs: Int, stride: Int) -> Sequential {
            Sequential(
                BasicBlock(inputs, outputs, stride: stride),
                BasicBlock(outputs, outputs, stride: 1),
                BasicBlock(outputs, outputs, stride: 1)
            )
        }
        conv1 = Conv2d(3, width, 3, padding: 1, bias: false)
        bn1 = BatchNorm2d(width)
        layer1 = stage(width, width, stride: 1)
        layer2 = stage(width, 2 * width, stride: 2)
        layer3 = stage(2 * width, 4 * width, stride: 2)
        fc = Linear(4 * width, classes)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        fc(layer3(layer2(layer1(bn1(conv1(x)).relu()))).mean(axes: [2, 3]))
    }
}

private final class BasicBlock: Layer {
    let conv1: Conv2d
    let bn1: BatchNorm2d
    let conv2: Conv2d
    let bn2: BatchNorm2d
    let downsample: Sequential?

    init(_ inputs: Int, _ outputs: Int, stride: Int) {
        conv1 = Conv2d(inputs, outputs, 3, stride: SpatialSizes(stride), padding: 1, bias: false)
        bn1 = BatchNorm2d(outputs)
        conv2 = Conv2d(outputs, outputs, 3, padding: 1, bias: false)
        bn2 = BatchNorm2d(outputs)
        downsample =
            stride == 1
            ? nil
            : Sequential(
                Conv2d(inputs, outputs, 1, stride: SpatialSizes(stride), bias: false),
                BatchNorm2d(outputs)
            )
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        (bn2(conv2(bn1(conv1(x)).relu())) + (downsample?(x) ?? x)).relu()
    }
}

private final class SequenceClassifier: Module {
    let lstm: LSTM
    let fc: Linear

    init(features: Int, hidden: Int, classes: Int) {
        lstm = LSTM(features, hidden, numLayers: 2, batchFirst: true, bidirectional: true)
        fc = Linear(2 * hidden, classes)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { fc(lstm(x).output[0..., -1]) }
}

private final class Translator: Module {
    let embedding: Embedding
    let transformer: Transformer
    let head: Linear

    init(symbols: Int, width: Int) {
        embedding = Embedding(symbols, width)
        transformer = Transformer(
            dModel: width,
            numHeads: 2,
            numEncoderLayers: 2,
            numDecoderLayers: 2,
            dimFeedforward: 4 * width,
            dropout: 0,
            batchFirst: true
        )
        head = Linear(width, symbols)
    }

    func callAsFunction(_ source: Tensor, _ target: Tensor) -> Tensor {
        let mask = Transformer.generateSquareSubsequentMask(target.size(1))
        return head(transformer(embedding(source), embedding(target), tgtMask: mask))
    }
}
