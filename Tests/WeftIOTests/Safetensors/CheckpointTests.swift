import Testing
import WeftIO
import WeftNN
import WeftTensor

private final class Model: Module {
    let hidden = Linear(3, 8, activation: .tanh)
    let output = Linear(8, 2)
    let steps = Buffer(Tensor(0))

    func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x)) }
}

private func bits(_ stateDict: [String: Tensor]) -> [String: [UInt8]] {
    stateDict.mapValues { $0.withUnsafeBytes { Array($0) } }
}

@Suite struct CheckpointTests {
    private static let makers: [@Sendable (Model) -> any Optimizer] = [
        { SGD($0, learningRate: 0.1) }, { SGD($0, learningRate: 0.1, momentum: 0.9, weightDecay: 0.01) },
        { SGD($0, learningRate: 0.1, momentum: 0.9, nesterov: true) }, { Adam($0, learningRate: 0.01) },
        { AdamW($0, learningRate: 0.01, weightDecay: 0.1) },
    ]

    private func train(_ model: Model, _ optimizer: any Optimizer, steps: Range<Int>) {
        for step in steps {
            let (x, y) = withRandomSeed(UInt64(step)) { (Tensor(normal: [16, 3]), Tensor(normal: [16, 2])) }
            optimizer.zeroGrad()
            mse(model(x), y).backward()
            clipGradNorm(model.parameters, maxNorm: 0.5)
            optimizer.step()
            model.steps.update { $0 += 1 }
            optimizer.learningRate *= 0.9
        }
    }

    @Test(arguments: makers.indices) func aResumedRunEqualsTheUninterruptedOneToTheBit(index: Int) throws {
        try withTemporaryDirectory { directory throws in
            let make = Self.makers[index]
            let (whole, first, second) = withRandomSeed(1) { (Model(), Model(), Model()) }
            try first.load(stateDict: whole.stateDict)
            let optimizer = make(whole)
            train(whole, optimizer, steps: 0..<10)

            let path = "\(directory)/run.safetensors"
            let firstOptimizer = make(first)
            train(first, firstOptimizer, steps: 0..<5)
            try saveCheckpoint(["model": first, "optimizer": firstOptimizer], to: path, metadata: ["epoch": "5"])

            let secondOptimizer = make(second)
            let metadata = try loadCheckpoint(path, into: ["model": second, "optimizer": secondOptimizer])
            #expect(metadata == ["epoch": "5"])
            #expect(second.steps.value.item(as: Int.self) == 5)
            train(second, secondOptimizer, steps: 5..<10)
            #expect(bits(second.stateDict) == bits(whole.stateDict))
            #expect(bits(secondOptimizer.stateDict) == bits(optimizer.stateDict))
            #expect(secondOptimizer.learningRate == optimizer.learningRate)
        }
    }

    @Test func anOptimizerHasAFileOfItsOwnToo() throws {
        try withTemporaryDirectory { directory throws in
            let (model, other) = (Model(), Model())
            let (optimizer, restored) = (Adam(model), Adam(other))
            train(model, optimizer, steps: 0..<2)
            let path = "\(directory)/adam.safetensors"
            try optimizer.save(to: path)
            try restored.load(from: path)
            #expect(bits(restored.stateDict) == bits(optimizer.stateDict))
            let error = #expect(throws: StateDictError.self) { try AdamW(other).load(from: path) }
            #expect(error?.file == path)
            #expect(
                error?.problems == [
                    .value(name: "param_groups.0.decoupled_weight_decay", reason: "it must be 1.0, not 0.0")
                ]
            )
        }
    }

    @Test func isLoadedWholeOrNotAtAll() throws {
        try withTemporaryDirectory { directory throws in
            let (model, other) = (Model(), Model())
            let path = "\(directory)/run.safetensors"
            try saveCheckpoint(["model": model, "optimizer": Adam(model), "more": Linear(1, 1)], to: path)
            let optimizer = AdamW(other)
            let before = bits(other.stateDict)
            let error = #expect(throws: StateDictError.self) {
                try loadCheckpoint(path, into: ["model": other, "optimizer": optimizer])
            }
            #expect(error?.file == path)
            #expect(
                error?.problems == [
                    .unexpected(name: "more.bias"), .unexpected(name: "more.weight"),
                    .value(name: "optimizer.param_groups.0.decoupled_weight_decay", reason: "it must be 1.0, not 0.0"),
                ]
            )
            #expect(bits(other.stateDict) == before)
        }
    }

    @Test func refusesNamesThatWouldNotBeFoundAgain() {
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors { try saveCheckpoint(["a.b": Linear(1, 1)], to: "/dev/null/none") }
        }
        #expect(error?.message == "a part's name is \"a.b\"; it must not be empty or hold a dot")
    }
}
