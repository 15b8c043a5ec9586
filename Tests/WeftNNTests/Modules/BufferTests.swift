import Synchronization
import Testing
import WeftNN
import WeftTensor

/// Batch statistics, in the manner of PyTorch's `BatchNorm1d`.
private final class RunningMean: Module {
    let weight = Parameter(Tensor(ones: [2]))
    let runningMean = Buffer(Tensor(zeros: [2]))
    let batches = Buffer(Tensor(0))
    let scratch = Buffer(Tensor(zeros: [3]), persistent: false)

    static var stateDictNames: [String: String] { ["runningMean": "running_mean", "batches": "num_batches_tracked"] }

    func callAsFunction(_ x: Tensor) -> Tensor {
        if Mode.current == .training {
            let mean = x.detached().mean(axis: 0)
            runningMean.update { $0 = 0.5 * $0 + 0.5 * mean }
            batches.update { $0 += 1 }
        }
        return (x - runningMean.value) * weight.value
    }
}

@Suite struct BufferTests {
    private final class Outer: Module {
        let norms = [RunningMean(), RunningMean()]
        let mask: Buffer? = Buffer(Tensor([true, false]))
    }

    @Test func isFoundLikeAParameterAndIsNone() {
        let model = Outer()
        #expect(
            model.namedBuffers.map(\.name) == [
                "norms.0.running_mean", "norms.0.num_batches_tracked", "norms.0.scratch", "norms.1.running_mean",
                "norms.1.num_batches_tracked", "norms.1.scratch", "mask",
            ]
        )
        #expect(model.namedParameters.map(\.name) == ["norms.0.weight", "norms.1.weight"])
        #expect(model.parameterCount == 4)
    }

    @Test func isInTheStateDictIfItIsPersistent() {
        #expect(RunningMean().stateDict.keys.sorted() == ["num_batches_tracked", "running_mean", "weight"])
    }

    @Test func movesWithTheStateDict() throws {
        let (source, target) = (RunningMean(), RunningMean())
        _ = source(Tensor([[2.0, 4.0], [4.0, 8.0]]))
        try target.load(stateDict: source.stateDict)
        #expect(target.runningMean.value.array() == [1.5, 3])
        #expect(target.batches.value.item(as: Int.self) == 1)
        _ = source(Tensor([[2.0, 4.0]]))
        #expect(target.runningMean.value.array() == [1.5, 3])
    }

    @Test func isNotLoadedInPart() {
        let model = RunningMean()
        var state = RunningMean().stateDict
        state["weight"] = Tensor([5.0, 5.0])
        state["running_mean"] = Tensor(zeros: [3])
        state["num_batches_tracked"] = Tensor(0.0)
        state["scratch"] = Tensor(zeros: [3])
        let error = #expect(throws: StateDictError.self) { try model.load(stateDict: state) }
        #expect(
            error?.problems == [
                .shape(name: "running_mean", expected: [2], found: [3]),
                .dtype(name: "num_batches_tracked", expected: .int64, found: .float32),
                .unexpected(name: "scratch"),
            ]
        )
        #expect(model.weight.value.array() == [1, 1])
    }

    @Test func requiresNoGradientAndTakesNone() {
        let source = Tensor([1.0, 2.0], requiresGrad: true)
        let buffer = Buffer(source * 2)
        #expect(!buffer.value.requiresGrad)
        buffer.value = source * 3
        #expect(!buffer.value.requiresGrad)
        #expect(buffer.value.array() == [3, 6])
        buffer.update { $0 = $0 * source }
        #expect(!buffer.value.requiresGrad)
    }

    @Test func leavesSnapshotsAlone() {
        let buffer = Buffer(Tensor([1.0]))
        let snapshot = buffer.value
        buffer.update { $0 += 1 }
        #expect(snapshot.array() == [1])
        #expect(buffer.value.array() == [2])
    }

    @Test func refusesValuesOfAnotherShapeOrDType() {
        let buffer = Buffer(Tensor([1, 2]))
        #expect(
            refusal { buffer.value = Tensor([1, 2, 3]) }?.message
                == "values of shape [3] and dtype int64 cannot replace those of shape [2] and dtype int64"
        )
        #expect(refusal { buffer.update { $0 = $0.to(.float32) } }?.operation == "Buffer")
        #expect(buffer.value.array(of: Int.self) == [1, 2])
    }

    @Test func losesNoUpdateOfManyTasks() async {
        let model = RunningMean()
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { _ = model(Tensor([[1.0, 1.0]])) } }
            for _ in 0..<50 { group.addTask { withMode(.evaluation) { _ = model(Tensor([[9.0, 9.0]])) } } }
        }
        #expect(model.batches.value.item(as: Int.self) == 50)
    }

    private final class Shared: Module {
        let first: Buffer
        let second: Buffer

        init() {
            first = Buffer(Tensor([1.0]))
            second = first
        }
    }

    @Test func isListedOnceAndSavedUnderEveryName() throws {
        let model = Shared()
        #expect(model.namedBuffers.map(\.name) == ["first"])
        #expect(model.stateDict.keys.sorted() == ["first", "second"])
        let error = #expect(throws: StateDictError.self) {
            try model.load(stateDict: ["first": Tensor([1.0]), "second": Tensor([2.0])])
        }
        #expect(error?.problems == [.conflict(names: ["first", "second"])])
    }
}

@Suite struct ModuleNamesTests {
    private class Base: Module, @unchecked Sendable {
        let runningMean = Buffer(Tensor([0.0]))
        class var stateDictNames: [String: String] { ["runningMean": "running_mean"] }
    }

    private final class Plain: Base, @unchecked Sendable {
        let outProjection = Linear(1, 1, bias: false)
    }

    private final class Renaming: Base, @unchecked Sendable {
        let outProjection = Linear(1, 1, bias: false)
        override class var stateDictNames: [String: String] { ["outProjection": "out_proj"] }
    }

    @Test func areTakenFromTheClassThatHasTheProperty() {
        #expect(Plain().stateDict.keys.sorted() == ["outProjection.weight", "running_mean"])
        #expect(Renaming().stateDict.keys.sorted() == ["out_proj.weight", "running_mean"])
    }

    private final class Misspelt: Module {
        let runningMean = Buffer(Tensor([0.0]))
        static var stateDictNames: [String: String] { ["runingMean": "running_mean"] }
    }

    @Test func areRefusedForPropertiesThatAreNotThere() {
        #expect(
            refusal { _ = Misspelt().buffers }?.message
                == "Misspelt has no stored property runingMean, which its stateDictNames name"
        )
    }
}

/// Classes to inherit from, caches and counters, as the documentation of `Module` shows them.
@Suite struct ModulePatternTests {
    private class Encoder: Module, @unchecked Sendable {
        let norm = LayerNorm(4)
        func callAsFunction(_ x: Tensor) -> Tensor { norm(x) }
    }

    private final class TextEncoder: Encoder, @unchecked Sendable {
        let tokens = Embedding(10, 4)
        override func callAsFunction(_ x: Tensor) -> Tensor { super.callAsFunction(tokens(x)) }
    }

    @Test func subclassesHaveThePartsOfTheirSuperclassFirst() throws {
        let model: Encoder = TextEncoder()
        #expect(model.namedParameters.map(\.name) == ["norm.weight", "norm.bias", "tokens.weight"])
        let copy = TextEncoder()
        try copy.load(stateDict: model.stateDict)
        #expect(bits(copy(Tensor([1, 2]))) == bits(model(Tensor([1, 2]))))
    }

    @Test func subclassesServeManyTasksThroughTheirSuperclass() async {
        let model: Encoder = TextEncoder()
        let expected = bits(model(Tensor([3])))
        let agreed = await withTaskGroup { group in
            for _ in 0..<16 { group.addTask { bits(model(Tensor([3]))) == expected } }
            return await group.allSatisfy { $0 }
        }
        #expect(agreed)
    }

    private final class CausalMask: Module {
        private let masks = Mutex<[Int: Tensor]>([:])
        let calls = Atomic(0)

        func callAsFunction(_ length: Int) -> Tensor {
            calls.add(1, ordering: .relaxed)
            return masks.withLock { masks in
                if let mask = masks[length] { return mask }
                let positions = Tensor(arange: 0..<length)
                let mask = positions.reshaped([length, 1]) .>= positions
                masks[length] = mask
                return mask
            }
        }
    }

    @Test func cachesAndCountersBehindLocksAreNoState() async {
        let mask = CausalMask()
        await withTaskGroup { group in
            for index in 0..<32 { group.addTask { _ = mask(1 + index % 4) } }
        }
        #expect(mask.calls.load(ordering: .relaxed) == 32)
        #expect(mask(2).array(of: Bool.self) == [true, false, true, true])
        #expect(mask.stateDict.isEmpty)
    }
}
