import Weft

/// A classifier of pictures of handwritten digits.
protocol DigitsModel: Module {
    /// What it is, in few words.
    static var summary: String { get }
    /// What the metadata of its weights call it.
    static var name: String { get }

    /// Scores (N, 10) of standardised images (N, 64).
    func callAsFunction(_ images: Tensor) -> Tensor
}

/// The shapes that all of them have in common.
enum Digits {
    /// Pixels along a side.
    static let side = 8
    static let pixelCount = side * side
    static let classCount = 10
}

/// Which model is trained.
enum DigitsModelKind: String, CaseIterable, Sendable {
    /// A multi-layer perceptron.
    case mlp
    /// A convolutional network.
    case cnn

    /// A model with random weights.
    func makeModel() -> any DigitsModel {
        switch self {
        case .mlp: DigitsPerceptron()
        case .cnn: DigitsConvolutions()
        }
    }
}

/// A perceptron with one hidden layer, from 64 pixels to ten scores (logits).
///
/// Dropout on the pixels as well as on the hidden units: with 1,437 digits to learn from, it is worth about half a
/// percent of test accuracy.
final class DigitsPerceptron: DigitsModel {
    static let hiddenCount = 128
    static let summary = "\(Digits.pixelCount)–\(hiddenCount)–\(Digits.classCount) perceptron"
    static let name = "digits \(Digits.pixelCount)-\(hiddenCount)-\(Digits.classCount)"

    let pixelDropout = Dropout(0.1)
    let hidden = Linear(Digits.pixelCount, hiddenCount)
    let hiddenDropout = Dropout(0.2)
    let output = Linear(hiddenCount, Digits.classCount)

    func callAsFunction(_ images: Tensor) -> Tensor {
        output(hiddenDropout(hidden(pixelDropout(images)).relu()))
    }
}

/// Three convolutions, each normalised over the batch, with the pictures halved twice.
///
/// It learns from pictures of which half are moved by a pixel, which a perceptron makes less of.
final class DigitsConvolutions: DigitsModel {
    static let summary = "convolutional network of 16, 32 and 32 channels"
    static let name = "digits cnn 16-32-32"

    let features = Sequential(
        Conv2d(1, 16, 3, padding: 1),
        BatchNorm2d(16),
        ReLU(),
        Conv2d(16, 32, 3, padding: 1),
        BatchNorm2d(32),
        ReLU(),
        MaxPool2d(2),
        Conv2d(32, 32, 3, padding: 1),
        BatchNorm2d(32),
        ReLU(),
        MaxPool2d(2),
        Flatten()
    )
    let dropout = Dropout(0.2)
    let output = Linear(32 * 2 * 2, Digits.classCount)

    func callAsFunction(_ images: Tensor) -> Tensor {
        output(dropout(features(images.reshaped([images.shape[0], 1, Digits.side, Digits.side]))))
    }
}
