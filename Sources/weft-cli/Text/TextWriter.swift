import Foundation
import Weft

/// Continues a text, one character at a time.
///
/// The model reads `context` characters at most. Where there are more, the last half of them is read anew and the rest
/// forgotten, so that most characters cost one step with what the model remembers.
struct TextWriter {
    /// How a character is chosen of those that may follow.
    struct Choice: Equatable, Sendable {
        /// What the logits are divided by: below 1 the likely characters become likelier; at 0 the likeliest is taken.
        var temperature = 0.8
        /// How many of the likeliest characters there are to choose from; nil for all.
        var topK: Int?
    }

    private let model: TextModel
    private let choice: Choice
    private let memory: TextMemory?
    private var random: SplitMix64
    /// What the model has read, or is about to read.
    private var window: [Int32]

    /// - Parameters:
    ///   - prompt: what to continue; at least one character.
    ///   - remembers: whether characters are read once, rather than all of them for each that follows.
    init(_ model: TextModel, prompt: [Int32], choice: Choice, seed: UInt64, remembers: Bool = true) {
        precondition(!prompt.isEmpty, "a text continues something")
        self.model = model
        self.choice = choice
        memory = remembers ? TextMemory() : nil
        random = SplitMix64(seed: seed)
        window = prompt.suffix(model.size.context)
    }

    /// The next character's number.
    ///
    /// - Throws: `CommandFailure` if the model's weights give no probabilities.
    mutating func next() throws(CommandFailure) -> Int32 {
        if window.count > model.size.context {
            window.removeFirst(window.count - (model.size.context + 1) / 2)
            memory?.forget()
        }
        let memory = memory ?? TextMemory()
        let logits = noGrad {
            withMode(.evaluation) { model.nextLogits(Array(window[memory.count...]), memory: memory).array() }
        }
        guard logits.allSatisfy(\.isFinite) else {
            throw .noResult("the model gives no probabilities: its weights are not finite, or too large")
        }
        let number = Int32(Self.choose(logits, choice, &random))
        window.append(number)
        return number
    }

    /// A place in `logits`, which are finite.
    static func choose(_ logits: [Float], _ choice: Choice, _ random: inout SplitMix64) -> Int {
        // The likeliest first; of equal ones, the first.
        let order = logits.indices.sorted { (logits[$0], $1) > (logits[$1], $0) }
        let candidates = order.prefix(choice.topK ?? logits.count)
        // A word is drawn in any case, so that a text does not depend on what was certain in it.
        let draw = Double(random.next() >> 11) * 0x1p-53
        guard choice.temperature > 0 else { return candidates[0] }
        let greatest = Double(logits[candidates[0]])
        let weights = candidates.map { exp((Double(logits[$0]) - greatest) / choice.temperature) }
        var rest = draw * weights.reduce(0, +)
        for (place, weight) in zip(candidates, weights) {
            rest -= weight
            if rest < 0 { return place }
        }
        return candidates[0]
    }
}
