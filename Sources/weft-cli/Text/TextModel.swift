import Weft

/// A decoder of characters: a transformer in which each character attends to itself and to those before it, with
/// normalisation first (Vaswani et al., 2017; Radford et al., 2019).
final class TextModel: Module {
    /// What determines the shapes of the weights.
    struct Size: Equatable, Sendable {
        /// How many characters there are.
        var alphabet: Int
        /// The most characters that are read at a time.
        var context: Int
        /// The features of each character.
        var width: Int
        var layers: Int
        var heads: Int
    }

    let characters: Embedding
    let positions: Embedding
    let dropout: Dropout
    let blocks: [TextBlock]
    let norm: LayerNorm
    let output: Linear
    let size: Size

    /// Makes a model with random weights. `size.width` must be a multiple of `size.heads`.
    init(_ size: Size, dropout probability: Double = 0) {
        self.size = size
        characters = Embedding(size.alphabet, size.width)
        positions = Embedding(size.context, size.width)
        dropout = Dropout(probability)
        blocks = (0..<size.layers).map { _ in TextBlock(size, dropout: probability) }
        norm = LayerNorm(size.width)
        output = Linear(size.width, size.alphabet, bias: false)
        // As in GPT-2: close to zero, so that the first guesses are close to uniform.
        for table in [characters.weight, positions.weight, output.weight] {
            table.value = Tensor(normal: table.value.shape) * 0.02
        }
    }

    /// Logits of the character that follows each one, `[batch, length, alphabet]`, for characters of shape
    /// `[batch, length]`.
    func callAsFunction(_ tokens: Tensor) -> Tensor { output(features(tokens, after: nil)) }

    /// Logits of the character that follows the last of `tokens`, shape `[alphabet]`.
    ///
    /// - Parameter memory: what the model remembers of the characters before; `tokens` are added to it.
    func nextLogits(_ tokens: [Int32], memory: TextMemory) -> Tensor {
        let features = features(Tensor([tokens.map(Int.init)]), after: memory)
        return output(features[0, -1])
    }

    private func features(_ tokens: Tensor, after memory: TextMemory?) -> Tensor {
        let start = memory?.count ?? 0
        let places = Tensor(arange: start..<start + tokens.shape[1])
        var features = dropout(characters(tokens) + positions(places))
        for (layer, block) in blocks.enumerated() { features = block(features, layer: layer, memory: memory) }
        memory?.count += tokens.shape[1]
        return norm(features)
    }
}

/// Attention, then a network for each character, both added to what came in.
final class TextBlock: Module {
    let attentionNorm: LayerNorm
    let attention: TextAttention
    let networkNorm: LayerNorm
    let network: Sequential
    let dropout: Dropout

    static var stateDictNames: [String: String] {
        ["attentionNorm": "attention_norm", "networkNorm": "network_norm"]
    }

    init(_ size: TextModel.Size, dropout probability: Double) {
        attentionNorm = LayerNorm(size.width)
        attention = TextAttention(size, dropout: probability)
        networkNorm = LayerNorm(size.width)
        network = Sequential(Linear(size.width, 4 * size.width), GELU(), Linear(4 * size.width, size.width))
        dropout = Dropout(probability)
    }

    func callAsFunction(_ x: Tensor, layer: Int, memory: TextMemory?) -> Tensor {
        let attended = x + dropout(attention(attentionNorm(x), layer: layer, memory: memory))
        return attended + dropout(network(networkNorm(attended)))
    }
}

/// Attention of each character to itself and those before it, in several heads.
final class TextAttention: Module {
    let queriesKeysValues: Linear
    let output: Linear
    /// The share of the weights that are dropped in training.
    let dropout: Double
    let heads: Int

    static var stateDictNames: [String: String] { ["queriesKeysValues": "queries_keys_values"] }

    init(_ size: TextModel.Size, dropout probability: Double) {
        queriesKeysValues = Linear(size.width, 3 * size.width)
        output = Linear(size.width, size.width)
        dropout = probability
        heads = size.heads
    }

    func callAsFunction(_ x: Tensor, layer: Int, memory: TextMemory?) -> Tensor {
        let (batch, length, width) = (x.shape[0], x.shape[1], x.shape[2])
        // [3, batch, heads, length, features of a head]
        let parts = queriesKeysValues(x).reshaped([batch, length, 3, heads, width / heads]).permuted([2, 0, 3, 1, 4])
        let (queries, keys, values) = (parts[0], parts[1], parts[2])
        let attended =
            memory?.attend(layer, queries, keys, values)
            ?? scaledDotProductAttention(
                queries,
                keys,
                values,
                dropout: Mode.current == .training ? dropout : 0,
                isCausal: true
            )
        return output(attended.permuted([0, 2, 1, 3]).reshaped([batch, length, width]))
    }
}

/// What a model remembers of the characters that it has read, so that each is read once.
final class TextMemory {
    /// How many characters were read.
    fileprivate(set) var count = 0
    /// The keys and values of each layer.
    private var layers: [KeyValueCache] = []

    /// Adds further characters to what `layer` remembers, and gives what they attend to.
    fileprivate func attend(_ layer: Int, _ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor {
        if layer == layers.count { layers.append(KeyValueCache()) }
        return layers[layer].attend(queries, keys, values)
    }

    func forget() {
        count = 0
        for layer in layers.indices { layers[layer].keep(first: 0) }
    }
}
