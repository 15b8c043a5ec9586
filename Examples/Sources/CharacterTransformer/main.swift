// Learns to write one sentence after the other, character by character: gradients are clipped, the learning rate falls
// along a cosine, and what is written is drawn with a seed.
import Claims
import Foundation
import Weft

let text = String(repeating: "a weft crosses the warp; a warp carries the weft; so cloth is made. ", count: 8)
let alphabet = Set(text).sorted()
let tokens = text.map { alphabet.firstIndex(of: $0)! }

let (steps, context, batchSize) = (150, 24, 16)
let model = withRandomSeed(1) {
    Transformer(vocabulary: alphabet.count, context: context, width: 32, heads: 4, depth: 2)
}
let optimizer = AdamW(model, learningRate: 0)

/// Falls from `peak` to 0 along half a cosine, after a few steps of rising.
func learningRate(_ step: Int, peak: Double = 0.01, warmUp: Int = 10) -> Double {
    if step < warmUp { return peak * Double(step + 1) / Double(warmUp) }
    return peak * (1 + cos(.pi * Double(step - warmUp) / Double(steps - warmUp))) / 2
}

var losses: [Double] = []
for step in 0..<steps {
    // Pieces of the text, and the same ones a character further on.
    let starts = withRandomSeed(UInt64(step)) { Tensor(uniform: [batchSize], in: 0..<Double(tokens.count - context)) }
    let pieces = starts.array(of: Int.self).map { Array(tokens[$0...$0 + context]) }
    let batch = Tensor(pieces)
    let (input, target) = (batch[0..., ..<context], batch[0..., 1...])

    optimizer.learningRate = learningRate(step)
    optimizer.zeroGrad()
    let logits = model(input).reshaped([batchSize * context, alphabet.count])
    let loss = crossEntropy(logits, target.reshaped([batchSize * context]))
    loss.backward()
    clipGradNorm(model.parameters, maxNorm: 1)
    optimizer.step()
    losses.append(loss.item())
}

/// `prompt`, continued by characters that are drawn by their probabilities.
func write(_ prompt: String, count: Int, temperature: Double, seed: UInt64) -> String {
    withMode(.evaluation) {
        noGrad {
            withRandomSeed(seed) {
                var written = prompt.map { alphabet.firstIndex(of: $0)! }
                for _ in 0..<count {
                    let logits = model(Tensor([Array(written.suffix(context))]))[0, -1]
                    // The greatest logit after Gumbel noise is a draw from the softmax (Gumbel, 1954).
                    let uniform = Tensor(uniform: [alphabet.count], in: 1e-9..<1)
                    let noise = -(-uniform.log()).log()
                    written.append((logits / temperature + noise).argmax().item(as: Int.self))
                }
                return String(written.map { alphabet[$0] })
            }
        }
    }
}

let sample = write("a weft", count: 60, temperature: 0.5, seed: 7)
print(sample)
claim("the loss fell from \(losses[0]) to \(losses[steps - 1])", losses[0] > 2.5 && losses[steps - 1] < 0.2)
claim("the same seed writes the same", sample == write("a weft", count: 60, temperature: 0.5, seed: 7))
let words = Set(text.split(separator: " "))
let known = sample.split(separator: " ").dropLast().filter(words.contains).count
claim("\(known) of its words are ones that it has read", known >= 8)
