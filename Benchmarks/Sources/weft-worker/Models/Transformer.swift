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
        let x = blocks.reduce(tok(tokens) + pos(positions)) { x, block in
            block(x) { scaledDotProductAttention($0, $1, $2, isCausal: true) }
        }
        return head(ln(x))
    }

    /// Logits of shape [batch, 256] of one more token for each sequence, of shape [batch, 1].
    ///
    /// - Parameter caches: what each block remembers of the tokens before, to which this one is added.
    package func callAsFunction(_ token: Tensor, after caches: inout [KeyValueCache]) -> Tensor {
        var x = tok(token) + pos(Tensor([caches[0].count]))
        for (layer, block) in blocks.enumerated() { x = block(x) { caches[layer].attend($0, $1, $2) } }
        return head(ln(x))[0..., 0]
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

        /// - Parameter attention: of queries to keys and values, of shape [batch, heads, context, width / heads] each.
        func callAsFunction(_ x: Tensor, attention: (Tensor, Tensor, Tensor) -> Tensor) -> Tensor {
            let (batch, context, width) = (x.shape[0], x.shape[1], x.shape[2])
            // [3, batch, heads, context, width / heads]
            let parts = qkv(ln1(x)).reshaped([batch, context, 3, heads, width / heads]).permuted([2, 0, 3, 1, 4])
            let seen = attention(parts[0], parts[1], parts[2]).permuted([0, 2, 1, 3]).reshaped([batch, context, width])
            let attended = x + proj(seen)
            return attended + fc2(fc1(ln2(attended)).gelu())
        }
    }
}
