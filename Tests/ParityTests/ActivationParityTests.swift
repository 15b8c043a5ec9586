import Testing
import Weft

struct ActivationParityTests {
    @Test(arguments: ParityCase.family("activations"))
    func `Activations agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            let x = inputs["input"]
            let output =
                switch parity.operation {
                case "relu": x.relu()
                case "tanh": x.tanh()
                case "sigmoid": x.sigmoid()
                case "gelu": x.gelu()
                case "softmax": x.softmax(axis: try arguments.int("axis"))
                case "logSoftmax": x.logSoftmax(axis: try arguments.int("axis"))
                default: throw ParityError.unknown(parity.operation)
                }
            return ["output": output]
        }
    }
}
