import Weft

/// The model of `gpt`: a decoder with normalization first, on tokens of shape [batch, context].
package final class Transformer: Module {
    let tok = Embedding(256, 128)
    let pos = Embedding(128, 128)
    let blocks = (0..<4).map { _ in Block(width: 128, heads: 4) }
    let ln = LayerNorm(128)
    let head = Linear(128, 256, bias: false)

    package init() {}

    /// Logits of shape [batch, context, 256].
    package func callAsFunction(_ tokens: Tensor) -> Tensor {
        let positions = Tensor(arange: 0..<tokens.shape[1])
        let x = blocks.reduce(tok(tokens) + pos(positions)) { $1($0) }
        return head(ln(x))
    }

    final class Block: Module {
        let ln1: LayerNorm
        let qkv: Linear
        let proj: Linear
        let ln2: LayerNorm
        let fc1: Linear
        let fc2: Linear
        let heads: Int

        init(width: Int, heads: Int) {
            ln1 = LayerNorm(width)
            qkv = Linear(width, 3 * width)
            proj = Linear(width, width)
            ln2 = LayerNorm(width)
            fc1 = Linear(width, 4 * width)
            fc2 = Linear(4 * width, width)
            self.heads = heads
        }

        func callAsFunction(_ x: Tensor) -> Tensor {
            let attended = x + proj(causalAttention(qkv(ln1(x)), heads: heads))
            return attended + fc2(fc1(ln2(attended)).gelu())
        }
    }
}

/// Scaled dot-product attention (Vaswani et al., 2017) of every position to itself and those before.
///
/// - Parameter joined: queries, keys and values side by side, shape [batch, context, 3 * width].
/// - Returns: shape [batch, context, width].
private func causalAttention(_ joined: Tensor, heads: Int) -> Tensor {
    let (batch, context, width) = (joined.shape[0], joined.shape[1], joined.shape[2] / 3)
    let size = width / heads
    // [3, batch, heads, context, size]
    let parts = joined.reshaped([batch, context, 3, heads, size]).permuted([2, 0, 3, 1, 4])
    let attended = scaledDotProductAttention(parts[0], parts[1], parts[2], isCausal: true)
    return attended.permuted([0, 2, 1, 3]).reshaped([batch, context, width])
}
