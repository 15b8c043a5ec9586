import Testing
import WeftNN
import WeftTensor

@Suite struct NormTests {
    @Test func haveTheStateOfPyTorch() {
        #expect(LayerNorm(4).stateDict.keys.sorted() == ["bias", "weight"])
        #expect(LayerNorm([2, 3]).weight?.value.shape == [2, 3])
        #expect(LayerNorm(4).weight?.value.array() == [1, 1, 1, 1])
        #expect(LayerNorm(4).bias?.value.array() == [0, 0, 0, 0])
        #expect(LayerNorm(4, bias: false).stateDict.keys.sorted() == ["weight"])
        #expect(LayerNorm(4, affine: false).stateDict.isEmpty)
        #expect(RMSNorm(4).stateDict.keys.sorted() == ["weight"])
        #expect(RMSNorm(4, affine: false).stateDict.isEmpty)
    }

    @Test func normalizeTheLastAxes() {
        let layer = LayerNorm(4, epsilon: 0)
        layer.weight?.value = Tensor([1.0, 1.0, 2.0, 2.0])
        layer.bias?.value = Tensor([0.0, 0.0, 0.0, 1.0])
        // Mean 3 and variance 4.
        #expect(layer(Tensor([[1.0, 1.0, 5.0, 5.0]])).array() == [-1, -1, 2, 3])
        let root = RMSNorm([2, 2], epsilon: 0)
        #expect(root(Tensor([[[5.0, 5.0], [1.0, 7.0]]])).array() == [1, 1, 0.2, 1.4])
    }

    @Test func passGradientsToTheirParameters() {
        let layer = LayerNorm(3)
        let root = RMSNorm(3)
        let x = Tensor([[1.0, 2.0, 6.0], [0.0, 1.0, -1.0]])
        (layer(x).sum() + root(x).sum()).backward()
        #expect(layer.bias?.grad?.array() == [2, 2, 2])
        #expect(layer.weight?.grad?.shape == [3])
        #expect(root.weight?.grad?.shape == [3])
    }

    @Test func areLayersOfASequence() {
        let model = Sequential(Linear(4, 3), LayerNorm(3), RMSNorm(3))
        #expect(model.stateDict.keys.contains("1.bias"))
        #expect(model(Tensor(ones: [2, 4])).shape == [2, 3])
    }

    @Test func refuseShapesThatAreNone() {
        let error = #expect(throws: TensorError.self) { try withTensorErrors { _ = LayerNorm([]) } }
        #expect(error?.operation == "LayerNorm")
        let negative = #expect(throws: TensorError.self) { try withTensorErrors { _ = RMSNorm([3, -1]) } }
        #expect(negative?.message.contains("[3, -1]") == true)
        let misfit = #expect(throws: TensorError.self) {
            try withTensorErrors { _ = LayerNorm(3)(Tensor(zeros: [2, 4])) }
        }
        #expect(misfit?.operation == "layerNorm")
    }
}
