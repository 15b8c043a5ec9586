@testable import WeftTensor

extension DifferentiableCase {
    /// Pooling, padding and resampling. Elements of maxima are far from one another.
    static let windows = [
        DifferentiableCase("maxPool1d", [[2, 7]], from: -60, to: 60) {
            $0[0].maxPool1d(kernelSize: 3, stride: 2, padding: 1)
        },
        DifferentiableCase("maxPool2d", [[1, 2, 5, 4]], from: -90, to: 90) {
            $0[0].maxPool2d(kernelSize: [3, 2], stride: 1, padding: [1, 0], dilation: [1, 2])
        },
        DifferentiableCase("maxPool2d of channels that lie last", [[1, 2, 4, 4]], from: -90, to: 90) {
            $0[0].contiguous(.channelsLast).maxPool2d(kernelSize: 2, stride: 1, ceilMode: true)
        },
        DifferentiableCase("adaptiveMaxPool2d", [[1, 5, 3]], from: -60, to: 60) {
            $0[0].adaptiveMaxPool2d(outputSize: [2, nil])
        },
        DifferentiableCase("avgPool2d", [[1, 2, 5, 4]]) { $0[0].avgPool2d(kernelSize: 3, stride: 2, padding: 1) },
        DifferentiableCase("avgPool3d", [[1, 3, 2, 4]]) {
            $0[0].avgPool3d(kernelSize: 2, stride: 1, padding: [1, 0, 1], ceilMode: true, countIncludePad: false)
        },
        DifferentiableCase("avgPool2d by a divisor", [[2, 4, 4]]) {
            $0[0].avgPool2d(kernelSize: 2, divisorOverride: 3)
        },
        DifferentiableCase("adaptiveAvgPool1d", [[2, 5]]) { $0[0].adaptiveAvgPool1d(outputSize: 3) },
        DifferentiableCase("lpPool2d", [[1, 3, 4]], from: 0.5) {
            $0[0].lpPool2d(normType: 3, kernelSize: 2, stride: 1)
        },
        DifferentiableCase("maxUnpool1d", [[1, 2, 2]]) {
            $0[0].maxUnpool1d(indices: Tensor([[[1, 3], [0, 2]]]), kernelSize: 2)
        },
        DifferentiableCase("padded with zeros", [[2, 3]]) { $0[0].padded([1, 2, -1, 1]) },
        DifferentiableCase("padded by reflection", [[1, 3, 3]]) { $0[0].padded([2, 1, 0, 2], mode: .reflect) },
        DifferentiableCase("padded by replication", [[1, 2, 3]]) { $0[0].padded([2, 1, 0, 2], mode: .replicate) },
        DifferentiableCase("padded in a circle", [[1, 2, 3]]) { $0[0].padded([2, 3, 1, -1], mode: .circular) },
        DifferentiableCase("nearest", [[1, 1, 3, 2]]) { $0[0].interpolated(size: [4, 5]) },
        DifferentiableCase("bilinear", [[1, 1, 3, 2]]) { $0[0].interpolated(scaleFactor: 2, mode: .bilinear) },
        DifferentiableCase("bilinear, smaller", [[1, 2, 5, 4]]) {
            $0[0].contiguous(.channelsLast).interpolated(size: 3, mode: .bilinear, antialias: true)
        },
        DifferentiableCase("bicubic", [[1, 1, 3, 4]]) {
            $0[0].interpolated(size: [5, 3], mode: .bicubic, alignCorners: true)
        },
        DifferentiableCase("trilinear", [[1, 1, 2, 3, 2]]) { $0[0].interpolated(size: [3, 2, 3], mode: .trilinear) },
        DifferentiableCase("area", [[1, 1, 5]]) { $0[0].interpolated(size: 3, mode: .area) },
        DifferentiableCase("pixelShuffle", [[4, 2, 1]]) { $0[0].pixelShuffle(upscaleFactor: 2) },
        DifferentiableCase("unfolded", [[1, 2, 3, 3]]) { $0[0].unfolded(kernelSize: 2, padding: 1, stride: 2) },
        DifferentiableCase("folded", [[1, 4, 4]]) { $0[0].folded(outputSize: 3, kernelSize: 2) },
    ]
}
