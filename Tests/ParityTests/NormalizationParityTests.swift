import Testing
import Weft

struct NormalizationParityTests {
    @Test(arguments: ParityCase.family("normalization"))
    func `Normalisation of channels agrees with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            let x = try arguments.bool("channelsLast") ? inputs["input"].contiguous(.channelsLast) : inputs["input"]
            if parity.operation.first!.isUppercase {
                let layer = try layer(parity.operation, arguments, inputs)
                let isTraining = try !arguments.has("training") || arguments.bool("training")
                return ["output": withMode(isTraining ? .training : .evaluation) { layer(x) }]
            }
            return try function(parity.operation, arguments, inputs, of: x)
        }
    }

    private func function(
        _ operation: String,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs,
        of x: Tensor
    ) throws -> [String: Tensor] {
        let (weight, bias) = (inputs.optional("weight"), inputs.optional("bias"))
        let epsilon = try arguments.double("epsilon")
        switch operation {
        case "groupNorm":
            let groups = try arguments.int("groups")
            return ["output": x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)]
        case "localResponseNorm":
            let result = x.localResponseNorm(
                size: try arguments.int("size"),
                alpha: try arguments.double("alpha"),
                beta: try arguments.double("beta"),
                k: try arguments.double("k")
            )
            return ["output": result]
        case "batchNorm", "instanceNorm":
            let isBatch = operation == "batchNorm"
            guard try arguments.bool("running") else {
                let result =
                    isBatch
                    ? x.batchNorm(weight: weight, bias: bias, epsilon: epsilon)
                    : x.instanceNorm(weight: weight, bias: bias, epsilon: epsilon)
                return ["output": result]
            }
            var (mean, variance) = (inputs["mean"], inputs["variance"])
            let (training, momentum) = (try arguments.bool("training"), try arguments.double("momentum"))
            let result =
                isBatch
                ? x.batchNorm(
                    runningMean: &mean,
                    runningVar: &variance,
                    weight: weight,
                    bias: bias,
                    training: training,
                    momentum: momentum,
                    epsilon: epsilon
                )
                : x.instanceNorm(
                    runningMean: &mean,
                    runningVar: &variance,
                    weight: weight,
                    bias: bias,
                    useInputStats: training,
                    momentum: momentum,
                    epsilon: epsilon
                )
            return training ? ["output": result, "mean": mean, "variance": variance] : ["output": result]
        default: throw ParityError.unknown(operation)
        }
    }

    private func layer(
        _ operation: String,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> any Layer {
        let channels = try arguments.int("channels")
        let (affine, bias) = (try arguments.bool("affine"), try arguments.bool("bias"))
        if operation == "GroupNorm" {
            let groups = try arguments.int("groups")
            return try inputs.load(GroupNorm(groups, channels, affine: affine, bias: bias))
        }
        let track = try arguments.bool("track")
        let momentum = arguments.has("momentum") ? try arguments.double("momentum") : nil
        func batch<Images>(_: BatchNorm<Images>.Type) throws -> any Layer {
            try inputs.load(
                BatchNorm<Images>(
                    channels,
                    momentum: momentum,
                    affine: affine,
                    trackRunningStats: track,
                    bias: bias
                )
            )
        }
        func instance<Images>(_: InstanceNorm<Images>.Type) throws -> any Layer {
            try inputs.load(
                InstanceNorm<Images>(
                    channels,
                    momentum: momentum,
                    affine: affine,
                    trackRunningStats: track,
                    bias: bias
                )
            )
        }
        return switch (operation, try arguments.int("images")) {
        case ("BatchNorm", 1): try batch(BatchNorm1d.self)
        case ("BatchNorm", 2): try batch(BatchNorm2d.self)
        case ("BatchNorm", 3): try batch(BatchNorm3d.self)
        case ("InstanceNorm", 1): try instance(InstanceNorm1d.self)
        case ("InstanceNorm", 2): try instance(InstanceNorm2d.self)
        case ("InstanceNorm", 3): try instance(InstanceNorm3d.self)
        default: throw ParityError.unknown(operation)
        }
    }
}
