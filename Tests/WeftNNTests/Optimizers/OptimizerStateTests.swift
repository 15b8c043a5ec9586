import Testing
import WeftNN
import WeftTensor

@Suite struct OptimizerStateTests {
    private func stepped(_ optimizer: any Optimizer, times: Int = 1) {
        for _ in 0..<times {
            optimizer.zeroGrad()
            for parameter in optimizer.parameters { (parameter.value * parameter.value).sum().backward() }
            optimizer.step()
        }
    }

    private func parameters() -> [Parameter] { [Parameter(Tensor([1.0, 2.0])), Parameter(Tensor([[3.0]]))] }

    @Test func hasPyTorchsNames() {
        let adam = Adam(parameters())
        let settings = ["lr", "betas", "eps", "weight_decay", "decoupled_weight_decay", "params"]
        #expect(Set(adam.stateDict.keys) == Set(settings.map { "param_groups.0.\($0)" }))
        stepped(adam, times: 3)
        let memories = [0, 1].flatMap { ["state.\($0).step", "state.\($0).exp_avg", "state.\($0).exp_avg_sq"] }
        let state = adam.stateDict
        #expect(Set(state.keys) == Set(settings.map { "param_groups.0.\($0)" } + memories))
        #expect(state["state.0.step"]?.item() == 3 && state["state.0.step"]?.dtype == .float32)
        #expect(state["state.1.exp_avg"]?.shape == [1, 1])
        #expect(state["param_groups.0.betas"]?.array(of: Double.self) == [0.9, 0.999])
        #expect(state["param_groups.0.params"]?.array(of: Int.self) == [0, 1])
    }

    @Test func hasWhatSGDRemembersWithMomentumOnly() {
        let plain = SGD(parameters(), learningRate: 0.1)
        stepped(plain)
        let settings = ["lr", "momentum", "dampening", "weight_decay", "nesterov", "params"]
        #expect(Set(plain.stateDict.keys) == Set(settings.map { "param_groups.0.\($0)" }))
        let moving = SGD(parameters(), learningRate: 0.1, momentum: 0.9)
        stepped(moving)
        #expect(moving.stateDict["state.0.momentum_buffer"]?.array() == [2, 4])
    }

    @Test func hasNothingOfParametersThatTookPartInNoStep() throws {
        let parameters = parameters()
        let optimizer = Adam(parameters)
        parameters[1].value.sum().backward()
        optimizer.step()
        #expect(optimizer.stateDict["state.0.step"] == nil)
        let other = Adam(self.parameters())
        stepped(other)
        try other.load(stateDict: optimizer.stateDict)
        #expect(other.stateDict.mapValues(bits) == optimizer.stateDict.mapValues(bits))
    }

    @Test func doesNotChangeWithLaterSteps() {
        let optimizer = Adam(parameters())
        stepped(optimizer)
        let state = optimizer.stateDict
        let before = state.mapValues(bits)
        stepped(optimizer)
        #expect(state.mapValues(bits) == before)
        #expect(optimizer.stateDict.mapValues(bits) != before)
    }

    @Test func bringsTheConfigurationWithIt() throws {
        let source = SGD(parameters(), learningRate: 0.25, momentum: 0.5, weightDecay: 0.1, nesterov: true)
        let target = SGD(parameters(), learningRate: 1)
        try target.load(stateDict: source.stateDict)
        #expect(target.learningRate == 0.25 && target.momentum == 0.5)
        #expect(target.weightDecay == 0.1 && target.nesterov)
        for optimizer in [source, target] { stepped(optimizer, times: 3) }
        #expect(source.parameters.map { bits($0.value) } == target.parameters.map { bits($0.value) })
    }

    @Test func listsEverythingThatDoesNotFitAndChangesNothing() {
        let optimizer = Adam(parameters())
        stepped(optimizer, times: 2)
        let before = optimizer.stateDict.mapValues(bits)
        var state = optimizer.stateDict
        state["param_groups.0.lr"] = Tensor(full: [], -1.0, dtype: .float64)
        state["param_groups.0.betas"] = Tensor([0.9])
        state["param_groups.0.eps"] = nil
        state["param_groups.0.params"] = Tensor([1, 0])
        state["param_groups.0.decoupled_weight_decay"] = Tensor(true)
        state["state.0.exp_avg"] = nil
        state["state.0.exp_avg_sq"] = Tensor(zeros: [3])
        state["state.0.step"] = Tensor(1.5)
        state["state.1.exp_avg"] = Tensor([[1.0]], dtype: .float64)
        state["state.1.step"] = nil
        state["state.2.exp_avg"] = Tensor([1.0])
        let error = #expect(throws: StateDictError.self) { try optimizer.load(stateDict: state) }
        #expect(error?.module == "Adam")
        #expect(
            Set(error?.problems ?? []) == [
                .value(
                    name: "param_groups.0.lr",
                    reason: "the learning rate is -1.0; it must be finite and not negative"
                ),
                .shape(name: "param_groups.0.betas", expected: [2], found: [1]),
                .dtype(name: "param_groups.0.betas", expected: .float64, found: .float32),
                .missing(name: "param_groups.0.eps"),
                .value(name: "param_groups.0.params", reason: "it must be [0.0, 1.0], not [1.0, 0.0]"),
                .value(name: "param_groups.0.decoupled_weight_decay", reason: "it must be 0.0, not 1.0"),
                .missing(name: "state.0.exp_avg"),
                .shape(name: "state.0.exp_avg_sq", expected: [2], found: [3]),
                .value(name: "state.0.step", reason: "a number of steps must be a whole number above 0"),
                .dtype(name: "state.1.exp_avg", expected: .float32, found: .float64),
                .missing(name: "state.1.step"),
                .unexpected(name: "state.2.exp_avg"),
            ]
        )
        #expect(optimizer.stateDict.mapValues(bits) == before)
    }

    @Test func countsMoreStepsThanFloat32() throws {
        let optimizer = Adam(parameters())
        stepped(optimizer)
        var state = optimizer.stateDict
        state["state.0.step"] = Tensor(full: [], Double((1 << 24) + 1), dtype: .float64)
        try optimizer.load(stateDict: state)
        #expect(optimizer.stateDict["state.0.step"]?.item() == Double((1 << 24) + 1))
        stepped(optimizer)
        #expect(optimizer.stateDict["state.0.step"]?.item() == Double((1 << 24) + 2))
    }

    @Test func refusesValuesThatFailed() {
        let optimizer = Adam(parameters())
        stepped(optimizer)
        var problems: [StateDictError.Problem]?
        #expect(throws: TensorError.self) {
            try withTensorErrors {
                var state = optimizer.stateDict
                state["state.0.exp_avg"] = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])
                do { try optimizer.load(stateDict: state) } catch {
                    problems = (error as? StateDictError)?.problems
                }
            }
        }
        #expect(problems == [.failed(name: "state.0.exp_avg")])
    }
}
