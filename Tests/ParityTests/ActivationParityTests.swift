import Testing
import Weft

struct ActivationParityTests {
    @Test(arguments: ParityCase.family("activations"))
    func `Activations agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            ["output": try output(parity.operation, inputs["input"], arguments, inputs)]
        }
    }

    private func output(
        _ operation: String,
        _ x: Tensor,
        _ arguments: ParityArguments,
        _ inputs: ParityInputs
    ) throws -> Tensor {
        switch operation {
        case "relu": x.relu()
        case "tanh": x.tanh()
        case "sigmoid": x.sigmoid()
        case "gelu": x.gelu()
        case "geluTanh": x.gelu(approximate: .tanh)
        case "elu": x.elu(alpha: try arguments.double("alpha"))
        case "selu": x.selu()
        case "celu": x.celu(alpha: try arguments.double("alpha"))
        case "hardshrink": x.hardshrink(lambda: try arguments.double("lambda"))
        case "softshrink": x.softshrink(lambda: try arguments.double("lambda"))
        case "hardsigmoid": x.hardsigmoid()
        case "hardtanh": x.hardtanh(min: try arguments.double("min"), max: try arguments.double("max"))
        case "hardswish": x.hardswish()
        case "leakyRelu": x.leakyRelu(negativeSlope: try arguments.double("negativeSlope"))
        case "logSigmoid": x.logSigmoid()
        case "relu6": (x * 3).relu6()
        case "rrelu": x.rrelu(lower: try arguments.double("lower"), upper: try arguments.double("upper"))
        case "silu": x.silu()
        case "mish": x.mish()
        case "softplus":
            x.softplus(beta: try arguments.double("beta"), threshold: try arguments.double("threshold"))
        case "softsign": x.softsign()
        case "tanhshrink": x.tanhshrink()
        case "threshold": x.threshold(try arguments.double("threshold"), try arguments.double("value"))
        case "prelu": x.prelu(inputs["weight"])
        case "glu": x.glu(axis: try arguments.int("axis"))
        case "softmax": x.softmax(axis: try arguments.int("axis"))
        case "softmin": x.softmin(axis: try arguments.int("axis"))
        case "logSoftmax": x.logSoftmax(axis: try arguments.int("axis"))
        default: throw ParityError.unknown(operation)
        }
    }
}
