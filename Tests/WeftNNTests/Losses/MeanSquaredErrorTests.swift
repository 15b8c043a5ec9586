import Testing
import WeftNN
import WeftTensor

@Suite struct MeanSquaredErrorTests {
    private let prediction = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)
    private let target = Tensor([[0.0, 2.0], [5.0, 1.0]])

    @Test(arguments: [(Reduction.none, [1.0, 0, 4, 9]), (.sum, [14]), (.mean, [3.5])])
    func squaresDifferences(reduction: Reduction, loss: [Float]) {
        #expect(mse(prediction, target, reduction: reduction).array() == loss)
    }

    @Test func averagesByDefault() {
        let loss = mse(prediction, target)
        #expect(loss.shape == [])
        loss.backward()
        #expect(prediction.grad?.array() == [0.5, 0, -1, 1.5])
    }

    @Test(arguments: [[2], [1, 2], [4], [2, 2, 1], []]) func refusesToBroadcast(shape: [Int]) {
        let error = refusal { _ = mse(prediction, Tensor(zeros: shape)) }
        #expect(error?.message == "the prediction has shape [2, 2] and the target \(shape)")
        #expect(error?.file?.hasSuffix("MeanSquaredErrorTests.swift") == true)
    }

    @Test(arguments: [Reduction.none, .sum, .mean]) func hasOneDTypeForAllReductions(reduction: Reduction) {
        let dtypes: [(DType, DType, DType)] = [
            (.float16, .int64, .float16), (.int64, .bfloat16, .bfloat16), (.int64, .int64, .float32),
            (.float16, .float32, .float32), (.float64, .bool, .float64),
        ]
        for (a, b, expected) in dtypes {
            let loss = mse(Tensor(ones: [2], dtype: a), Tensor(zeros: [2], dtype: b), reduction: reduction)
            #expect(loss.dtype == expected, "\(a) and \(b)")
            #expect(loss.sum().item() == (reduction == .mean ? 1 : 2))
        }
    }
}
