import Weft

/// The digits that a model learns from and those that it is judged by, standardised.
///
/// The split is the same in every run, whatever the seed of the training, so that the accuracies of two runs can be
/// compared: the rows in the order of `SplitMix64(seed: 0)`, the first four fifths for training (1,437 of the 1,797),
/// the rest for testing (360).
struct DigitsSplit {
    let training: DigitDataset
    let test: DigitDataset
    let standardisation: Standardisation

    private static let seed: UInt64 = 0

    /// - Throws: `CommandFailure` for fewer than two rows, of which one side of the split would be empty.
    init(_ dataset: DigitDataset) throws(CommandFailure) {
        let count = dataset.count
        guard count >= 2 else {
            throw .badData("a training set and a test set take at least two digits; there are \(count)")
        }
        let (trainingRows, testRows) = Self.rows(count: count)
        let training = Self.select(trainingRows, of: dataset)
        // Fitted to the training set alone: the test set must not leak into what the model is given.
        standardisation = Standardisation(fitting: training.images)
        self.training = training
        test = Self.select(testRows, of: dataset)
    }

    /// Which of `count` rows are for training and which for testing.
    static func rows(count: Int) -> (training: [Int], test: [Int]) {
        var generator = SplitMix64(seed: seed)
        let order = generator.permutation(count: count)
        let trainingCount = count * 4 / 5
        return (Array(order[..<trainingCount]), Array(order[trainingCount...]))
    }

    private static func select(_ rows: [Int], of dataset: DigitDataset) -> DigitDataset {
        let indices = Tensor(rows)
        return DigitDataset(images: dataset.images[indices], labels: dataset.labels[indices])
    }
}

/// A shift and a scale that give a set of images zero mean and unit variance over all pixels.
///
/// One pair for all pixels rather than one for each: a pixel that is almost always blank would otherwise be blown up
/// whenever it is not.
struct Standardisation: Equatable {
    let mean: Double
    let standardDeviation: Double

    init(fitting images: Tensor) {
        mean = images.mean().item()
        let deviation = (images - mean).square().mean().item().squareRoot()
        // Images that are all one colour stay as they are, at zero.
        standardDeviation = deviation > 0 ? deviation : 1
    }

    func callAsFunction(_ images: Tensor) -> Tensor {
        (images - mean) / standardDeviation
    }
}
