import Testing
import WeftNN
import WeftTensor

@Suite struct EmbeddingTests {
    @Test func hasTheStateOfPyTorch() {
        let layer = Embedding(5, 3)
        #expect(layer.stateDict.keys.sorted() == ["weight"])
        #expect(layer.weight.value.shape == [5, 3])
    }

    @Test func looksUpRowsOfAnyShape() {
        let layer = Embedding(3, 2)
        layer.weight.value = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        let output = layer(Tensor([[2, 0], [1, 1]]))
        #expect(output.shape == [2, 2, 2])
        #expect(output.array() == [5, 6, 1, 2, 3, 4, 3, 4])
    }

    @Test(arguments: [1, -4])
    func startsThePaddingAtZeroAndLeavesItThere(padding: Int) {
        let layer = Embedding(5, 2, paddingIndex: padding)
        #expect(layer.paddingIndex == 1)
        #expect(layer.weight.value[1].array() == [0, 0])
        layer(Tensor([1, 2, 1])).sum().backward()
        #expect(layer.weight.grad?.array() == [0, 0, 0, 0, 1, 1, 0, 0, 0, 0])
    }

    @Test func drawsFromTheNormalDistribution() {
        let numbers = withRandomSeed(3) { Embedding(500, 20) }.weight.value
        #expect(abs(numbers.mean().item()) < 0.05)
        #expect(abs(numbers.standardDeviation().item() - 1) < 0.05)
    }

    @Test func refusesWhatIsNotThere() {
        let index = #expect(throws: TensorError.self) { try withTensorErrors { _ = Embedding(3, 2)(Tensor([3])) } }
        #expect(index?.message.contains("out of range") == true)
        let padding = #expect(throws: TensorError.self) {
            try withTensorErrors { _ = Embedding(3, 2, paddingIndex: 3) }
        }
        #expect(padding?.operation == "Embedding")
        let size = #expect(throws: TensorError.self) { try withTensorErrors { _ = Embedding(-1, 2) } }
        #expect(size?.operation == "Embedding")
    }
}
