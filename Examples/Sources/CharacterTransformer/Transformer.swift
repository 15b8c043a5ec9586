import Weft

/// A decoder of characters, with normalisation first (Vaswani et al., 2017; Radford et al., 2019).
final class Transformer: Module {
    let characters: Embedding
    let positions: Embedding
    let blocks: [Block]
    let norm: LayerNorm
    let head: Linear
    let context: Int

    init(vocabulary: Int, context: Int, width: Int, heads: Int, depth: Int) {
        self.context = context
        characters = Embedding(vocabulary, width)
        positions = Embedding(context, width)
        blocks = (0..<depth).map { _ in Block(width: width, heads: heads) }
        norm = LayerNorm(width)
        head = Linear(width, vocabulary, bias: false)
    }

    /// The logits of each next character, `[batch, length, vocabulary]`, for characters of shape `[batch, length]`.
    func callAsFunction(_ tokens: Tensor) -> Tensor {
        let places = Tensor(arange: 0..<tokens.shape[1])
        let embedded = characters(tokens) + positions(places)
        return head(norm(blocks.reduce(embedded) { $1($0) }))
    }
}

/// Attention, then a network for each position, both added to what came in.
final class Block: Module {
    let attentionNorm: LayerNorm
    let attention: Attention
    let networkNorm: LayerNorm
    let network: Sequential

    init(width: Int, heads: Int) {
        attentionNorm = LayerNorm(width)
        attention = Attention(width: width, heads: heads)
        networkNorm = LayerNorm(width)
        network = Sequential(Linear(width, 4 * width), GELU(), Linear(4 * width, width))
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let attended = x + attention(attentionNorm(x))
        return attended + network(networkNorm(attended))
    }
}

/// Attention of every position to itself and those before it.
final class Attention: Module {
    let queriesKeysValues: Linear
    let output: Linear
    let heads: Int

    init(width: Int, heads: Int) {
        queriesKeysValues = Linear(width, 3 * width)
        output = Linear(width, width)
        self.heads = heads
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
        let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
        let size = width / heads
        // [3, batch, heads, length, size]
        let parts = queriesKeysValues(x).reshaped([batch, length, 3, heads, size]).permuted([2, 0, 3, 1, 4])
        let attended = scaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true)
        return output(attended.permuted([0, 2, 1, 3]).reshaped([batch, length, width]))
    }
}
