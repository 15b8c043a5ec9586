import Weft

/// A convolution of images with square kernels.
final class Convolution: Layer {
    let weight: Parameter
    let bias: Parameter?
    private let stride: Int
    private let padding: Int

    init(_ channels: Int, _ outChannels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, bias hasBias: Bool = true)
    {
        let bound = 1 / Double(channels * kernel * kernel).squareRoot()
        func draw(_ shape: [Int]) -> Parameter { Parameter(Tensor(uniform: shape, in: -bound..<bound)) }
        weight = draw([outChannels, channels, kernel, kernel])
        bias = hasBias ? draw([outChannels]) : nil
        (self.stride, self.padding) = (stride, padding)
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        conv2d(
            x,
            weight: weight.value,
            bias: bias?.value,
            stride: SpatialSizes(stride),
            padding: SpatialPadding(padding)
        )
    }
}
