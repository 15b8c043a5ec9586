import Weft

/// The model of `cnn`: ten classes of images of shape [batch, 1, 28, 28].
final class ImageClassifier: Module {
    let conv1 = Conv2d(1, 32, 3, padding: 1, activation: .relu)
    let conv2 = Conv2d(32, 64, 3, padding: 1, activation: .relu)
    let fc1 = Linear(64 * 7 * 7, 128, activation: .relu)
    let fc2 = Linear(128, 10)

    func callAsFunction(_ x: Tensor) -> Tensor {
        let halved = conv1(x).maxPool2d(kernelSize: 2)
        let quartered = conv2(halved).maxPool2d(kernelSize: 2)
        return fc2(fc1(quartered.reshaped([x.shape[0], -1])))
    }
}
