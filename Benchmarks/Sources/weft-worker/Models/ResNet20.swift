import Weft

/// The model of `resnet20` (He et al., 2015): ten classes of images of shape [batch, 3, 32, 32].
final class ResNet20: Module {
    let conv1 = Conv2d(3, 16, 3, padding: 1, bias: false)
    let bn1 = BatchNorm2d(16)
    let layer1 = ResNet20.stage(16, 16)
    let layer2 = ResNet20.stage(16, 32)
    let layer3 = ResNet20.stage(32, 64)
    let fc = Linear(64, 10)

    func callAsFunction(_ x: Tensor) -> Tensor {
        let features = [layer1, layer2, layer3].joined().reduce(bn1(conv1(x)).relu()) { $1($0) }
        return fc(features.mean(axes: [2, 3]))
    }

    /// Three blocks, the first of which halves the images where it has more channels than before.
    private static func stage(_ channels: Int, _ width: Int) -> [Block] {
        [Block(channels, width), Block(width, width), Block(width, width)]
    }

    /// Two convolutions, and a way around them.
    final class Block: Module {
        let conv1: Conv2d
        let bn1: BatchNorm2d
        let conv2: Conv2d
        let bn2: BatchNorm2d
        /// Where the shape changes: a convolution and a batch norm.
        let downsample: Sequential?

        init(_ channels: Int, _ width: Int) {
            let stride: SpatialSizes = channels == width ? 1 : 2
            conv1 = Conv2d(channels, width, 3, stride: stride, padding: 1, bias: false)
            bn1 = BatchNorm2d(width)
            conv2 = Conv2d(width, width, 3, padding: 1, bias: false)
            bn2 = BatchNorm2d(width)
            downsample =
                channels == width
                ? nil
                : Sequential(
                    Conv2d(channels, width, 1, stride: stride, bias: false),
                    BatchNorm2d(width)
                )
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            let y = bn2(conv2(bn1(conv1(x)).relu()))
            return (y + (downsample?(x) ?? x)).relu()
        }
    }
}
