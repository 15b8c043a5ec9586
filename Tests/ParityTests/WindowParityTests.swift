import Testing
import Weft

struct WindowParityTests {
    @Test(arguments: ParityCase.family("pooling"))
    func `Pooling agrees with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            try WindowOperation(parity.operation, arguments, inputs).pooled()
        }
    }

    @Test(arguments: ParityCase.family("padding"))
    func `Padding and moving elements about agree with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            ["output": try WindowOperation(parity.operation, arguments, inputs).moved()]
        }
    }

    @Test(arguments: ParityCase.family("resampling"))
    func `Resampling agrees with PyTorch`(_ parity: ParityCase) throws {
        try parity.check { arguments, inputs in
            ["output": try WindowOperation(parity.operation, arguments, inputs).resampled()]
        }
    }
}
