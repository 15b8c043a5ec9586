import Testing
import WeftNN
import WeftTensor

/// Adam and AdamW, which differ in where weight decay enters.
@Suite struct AdamTests {
    struct Settings: Sendable {
        var decoupled = false
        var rate = 1e-3
        var betas = (0.9, 0.999)
        var epsilon = 1e-8
        var decay = 0.0
    }

    /// Settings, and where `torch.optim.Adam` or `torch.optim.AdamW` ends with them.
    static let recorded: [(Settings, [Double])] = [
        (
            Settings(rate: 0.01),
            [0.9776955842971802, -1.9751802682876587, 0.46024221181869507, -0.005433829501271248]
        ),
        (
            Settings(rate: 0.1, betas: (0.7, 0.95), epsilon: 1e-4, decay: 0.1),
            [0.7661794424057007, -1.7218154668807983, 0.14327555894851685, 0.08541668951511383]
        ),
        (
            Settings(decoupled: true, rate: 0.01, decay: 1e-2),
            [0.9772024154663086, -1.9741863012313843, 0.4600014090538025, -0.005431026220321655]
        ),
        (
            Settings(decoupled: true, rate: 0.1, betas: (0.5, 0.9), epsilon: 1e-3, decay: 0.2),
            [0.7523404955863953, -1.609257459640503, 0.16312557458877563, 0.04304558038711548]
        ),
    ]

    private func make(_ settings: Settings, _ parameters: [Parameter]) -> any Optimizer {
        if settings.decoupled {
            AdamW(
                parameters,
                learningRate: settings.rate,
                betas: settings.betas,
                epsilon: settings.epsilon,
                weightDecay: settings.decay
            )
        } else {
            Adam(
                parameters,
                learningRate: settings.rate,
                betas: settings.betas,
                epsilon: settings.epsilon,
                weightDecay: settings.decay
            )
        }
    }

    @Test(arguments: recorded.indices) func endsWherePyTorchDoes(index: Int) {
        let (settings, values) = Self.recorded[index]
        #expect(areClose(Descent.end { make(settings, $0) }, values))
    }

    @Test(arguments: recorded.indices) func followsThePublishedFormula(index: Int) {
        let settings = Self.recorded[index].0
        let (beta1, beta2) = settings.betas
        let reference = Descent.referenceEnd { value, gradient, step, memory in
            if settings.decoupled { value -= settings.rate * settings.decay * value }
            let g = gradient + (settings.decoupled ? 0 : settings.decay * value)
            memory[0] = beta1 * memory[0] + (1 - beta1) * g
            memory[1] = beta2 * memory[1] + (1 - beta2) * g * g
            var (unbiased1, unbiased2) = (1.0, 1.0)
            for _ in 0..<step { (unbiased1, unbiased2) = (unbiased1 * beta1, unbiased2 * beta2) }
            let mean = memory[0] / (1 - unbiased1)
            let variance = memory[1] / (1 - unbiased2)
            value -= settings.rate * mean / (variance.squareRoot() + settings.epsilon)
        }
        #expect(areClose(Descent.end { make(settings, $0) }, reference))
    }

    @Test func hasPyTorchsDefaults() {
        let parameter = Parameter(Tensor([0.0]))
        let (adam, adamW) = (Adam([parameter]), AdamW([parameter]))
        #expect(adam.learningRate == 1e-3 && adamW.learningRate == 1e-3)
        #expect(adam.betas == (0.9, 0.999) && adamW.betas == (0.9, 0.999))
        #expect(adam.epsilon == 1e-8 && adamW.epsilon == 1e-8)
        #expect(adam.weightDecay == 0 && adamW.weightDecay == 1e-2)
    }

    @Test func countsTheStepsOfEachParameter() {
        let (early, late) = (Parameter(Tensor([0.0])), Parameter(Tensor([0.0])))
        let optimizer = Adam([early, late], learningRate: 0.1)
        for _ in 0..<10 {
            optimizer.zeroGrad()
            early.value.sum().backward()
            optimizer.step()
        }
        late.value.sum().backward()
        optimizer.step()
        // The first step goes by the learning rate, whatever the gradient.
        #expect(areClose(late.value.array(), [-0.1]))
    }

    @Test(
        arguments: [
            ("the learning rate is -0.1; it must be finite and not negative", Settings(rate: -0.1)),
            ("beta 1 is 1.0; it must be at least 0 and less than 1", Settings(betas: (1, 0.999))),
            ("beta 2 is -0.5; it must be at least 0 and less than 1", Settings(betas: (0.9, -0.5))),
            ("the epsilon is -1.0; it must be finite and not negative", Settings(epsilon: -1)),
            ("the weight decay is inf; it must be finite and not negative", Settings(decay: .infinity)),
        ],
        [false, true]
    )
    func refusesSettingsThatMakeNoSense(expected: (message: String, settings: Settings), decoupled: Bool) {
        var settings = expected.settings
        settings.decoupled = decoupled
        let error = refusal { _ = make(settings, [Parameter(Tensor([0.0]))]) }
        #expect(error?.operation == (decoupled ? "AdamW" : "Adam"))
        #expect(error?.message == expected.message)
    }
}
