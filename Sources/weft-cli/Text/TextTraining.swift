import Foundation
import Weft

/// Trains a `TextModel`: AdamW over pieces of the text from random places, with clipped gradients and a learning rate
/// that rises, and then falls to zero along half a cosine.
///
/// Everything random comes from the seed, and Weft's arithmetic does not depend on the number of threads, so a seed gives
/// the same weights to the last bit whatever the lane layout. Validating and sampling change nothing.
struct TextTraining {
    /// Losses at some steps, in nats a character.
    struct Curves: Equatable, Sendable {
        /// Steps done.
        var steps: [Int] = []
        /// Means over the steps since the last validation.
        var training: [Double] = []
        var validation: [Double] = []
    }

    struct Result {
        var model: TextModel
        var curves: Curves
        /// Wall-clock time of the whole run.
        var duration: Duration
    }

    let text: TextSplit
    let settings: TextSettings

    /// The most pieces of the last tenth that a validation reads. More tell little more and take longer.
    private static let validationPieces = 128
    private static let samples = 5

    /// Trains from scratch, reporting to `progress`; `show` is given what the model writes as it learns.
    ///
    /// - Throws: `CommandFailure` if the loss stops being a finite number, or if there is not enough memory.
    func run(progress: inout ProgressBar, show: (String) -> Void) throws -> Result {
        defer { progress.finish() }
        do {
            return try withTensorErrors {
                try withRandomSeed(settings.seed) { try train(progress: &progress, show: show) }
            }
        } catch let error as TensorError {
            throw CommandFailure.noResult("training stopped: \(error.message)")
        }
    }

    private func train(progress: inout ProgressBar, show: (String) -> Void) throws -> Result {
        let clock = ContinuousClock()
        let start = clock.now
        let model = TextModel(settings.modelSize(alphabet: text.alphabet.count), dropout: settings.dropout)
        let optimizer = AdamW(model, betas: (0.9, 0.99))
        var places = SplitMix64(seed: settings.seed)
        var curves = Curves()
        var (lossSum, lossCount) = (0.0, 0)
        var state = TextProgress(steps: settings.steps)
        // Time spent on judging the model and on its samples is not time spent on training it.
        var otherTime = Duration.zero

        for step in 0..<settings.steps {
            let (input, target) = batch(&places)
            optimizer.learningRate = learningRate(step: step)
            optimizer.zeroGrad()
            let loss = withMode(.training) { Self.loss(of: model, input, target) }
            loss.backward()
            clipGradNorm(model.parameters, maxNorm: 1)
            optimizer.step()

            let value = loss.item()
            guard value.isFinite else {
                throw CommandFailure.noResult(
                    "training diverged: the loss became \(value) in step \(step + 1); "
                        + "a smaller --learning-rate may help"
                )
            }
            (lossSum, lossCount) = (lossSum + value, lossCount + 1)
            state.step = step + 1
            state.loss = lossSum / Double(lossCount)
            let trainingTime = clock.now - start - otherTime
            state.charactersPerSecond =
                Double((step + 1) * settings.batchSize * settings.context) / max(trainingTime / .seconds(1), 1e-9)
            progress.update(state)

            let pauseStart = clock.now
            if (step + 1).isMultiple(of: settings.stepsBetweenValidations) || step + 1 == settings.steps {
                let validationLoss = validationLoss(of: model)
                state.validationLoss = validationLoss
                curves.steps.append(step + 1)
                curves.training.append(state.loss)
                curves.validation.append(validationLoss)
                progress.finishPart(state, line: state.line)
                (lossSum, lossCount) = (0, 0)
            }
            if settings.sampleLength > 0, isTimeForSample(after: step + 1) {
                progress.finish()
                show(try sample(from: model))
            }
            otherTime += clock.now - pauseStart
        }
        return Result(model: model, curves: curves, duration: clock.now - start)
    }

    /// The learning rate of a step, counted from zero.
    func learningRate(step: Int) -> Double {
        let warmUp = settings.warmUpSteps
        if step < warmUp { return settings.learningRate * Double(step + 1) / Double(warmUp) }
        let share = Double(step - warmUp) / Double(settings.steps - warmUp)
        return settings.learningRate * (1 + cos(.pi * share)) / 2
    }

    /// Whether a sample is due after so many steps: five times in all, spread over the run, or after each step if there
    /// are fewer.
    private func isTimeForSample(after steps: Int) -> Bool {
        steps * Self.samples / settings.steps > (steps - 1) * Self.samples / settings.steps
    }

    /// Pieces from random places, and the same a character further on: `[batchSize, context]` each.
    private func batch(_ places: inout SplitMix64) -> (input: Tensor, target: Tensor) {
        let starts = (0..<settings.batchSize).map { _ in
            places.next(below: text.training.count - settings.context)
        }
        return Self.pieces(of: text.training, at: starts, length: settings.context)
    }

    private static func pieces(of text: [Int32], at starts: [Int], length: Int) -> (input: Tensor, target: Tensor) {
        let pieces = Tensor(starts.map { text[$0...$0 + length].map(Int.init) })
        return (pieces[0..., ..<length], pieces[0..., 1...])
    }

    /// The mean loss over all characters of `input`.
    private static func loss(of model: TextModel, _ input: Tensor, _ target: Tensor) -> Tensor {
        crossEntropy(model(input).reshaped([target.count, model.size.alphabet]), target.reshaped([target.count]))
    }

    /// The mean loss on the last tenth of the text: on all whole pieces of it, or on some that are spread over it evenly
    /// and the same each time.
    private func validationLoss(of model: TextModel) -> Double {
        let last = text.validation.count - 1
        let length = min(settings.context, last)
        let available = last / length
        let count = min(available, Self.validationPieces)
        let starts = (0..<count).map { $0 * available / count * length }
        var sum = 0.0
        for first in stride(from: 0, to: count, by: settings.batchSize) {
            let some = Array(starts[first..<min(first + settings.batchSize, count)])
            let (input, target) = Self.pieces(of: text.validation, at: some, length: length)
            sum += noGrad { withMode(.evaluation) { Self.loss(of: model, input, target).item() } } * Double(some.count)
        }
        return sum / Double(count)
    }

    private func sample(from model: TextModel) throws -> String {
        var writer = TextWriter(
            model,
            prompt: [text.alphabet.opening],
            choice: TextWriter.Choice(),
            seed: settings.seed
        )
        return text.alphabet.text(try (0..<settings.sampleLength).map { _ in try writer.next() })
    }
}

/// How far the training of a model of text has come, and how it goes.
struct TextProgress: Equatable, Sendable, ProgressReport {
    /// Steps done.
    var step = 0
    var steps: Int
    /// The mean over the steps since the last validation.
    var loss = 0.0
    /// As of the last validation, if there was one.
    var validationLoss: Double?
    /// Over the whole run so far.
    var charactersPerSecond = 0.0

    var fraction: Double { steps > 0 ? min(1, max(0, Double(step) / Double(steps))) : 0 }

    var label: String {
        let steps = String(steps)
        return "step \(String(step).leftPadded(to: steps.count))/\(steps)"
    }

    var figures: [String] {
        ["loss \(fixed(loss, digits: 4))", "validation \(validation)", rate.leftPadded(to: 20)]
    }

    /// What to say after a validation.
    var line: String {
        "\(label)  loss \(fixed(loss, digits: 4))  validation loss \(validation)  \(rate)"
    }

    private var validation: String { validationLoss.map { fixed($0, digits: 4) } ?? "  -   " }
    private var rate: String { "\(grouped(Int(exactly: charactersPerSecond.rounded()) ?? 0)) characters/s" }
}
