import Testing
import WeftNN
import WeftTensor

/// What all optimizers have in common.
@Suite struct OptimizerTests {
    static let makers: [@Sendable ([Parameter]) -> any Optimizer] = [
        { SGD($0, learningRate: 0.1, momentum: 0.9) }, { Adam($0, learningRate: 0.1) },
        { AdamW($0, learningRate: 0.1) },
    ]

    @Test(arguments: makers.indices) func passesOverParametersWithoutAGradient(index: Int) {
        let (used, unused) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
        let optimizer = Self.makers[index]([used, unused])
        used.value.sum().backward()
        optimizer.step()
        #expect(used.value.array() != [1])
        #expect(unused.value.array() == [1])
    }

    @Test(arguments: makers.indices) func changesNothingBeforeABackwardPass(index: Int) {
        let parameter = Parameter(Tensor([1.0]))
        Self.makers[index]([parameter]).step()
        #expect(parameter.value.array() == [1])
    }

    @Test(arguments: makers.indices) func keepsLeavesAndRecordsNothing(index: Int) {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = Self.makers[index]([parameter])
        for _ in 0..<3 {
            parameter.value.sum().backward()
            optimizer.step()
        }
        #expect(parameter.value.isLeaf && parameter.value.requiresGrad)
        #expect(parameter.grad?.array() == [3])
        optimizer.zeroGrad()
        #expect(parameter.grad == nil)
    }

    @Test(arguments: makers.indices) func leavesSnapshotsAlone(index: Int) {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = Self.makers[index]([parameter])
        let snapshot = parameter.value
        snapshot.sum().backward()
        optimizer.step()
        #expect(snapshot.array() == [1])
    }

    @Test(arguments: makers.indices) func stepsByTheLearningRateOfTheMoment(index: Int) {
        let parameter = Parameter(Tensor([1.0]))
        let optimizer = Self.makers[index]([parameter])
        optimizer.learningRate = 0
        parameter.value.sum().backward()
        optimizer.step()
        #expect(parameter.value.array() == [1])
        optimizer.learningRate = 0.5
        optimizer.step()
        #expect(parameter.value.array() != [1])
    }

    @Test(arguments: makers.indices) func refusesANegativeLearningRateLater(index: Int) {
        let optimizer = Self.makers[index]([Parameter(Tensor([1.0]))])
        #expect(refusal { optimizer.learningRate = -1 } != nil)
        #expect(optimizer.learningRate == 0.1)
    }

    @Test(arguments: makers.indices) func refusesParametersOfDTypesThatItHasNoKernelsFor(index: Int) {
        for dtype in [DType.float16, .bfloat16] {
            let parameter = Parameter(Tensor([1.0], dtype: dtype))
            let optimizer = Self.makers[index]([parameter])
            parameter.value.sum().backward()
            #expect(
                refusal { optimizer.step() }?.message
                    == "a \(dtype) parameter is not of a dtype that it takes: float32, float64"
            )
            #expect(parameter.value.item() == 1)
        }
    }

    @Test(arguments: makers.indices) func refusesAnEmptyList(index: Int) {
        #expect(refusal { _ = Self.makers[index]([]) }?.message == "there are no parameters to optimize")
    }

    @Test(arguments: makers.indices) func refusesAParameterTwice(index: Int) {
        let parameters = [Parameter(Tensor([1.0])), Parameter(Tensor([1.0]))]
        #expect(
            refusal { _ = Self.makers[index](parameters + [parameters[1]]) }?.message
                == "parameters 1 and 2 are one; it would be changed twice in a step"
        )
    }

    /// The memory limit is the process's, so this test has one of its own.
    @Test func takesAStepThatWasRefusedForWantOfMemoryAsIfItHadNotBeen() async {
        await #expect(processExitsWith: .success) {
            let side = 1 << 9
            for make in OptimizerTests.makers {
                let ends = [0, 1, 2, 3].map { refusals in
                    let parameter = Parameter(Tensor(ones: [side, side]))
                    let optimizer = make([parameter])
                    (parameter.value * parameter.value).sum().backward()
                    for step in 0..<3 {
                        // Before the first step, when there is no room for what the optimizer remembers; and before
                        // later ones, when a snapshot makes the parameter's values be copied.
                        if step < refusals {
                            let snapshot = parameter.value
                            let before = bits(snapshot)
                            let limit = Memory.limit
                            Memory.releaseCache()
                            Memory.limit = Memory.statistics.live
                            let error = refusal { optimizer.step() }
                            Memory.limit = limit
                            #expect(error?.message.hasPrefix("out of memory") == true)
                            #expect(bits(parameter.value) == before)
                            #expect(parameter.value.isLeaf && parameter.value.requiresGrad)
                        }
                        optimizer.step()
                    }
                    return bits(parameter.value)
                }
                #expect(ends.allSatisfy { $0 == ends[0] })
            }
        }
    }

    @Test func takesTheParametersOfAModel() {
        let model = Linear(2, 1)
        for optimizer in [SGD(model, learningRate: 0.1), Adam(model), AdamW(model)] as [any Optimizer] {
            #expect(optimizer.parameters.map(ObjectIdentifier.init) == model.parameters.map(ObjectIdentifier.init))
        }
    }
}
