import Testing
import WeftNN
import WeftTensor

/// Values and gradients are PyTorch's, recorded from `torch.nn.functional.cross_entropy`.
@Suite struct CrossEntropyTests {
    private let logits = Tensor([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]], requiresGrad: true)
    private let target = Tensor([2, 0])

    private func expect(_ loss: Tensor, is values: [Double], gradient: [Double]) {
        #expect(areClose(loss.array(), values))
        loss.sum().backward()
        #expect(areClose(logits.grad?.array() ?? [], gradient))
    }

    @Test func averagesByDefault() {
        expect(
            crossEntropy(logits, target),
            is: [2.5151262283325195],
            gradient: [0.115611941, 0.314265847, -0.429877818, -0.47669369, 0.008573911, 0.46811977]
        )
    }

    @Test func addsIfAsked() {
        expect(
            crossEntropy(logits, target, reduction: .sum),
            is: [5.030252456665039],
            gradient: [0.231223881, 0.628531694, -0.859755635, -0.95338738, 0.017147822, 0.936239541]
        )
    }

    @Test func keepsEveryLossIfAsked() {
        expect(
            crossEntropy(logits, target, reduction: .none),
            is: [1.9643688201904297, 3.0658838748931885],
            gradient: [0.231223881, 0.628531694, -0.859755635, -0.95338738, 0.017147822, 0.936239541]
        )
    }

    @Test func leavesIgnoredTargetsOutOfTheMean() {
        expect(
            crossEntropy(logits, target, ignoreIndex: 0),
            is: [1.9643688201904297],
            gradient: [0.231223881, 0.628531694, -0.859755635, 0, 0, 0]
        )
    }

    @Test func spreadsTargetsOverAllClasses() {
        expect(
            crossEntropy(logits, target, labelSmoothing: 0.1),
            is: [2.4484593868255615],
            gradient: [0.098945275, 0.297599167, -0.396544486, -0.443360358, -0.008092756, 0.45145309]
        )
    }

    @Test func refusesTargetsThatDoNotFitAtTheCallersLine() {
        var line: UInt = 0
        let error = refusal {
            line = #line + 1
            _ = crossEntropy(logits, Tensor([0, 1, 2]))
        }
        #expect(error?.operation == "crossEntropy")
        #expect(error?.line == line)
        #expect(refusal { _ = crossEntropy(logits, Tensor([0, 3])) } != nil)
        #expect(refusal { _ = crossEntropy(logits, Tensor([0.0, 1.0])) } != nil)
    }
}
