import Testing
import WeftNN
import WeftTensor

@Suite("Layers that refuse their input")
struct RefusedLayerTests {
    @Test("A refused linear layer has as many features as it would have had, and the model goes on")
    func linear() {
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors {
                let hidden = Linear(7, 12)(Tensor(zeros: [4, 5]))
                #expect(hidden.shape == [4, 12])
                let parts = hidden.reshaped([4, 3, 4])
                #expect(parts.shape[2] == 4)
                #expect(Linear(4, 2)(parts).shape == [4, 3, 2])
                #expect(Embedding(3, 8)(Tensor([[9, 0]])).shape == [1, 2, 8])
                #expect(mse(hidden, Tensor(zeros: [3])).shape == [])
            }
        }
        #expect(error?.operation == "Linear")
    }
}
