import Testing
import WeftNN
import WeftTensor

/// What the samples of PyTorch's database do not ask of losses.
@Suite struct LossFunctionTests {
    @Test func probabilitiesAreFromZeroToOne() {
        #expect(refusal { _ = binaryCrossEntropy(Tensor([1.5]), Tensor([1.0])) }?.operation == "binaryCrossEntropy")
        // Finite, since logarithms are no less than -100.
        #expect(binaryCrossEntropy(Tensor([0.0]), Tensor([1.0])).item() == 100)
    }

    @Test func logitsOfAnySizeHaveFiniteLosses() {
        let losses = binaryCrossEntropyWithLogits(Tensor([1e4, -1e4]), Tensor([0.0, 0]), reduction: .none)
        #expect(losses.array() == [1e4, 0])
    }

    @Test func otherArgumentsAreRefusedByName() {
        let x = Tensor([1.0, 2])
        #expect(refusal { _ = huberLoss(x, x, delta: 0) }?.operation == "huberLoss")
        #expect(refusal { _ = l1Loss(x, Tensor([1.0])) }?.operation == "l1Loss")
        #expect(refusal { _ = nllLoss(x, Tensor(2)) }?.operation == "nllLoss")
        #expect(refusal { _ = gaussianNLLLoss(x, x, variance: -x) }?.operation == "gaussianNLLLoss")
    }

    @Test func ignoredClassesAndNoneAtAll() {
        let x = Tensor([[-0.5, -1.0], [-2, -3]], requiresGrad: true)
        #expect(nllLoss(x, Tensor([1, 7]), ignoreIndex: 7).item() == 1)
        #expect(nllLoss(x, Tensor([7, 7]), ignoreIndex: 7).item().isNaN)
    }

    @Test func sequencesThatCannotBeWrittenAreInfinitelyUnlikely() {
        let x = Tensor(zeros: [2, 1, 3]).logSoftmax(axis: 2).withRequiresGrad()
        func loss(_ labels: [Int], zeroInfinity: Bool = false) -> Tensor {
            ctcLoss(
                x,
                Tensor([labels]),
                inputLengths: [2],
                targetLengths: [labels.count],
                reduction: .sum,
                zeroInfinity: zeroInfinity
            )
        }
        // "1" is written as 11, 10 or 01 of nine ways.
        #expect(areClose(loss([1]).array(), [1.0986122886681098]))
        #expect(loss([1, 1]).item() == .infinity)
        let none = loss([1, 1], zeroInfinity: true)
        #expect(none.item() == 0)
        none.backward()
        #expect(x.grad?.array().allSatisfy { $0 == 0 } == true)
    }
}
