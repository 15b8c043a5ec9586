import Testing
import Weft

struct RecurrentParityTests {
    @Test(arguments: ParityCase.family("recurrent"))
    func `Recurrent layers and cells agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            let (input, h, c) = (inputs["input"], inputs.optional("h"), inputs.optional("c"))
            let (size, hidden) = (try arguments.int("inputSize"), try arguments.int("hiddenSize"))
            let bias = try arguments.bool("bias")
            let lengths = arguments.has("lengths") ? try arguments.ints("lengths") : nil
            func numLayers() throws -> Int { try arguments.int("numLayers") }
            func batchFirst() throws -> Bool { try arguments.bool("batchFirst") }
            func bidirectional() throws -> Bool { try arguments.bool("bidirectional") }
            func nonlinearity() throws -> RNN.Nonlinearity {
                try arguments.string("nonlinearity") == "relu" ? .relu : .tanh
            }
            switch parity.operation {
            case "rnn":
                let rnn = try inputs.load(
                    RNN(
                        size,
                        hidden,
                        numLayers: numLayers(),
                        nonlinearity: nonlinearity(),
                        bias: bias,
                        batchFirst: batchFirst(),
                        bidirectional: bidirectional()
                    )
                )
                let (output, state) = rnn(input, h, lengths: lengths)
                return ["output": output, "h": state]
            case "gru":
                let gru = try inputs.load(
                    GRU(
                        size,
                        hidden,
                        numLayers: numLayers(),
                        bias: bias,
                        batchFirst: batchFirst(),
                        bidirectional: bidirectional()
                    )
                )
                let (output, state) = gru(input, h, lengths: lengths)
                return ["output": output, "h": state]
            case "lstm":
                let lstm = try inputs.load(
                    LSTM(
                        size,
                        hidden,
                        numLayers: numLayers(),
                        bias: bias,
                        batchFirst: batchFirst(),
                        bidirectional: bidirectional(),
                        projSize: arguments.int("projSize")
                    )
                )
                let initial = h.flatMap { h in c.map { (h: h, c: $0) } }
                let (output, states) = lstm(input, initial, lengths: lengths)
                return ["output": output, "h": states.h, "c": states.c]
            case "rnnCell":
                let cell = try inputs.load(RNNCell(size, hidden, bias: bias, nonlinearity: nonlinearity()))
                return ["output": cell(input, h)]
            case "gruCell": return ["output": try inputs.load(GRUCell(size, hidden, bias: bias))(input, h)]
            case "lstmCell":
                let cell = try inputs.load(LSTMCell(size, hidden, bias: bias))
                let states = cell(input, h.flatMap { h in c.map { (h: h, c: $0) } })
                return ["output": states.h, "c": states.c]
            default: throw ParityError.unknown(parity.operation)
            }
        }
    }
}
