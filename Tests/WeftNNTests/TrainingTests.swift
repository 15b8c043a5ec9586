import Testing
import WeftNN
import WeftTensor

/// A whole model trained on fixed data from fixed weights, beside the losses that PyTorch recorded for the same.
@Suite struct TrainingTests {
    private static func values(_ count: Int, _ factor: Int) -> [Double] {
        (0..<count).map { Double($0 * factor % 11 - 5) / 10 }
    }

    private static func makeModel() -> Sequential {
        let model = Sequential(Linear(3, 4), Tanh(), Linear(4, 2))
        for (parameter, factor) in zip(model.parameters, [3, 5, 7, 4]) {
            let shape = parameter.value.shape
            parameter.value = Tensor(values(shape.reduce(1, *), factor)).reshaped(shape)
        }
        return model
    }

    private let x = Tensor([
        [-1.0, -0.25, 0.5], [0.75, -0.75, 0.0], [0.25, 1.0, -0.5], [-0.25, 0.5, -1.0], [-0.75, 0.0, 0.75],
        [1.0, -0.5, 0.25],
    ])
    private let y = Tensor([0, 1, 1, 0, 1, 0])

    private func losses(_ model: Sequential, _ optimizer: any Optimizer) -> [Float] {
        (0..<10).map { _ in
            optimizer.zeroGrad()
            let loss = crossEntropy(model(x), y)
            loss.backward()
            optimizer.step()
            return Float(loss.item())
        }
    }

    @Test func followsPyTorchWithMomentum() {
        let model = Self.makeModel()
        let optimizer = SGD(model, learningRate: 0.2, momentum: 0.9, weightDecay: 1e-3, nesterov: true)
        #expect(
            areClose(
                losses(model, optimizer),
                [
                    0.7319187521934509, 0.7165462374687195, 0.7031136155128479, 0.6939430236816406, 0.6881569027900696,
                    0.683724582195282, 0.679150402545929, 0.6739928126335144, 0.6684820055961609, 0.6628966927528381,
                ]
            )
        )
    }

    @Test func followsPyTorchWithAdamW() {
        let model = Self.makeModel()
        #expect(
            areClose(
                losses(model, AdamW(model, learningRate: 0.05)),
                [
                    0.7319187521934509, 0.7031965255737305, 0.6892372965812683, 0.680655300617218, 0.6726041436195374,
                    0.6632241606712341, 0.6523802280426025, 0.6403865814208984, 0.6271713376045227, 0.6124101281166077,
                ]
            )
        )
    }

    @Test func servesManyTasksWithOneModel() async {
        let model = Self.makeModel()
        let x = self.x
        let alone = noGrad { bits(model(x)) }
        let agreeing = await withTaskGroup { group in
            for _ in 0..<32 { group.addTask { noGrad { bits(model(x)) } == alone } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(agreeing == 32)
    }
}
