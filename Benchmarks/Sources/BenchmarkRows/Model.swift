/// A model's parameters, as inputs, and the floating-point operations of its matrix products and convolutions.
///
/// Layers are added in the order in which PyTorch's state dict has them; weights and biases are drawn uniformly
/// between ±1/sqrt(fan-in), as PyTorch draws them.
struct Model {
    private(set) var list: InputList
    /// Operations of a forward pass.
    private(set) var forwardFlops = 0.0
    /// Operations of a forward and a backward pass.
    private(set) var trainingFlops = 0.0
    private(set) var parameterCount = 0
    /// Whether the layers until now need their input's gradient; the first does not, if the input is data.
    private var needsInputGradient: Bool

    /// - Parameters:
    ///   - data: what the model computes on, which comes before the parameters.
    ///   - needsInputGradient: whether the first layer that is added stands behind a learned one.
    init(data: InputList, needsInputGradient: Bool = false) {
        self.list = data
        self.needsInputGradient = needsInputGradient
    }

    /// `inFeatures` to `outFeatures`, for each of `rows` rows.
    mutating func linear(_ name: String, _ inFeatures: Int, _ outFeatures: Int, rows: Int, bias: Bool = true) {
        parameter("\(name).weight", [outFeatures, inFeatures], fanIn: inFeatures)
        if bias { parameter("\(name).bias", [outFeatures], fanIn: inFeatures) }
        product(multiplyAdds: rows * inFeatures * outFeatures)
    }

    /// A square convolution whose output has `positions` places in the whole batch.
    mutating func convolution(
        _ name: String,
        _ inChannels: Int,
        _ outChannels: Int,
        kernel: Int,
        positions: Int,
        bias: Bool = true
    ) {
        let fanIn = inChannels * kernel * kernel
        parameter("\(name).weight", [outChannels, inChannels, kernel, kernel], fanIn: fanIn)
        if bias { parameter("\(name).bias", [outChannels], fanIn: fanIn) }
        product(multiplyAdds: positions * fanIn * outChannels)
    }

    /// Weight and bias of a layer norm or a batch norm, and the latter's running statistics where it uses them.
    mutating func normalization(_ name: String, _ features: Int, hasStatistics: Bool = false) {
        parameter("\(name).weight", [features], in: 0.5..<1.5)
        parameter("\(name).bias", [features], in: -0.5..<0.5)
        if hasStatistics {
            parameter("\(name).running_mean", [features], in: -0.5..<0.5)
            parameter("\(name).running_var", [features], in: 0.5..<1.5)
        }
    }

    mutating func embedding(_ name: String, _ count: Int, _ features: Int) {
        parameter("\(name).weight", [count, features], fanIn: features)
    }

    mutating func parameter(_ name: String, _ shape: [Int], fanIn: Int) {
        list.learned(name, shape, fanIn: fanIn)
        parameterCount += shape.reduce(1, *)
    }

    private mutating func parameter(_ name: String, _ shape: [Int], in range: Range<Double>) {
        list.uniform(name, shape, in: range)
        parameterCount += shape.reduce(1, *)
    }

    /// A product of which both operands, or all but the model's input, have a gradient: each takes as many operations
    /// as the product itself.
    mutating func product(multiplyAdds: Int) {
        forwardFlops += 2 * Double(multiplyAdds)
        trainingFlops += (needsInputGradient ? 3 : 2) * 2 * Double(multiplyAdds)
        needsInputGradient = true
    }
}

extension Model {
    /// Fully connected layers, numbered as in a `Sequential` with an activation between any two.
    static func multilayerPerceptron(_ features: [Int], data: InputList, rows: Int) -> Model {
        var model = Model(data: data)
        for (index, (inFeatures, outFeatures)) in zip(features, features.dropFirst()).enumerated() {
            model.linear("\(2 * index)", inFeatures, outFeatures, rows: rows)
        }
        return model
    }

    /// 1x28x28 images: two convolutions of 3x3, each halved by pooling, and two linear layers.
    static func convolutional(data: InputList, batch: Int) -> Model {
        var model = Model(data: data)
        model.convolution("conv1", 1, 32, kernel: 3, positions: batch * 28 * 28)
        model.convolution("conv2", 32, 64, kernel: 3, positions: batch * 14 * 14)
        model.linear("fc1", 64 * 7 * 7, 128, rows: batch)
        model.linear("fc2", 128, 10, rows: batch)
        return model
    }

    /// He et al., 2015, for 3x32x32 images, with projections where the shape changes.
    static func resNet20(data: InputList, batch: Int, isTraining: Bool) -> Model {
        var model = Model(data: data)
        model.convolution("conv1", 3, 16, kernel: 3, positions: batch * 32 * 32, bias: false)
        model.normalization("bn1", 16, hasStatistics: !isTraining)
        var channels = 16
        for (stage, width) in [16, 32, 64].enumerated() {
            let side = 32 >> stage
            let positions = batch * side * side
            for block in 0..<3 {
                let name = "layer\(stage + 1).\(block)"
                model.convolution("\(name).conv1", channels, width, kernel: 3, positions: positions, bias: false)
                model.normalization("\(name).bn1", width, hasStatistics: !isTraining)
                model.convolution("\(name).conv2", width, width, kernel: 3, positions: positions, bias: false)
                model.normalization("\(name).bn2", width, hasStatistics: !isTraining)
                if channels != width {
                    let projection = "\(name).downsample"
                    model.convolution("\(projection).0", channels, width, kernel: 1, positions: positions, bias: false)
                    model.normalization("\(projection).1", width, hasStatistics: !isTraining)
                }
                channels = width
            }
        }
        model.linear("fc", 64, 10, rows: batch)
        return model
    }

    /// A decoder-only transformer with normalization first (Radford et al., 2019).
    ///
    /// - Parameters:
    ///   - rows: how many positions are computed.
    ///   - pairs: of positions of which one sees the other.
    static func transformer(
        data: InputList,
        rows: Int,
        pairs: Int,
        context: Int,
        vocabulary: Int,
        width: Int,
        layers: Int
    ) -> Model {
        var model = Model(data: data, needsInputGradient: true)
        model.embedding("tok", vocabulary, width)
        model.embedding("pos", context, width)
        for layer in 0..<layers {
            let name = "blocks.\(layer)"
            model.normalization("\(name).ln1", width)
            model.linear("\(name).qkv", width, 3 * width, rows: rows)
            // Scores and weighted values.
            model.product(multiplyAdds: 2 * pairs * width)
            model.linear("\(name).proj", width, width, rows: rows)
            model.normalization("\(name).ln2", width)
            model.linear("\(name).fc1", width, 4 * width, rows: rows)
            model.linear("\(name).fc2", 4 * width, width, rows: rows)
        }
        model.normalization("ln", width)
        model.linear("head", width, vocabulary, rows: rows, bias: false)
        return model
    }

    /// A layer of long short-term memory (Hochreiter and Schmidhuber, 1997) and a linear one on its last output.
    static func longShortTermMemory(data: InputList, batch: Int, steps: Int, width: Int, classes: Int) -> Model {
        var model = Model(data: data)
        model.parameter("lstm.weight_ih_l0", [4 * width, width], fanIn: width)
        model.parameter("lstm.weight_hh_l0", [4 * width, width], fanIn: width)
        model.parameter("lstm.bias_ih_l0", [4 * width], fanIn: width)
        model.parameter("lstm.bias_hh_l0", [4 * width], fanIn: width)
        model.product(multiplyAdds: batch * steps * width * 4 * width)
        // The first step's state is zero.
        model.product(multiplyAdds: batch * (steps - 1) * width * 4 * width)
        model.linear("fc", width, classes, rows: batch)
        return model
    }
}
