import Foundation
import Weft

/// Trains a model of digits: AdamW with a learning rate that falls to zero along half a cosine, over batches in an order
/// drawn anew for each epoch.
///
/// Everything random comes from the seed, and Weft's arithmetic does not depend on the number of threads, so a seed
/// gives the same weights to the last bit whatever the lane layout.
struct DigitsTraining {
    struct Settings: Equatable, Sendable {
        var kind = DigitsModelKind.mlp
        var epochs = 40
        var batchSize = 32
        var learningRate = 3e-3
        var seed: UInt64 = 0

        /// How a model of `kind` is trained unless told otherwise.
        static func defaults(for kind: DigitsModelKind) -> Self {
            switch kind {
            case .mlp: Self()
            case .cnn: Self(kind: .cnn, epochs: 12, learningRate: 5e-3)
            }
        }
    }

    /// A value for each epoch.
    struct Curves: Equatable, Sendable {
        var trainingLoss: [Double] = []
        var trainingAccuracy: [Double] = []
        var testLoss: [Double] = []
        var testAccuracy: [Double] = []
    }

    struct Result {
        var model: any DigitsModel
        var curves: Curves
        /// Wall-clock time of the whole run.
        var duration: Duration
        /// The model's logits (N, 10) for the test images after the last epoch.
        var testLogits: Tensor
        var testAccuracy: Double
    }

    let split: DigitsSplit
    let settings: Settings

    private var trainingCount: Int { split.training.count }
    private var stepsPerEpoch: Int { (trainingCount + settings.batchSize - 1) / settings.batchSize }

    /// Trains from scratch, reporting to `progress`.
    ///
    /// - Throws: `CommandFailure` if the loss stops being a finite number.
    func run(progress: inout ProgressBar) throws -> Result {
        defer { progress.finish() }
        return try withRandomSeed(settings.seed) { try train(progress: &progress) }
    }

    private func train(progress: inout ProgressBar) throws -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let model = settings.kind.makeModel()
        let optimizer = AdamW(model, learningRate: settings.learningRate)
        let moved = settings.kind == .cnn ? MovedDigits(split.training.images) : nil
        let trainingImages = split.standardisation(moved?.images ?? split.training.images)
        let testImages = split.standardisation(split.test.images)
        var order = SplitMix64(seed: settings.seed)
        var moves = SplitMix64(seed: ~settings.seed)
        var curves = Curves()
        var evaluation = (logits: testImages, loss: 0.0, accuracy: 0.0)
        // Time spent on judging the model is not time spent on training it.
        var trainingTime = Duration.zero

        for epoch in 1...settings.epochs {
            let epochStart = clock.now
            let rows = order.permutation(count: trainingCount)
            var (seen, lossSum, correct) = (0, 0.0, 0)
            var state = TrainingProgress(epoch: epoch, epochs: settings.epochs, steps: stepsPerEpoch)

            for step in 0..<stepsPerEpoch {
                let batch = rows[step * settings.batchSize..<min((step + 1) * settings.batchSize, trainingCount)]
                let pictures = Tensor(moved?.rows(batch, &moves) ?? Array(batch))
                let labels = split.training.labels[Tensor(Array(batch))]
                optimizer.learningRate = learningRate(step: (epoch - 1) * stepsPerEpoch + step)
                let logits = withMode(.training) { model(trainingImages[pictures]) }
                let loss = crossEntropy(logits, labels)
                optimizer.zeroGrad()
                loss.backward()
                optimizer.step()

                let value = loss.item()
                guard value.isFinite else {
                    throw CommandFailure.noResult(
                        "training diverged: the loss became \(value) in epoch \(epoch), step \(step + 1); "
                            + "a smaller --learning-rate may help"
                    )
                }
                seen += batch.count
                lossSum += value * Double(batch.count)
                correct += Self.correctCount(logits.detached(), labels)
                state.step = step + 1
                state.loss = lossSum / Double(seen)
                state.accuracy = Double(correct) / Double(seen)
                state.samplesPerSecond =
                    Double((epoch - 1) * trainingCount + seen)
                    / max((trainingTime + (clock.now - epochStart)) / .seconds(1), 1e-9)
                progress.update(state)
            }
            trainingTime += clock.now - epochStart

            evaluation = evaluate(model, testImages)
            curves.trainingLoss.append(state.loss)
            curves.trainingAccuracy.append(state.accuracy)
            curves.testLoss.append(evaluation.loss)
            curves.testAccuracy.append(evaluation.accuracy)
            progress.finishPart(
                state,
                line: state.line(testLoss: evaluation.loss, testAccuracy: evaluation.accuracy)
            )
        }
        return Result(
            model: model,
            curves: curves,
            duration: clock.now - start,
            testLogits: evaluation.logits,
            testAccuracy: evaluation.accuracy
        )
    }

    /// The learning rate of a step, counted from zero over the whole run.
    func learningRate(step: Int) -> Double {
        let share = Double(step) / Double(settings.epochs * stepsPerEpoch)
        return settings.learningRate * (1 + cos(.pi * share)) / 2
    }

    private func evaluate(
        _ model: any DigitsModel,
        _ testImages: Tensor
    ) -> (logits: Tensor, loss: Double, accuracy: Double) {
        noGrad {
            withMode(.evaluation) {
                let logits = model(testImages)
                let labels = split.test.labels
                let accuracy = Double(Self.correctCount(logits, labels)) / Double(split.test.count)
                return (logits, crossEntropy(logits, labels).item(), accuracy)
            }
        }
    }

    /// How many rows of `logits` are highest where `labels` say.
    private static func correctCount(_ logits: Tensor, _ labels: Tensor) -> Int {
        Int((logits.argmax(axis: 1) .== labels).to(.int64).sum().item())
    }
}
