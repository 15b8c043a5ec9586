import Testing
import WeftNN
import WeftTensor

/// Layers whose parameters cannot be made say so themselves, at the caller's line.
@Suite struct InitializerErrorTests {
    private static let huge = 1 << 40

    private static let layers: [(String, @Sendable (UInt) -> Void)] = [
        ("Linear", { _ = Linear(huge, huge, line: $0) }),
        ("Embedding", { _ = Embedding(huge, huge, line: $0) }),
        ("LayerNorm", { _ = LayerNorm([huge, huge], line: $0) }),
        ("RMSNorm", { _ = RMSNorm([huge, huge], line: $0) }),
        ("Parameter", { _ = Parameter(Tensor([1, 2]), line: $0) }),
    ]

    @Test(arguments: layers.indices) func namesTheLayerAndTheCallersLine(index: Int) {
        let (name, make) = Self.layers[index]
        let error = refusal { make(4711) }
        #expect(error?.operation == name)
        #expect(error?.line == 4711)
    }

    @Test func namesTheCallersFile() {
        #expect(refusal { _ = Linear(Self.huge, Self.huge) }?.file == "WeftNNTests/InitializerErrorTests.swift")
    }
}
