import WeftTensor

/// What convolutions and their transposes have in common: checked sizes, and parameters as PyTorch draws them.
struct ConvolutionState {
    let inChannels: Int
    let outChannels: Int
    let kernelSize: [Int]
    let stride: [Int]
    let dilation: [Int]
    let groups: Int
    let weight: Parameter
    let bias: Parameter?

    /// Refuses what no input could make right: numbers of channels that are negative or that the groups do not divide, and
    /// sizes that are too small or too many.
    init(
        _ inChannels: Int,
        _ outChannels: Int,
        _ kernelSize: SpatialSizes,
        _ stride: SpatialSizes,
        _ dilation: SpatialSizes,
        groups: Int,
        bias: Bool,
        axes: Int,
        isTransposed: Bool,
        layer: StaticString,
        at site: CallSite
    ) {
        let call = Call(layer, at: site)
        func checked(_ sizes: SpatialSizes, _ name: StaticString) -> [Int] {
            do throws(Refusal) {
                return try call.spatial(sizes, name, axes: axes, atLeast: 1)
            } catch {
                return Array(repeating: 1, count: axes)
            }
        }
        var groups = groups
        if inChannels < 0 || outChannels < 0 {
            _ = call.refusal("the numbers of channels are \(inChannels) and \(outChannels); they cannot be negative")
        } else if groups < 1 || inChannels % groups != 0 || outChannels % groups != 0 {
            _ = call.refusal("\(groups) groups do not divide \(inChannels) input and \(outChannels) output channels")
            groups = 1
        }
        groups = max(groups, 1)
        self.inChannels = max(inChannels, 0)
        self.outChannels = max(outChannels, 0)
        self.kernelSize = checked(kernelSize, "kernel size")
        self.stride = checked(stride, "stride")
        self.dilation = checked(dilation, "dilation")
        self.groups = groups

        let (rows, columns) = isTransposed ? (self.inChannels, self.outChannels) : (self.outChannels, self.inChannels)
        let shape = [rows, columns / groups] + self.kernelSize
        // PyTorch's default, kaiming_uniform_(a: sqrt(5)), has this bound for the weight too.
        let inputs = shape.dropFirst().reduce(1, *)
        let bound = inputs == 0 ? 0 : 1 / Double(inputs).squareRoot()
        func draw(_ shape: [Int]) -> Parameter {
            refusing(as: layer, at: site) {
                Parameter(bound == 0 ? Tensor(zeros: shape) : Tensor(uniform: shape, in: -bound..<bound))
            }
        }
        weight = draw(shape)
        self.bias = bias ? draw([self.outChannels]) : nil
    }
}

extension SpatialRank {
    static var convolutionName: StaticString {
        switch spatialRank {
        case 1: "Conv1d"
        case 2: "Conv2d"
        default: "Conv3d"
        }
    }

    static var transposeName: StaticString {
        switch spatialRank {
        case 1: "ConvTranspose1d"
        case 2: "ConvTranspose2d"
        default: "ConvTranspose3d"
        }
    }
}
