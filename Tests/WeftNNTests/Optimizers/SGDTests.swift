import Testing
import WeftNN
import WeftTensor

@Suite struct SGDTests {
    struct Settings: Sendable {
        var rate = 0.1
        var momentum = 0.0
        var dampening = 0.0
        var decay = 0.0
        var nesterov = false
    }

    /// Settings, and where `torch.optim.SGD` ends with them.
    static let recorded: [(Settings, [Double])] = [
        (Settings(), [1.244999885559082, -1.7450000047683716, 0.12250000983476639, 0.09989999979734421]),
        (
            Settings(decay: 0.05),
            [1.222015619277954, -1.6992555856704712, 0.11640789359807968, 0.09890148788690567]
        ),
        (
            Settings(momentum: 0.9),
            [0.953220009803772, -1.1234149932861328, -0.8747449517250061, 0.2796560823917389]
        ),
        (
            Settings(momentum: 0.9, dampening: 0.25, decay: 0.01),
            [0.9036122560501099, -1.2199976444244385, -0.7378875017166138, 0.2096300721168518]
        ),
        (
            Settings(rate: 0.05, momentum: 0.8, decay: 0.1, nesterov: true),
            [1.0604184865951538, -1.438368797302246, -0.16525357961654663, 0.15221604704856873]
        ),
    ]

    private func end(_ settings: Settings) -> [Float] {
        Descent.end {
            SGD(
                $0,
                learningRate: settings.rate,
                momentum: settings.momentum,
                dampening: settings.dampening,
                weightDecay: settings.decay,
                nesterov: settings.nesterov
            )
        }
    }

    @Test(arguments: recorded.indices) func endsWherePyTorchDoes(index: Int) {
        let (settings, values) = Self.recorded[index]
        #expect(areClose(end(settings), values))
    }

    @Test(arguments: recorded.indices) func followsThePublishedFormula(index: Int) {
        let settings = Self.recorded[index].0
        let reference = Descent.referenceEnd { value, gradient, step, memory in
            var g = gradient + settings.decay * value
            if settings.momentum != 0 {
                memory[0] = step == 1 ? g : settings.momentum * memory[0] + (1 - settings.dampening) * g
                g = settings.nesterov ? g + settings.momentum * memory[0] : memory[0]
            }
            value -= settings.rate * g
        }
        #expect(areClose(end(settings), reference))
    }

    @Test func startsMomentumWithTheFirstGradientOfEachParameter() {
        let (early, late) = (Parameter(Tensor([0.0])), Parameter(Tensor([0.0])))
        let optimizer = SGD([early, late], learningRate: 1, momentum: 0.5, dampening: 0.5)
        early.value.sum().backward()
        optimizer.step()
        optimizer.zeroGrad()
        (early.value + late.value).sum().backward()
        optimizer.step()
        // Early: b = 1, then 0.5 + 0.5. Late: b = 1, undampened, for it is the first.
        #expect(early.value.array() == [-2])
        #expect(late.value.array() == [-1])
    }

    @Test(arguments: [
        ("the learning rate is -0.1; it must be finite and not negative", Settings(rate: -0.1)),
        ("the learning rate is nan; it must be finite and not negative", Settings(rate: .nan)),
        ("the momentum is -1.0; it must be finite and not negative", Settings(momentum: -1)),
        ("the dampening is -0.5; it must be finite and not negative", Settings(dampening: -0.5)),
        ("the dampening is inf; it must be finite and not negative", Settings(dampening: .infinity)),
        ("the dampening is nan; it must be finite and not negative", Settings(momentum: 0.9, dampening: .nan)),
        ("the weight decay is -1.0; it must be finite and not negative", Settings(decay: -1)),
        (
            "Nesterov momentum needs a momentum and no dampening; they are 0.0 and 0.0",
            Settings(nesterov: true)
        ),
        (
            "Nesterov momentum needs a momentum and no dampening; they are 0.9 and 0.1",
            Settings(momentum: 0.9, dampening: 0.1, nesterov: true)
        ),
    ])
    func refusesSettingsThatMakeNoSense(message: String, settings: Settings) {
        let error = refusal { _ = end(settings) }
        #expect(error?.operation == "SGD")
        #expect(error?.message == message)
    }
}
