/// How a model of text is trained.
struct TextSettings: Equatable, Sendable {
    var steps = 1500
    /// Pieces of text in a step.
    var batchSize = 16
    /// Characters in a piece, and the most that the model reads at a time.
    var context = 96
    var width = 96
    var layers = 3
    var heads = 4
    var dropout = 0.0
    /// The step size after warming up; from there it falls to zero along half a cosine.
    var learningRate = 3e-3
    /// Steps over which the step size rises from zero; nil for a twentieth of all.
    var warmUp: Int?
    var seed: UInt64 = 0
    /// Steps between one judgement of the model and the next; nil for a twentieth of all.
    var validateEvery: Int?
    /// Characters that the model writes as it learns, five times in the run.
    var sampleLength = 200

    /// What a size of the model can be.
    static let sizes = 1...1_000_000

    var warmUpSteps: Int { warmUp ?? steps / 20 }
    var stepsBetweenValidations: Int { validateEvery ?? max(1, steps / 20) }

    func modelSize(alphabet: Int) -> TextModel.Size {
        TextModel.Size(alphabet: alphabet, context: context, width: width, layers: layers, heads: heads)
    }

    /// What keeps these settings from being followed, if anything does: an option, and what is wrong with it.
    var problem: String? {
        func count(_ name: String, _ value: Int, _ range: ClosedRange<Int>) -> String? {
            range.contains(value)
                ? nil
                : "--\(name) must be from \(grouped(range.lowerBound)) to \(grouped(range.upperBound)); it is \(value)."
        }
        let counts = [
            count("steps", steps, 1...1_000_000_000),
            count("batch-size", batchSize, Self.sizes),
            count("context", context, Self.sizes),
            count("width", width, Self.sizes),
            count("layers", layers, 1...1000),
            count("heads", heads, Self.sizes),
            count("sample-length", sampleLength, 0...Self.sizes.upperBound),
        ]
        if let problem = counts.compactMap({ $0 }).first { return problem }
        guard width.isMultiple(of: heads) else {
            return "--width must be a multiple of --heads, for each head gets an equal share of it; "
                + "\(width) is none of \(heads)."
        }
        guard dropout >= 0, dropout < 1 else { return "--dropout must be from 0 to below 1; it is \(dropout)." }
        guard learningRate > 0, learningRate.isFinite else {
            return "--learning-rate must be a positive number; it is \(learningRate)."
        }
        guard (0...steps).contains(warmUpSteps) else {
            return "--warm-up must be from 0 to the number of steps, \(grouped(steps)); it is \(warmUpSteps)."
        }
        guard stepsBetweenValidations >= 1 else {
            return "--validate-every must be at least 1; it is \(stepsBetweenValidations)."
        }
        return nil
    }
}
