import Testing
import WeftNN
import WeftTensor

@Suite struct StateDictTests {
    private final class Model: Module {
        let hidden = Linear(2, 3)
        let output = Linear(3, 1, bias: false)
    }

    private final class Tied: Module {
        let first = Linear(2, 2, bias: false)
        let second: Linear

        init() { second = first }
    }

    private func contents(_ module: some Module) -> [String: [UInt8]] {
        module.stateDict.mapValues(bits)
    }

    @Test func hasEveryNameAndShape() {
        #expect(
            Model().stateDict.mapValues(\.shape)
                == ["hidden.weight": [3, 2], "hidden.bias": [3], "output.weight": [1, 3]]
        )
    }

    @Test func isCutOffFromTheTapeAndFromLaterChanges() {
        let model = Model()
        let before = model.stateDict
        let values = before.mapValues(bits)
        for parameter in model.parameters { parameter.update { $0 += 1 } }
        #expect(before.values.allSatisfy { !$0.requiresGrad })
        #expect(before.mapValues(bits) == values)
        #expect(contents(model) != values)
    }

    @Test func movesFromOneModelToAnother() throws {
        let (source, target) = (Model(), Model())
        #expect(contents(source) != contents(target))
        try target.load(stateDict: source.stateDict)
        #expect(contents(source) == contents(target))
    }

    @Test func doesNotTieTheModelsItMovedBetween() throws {
        let (source, target) = (Model(), Model())
        try target.load(stateDict: source.stateDict)
        let before = contents(source)
        for parameter in target.parameters { parameter.update { $0 += 1 } }
        #expect(contents(source) == before)
    }

    @Test func keepsGradientsAndLeaves() throws {
        let model = Model()
        model.hidden(Tensor([[1.0, 2.0]])).sum().backward()
        try model.load(stateDict: Model().stateDict)
        #expect(model.hidden.bias?.grad?.array() == [1, 1, 1])
        #expect(model.parameters.allSatisfy { $0.value.isLeaf && $0.value.requiresGrad })
    }

    @Test func listsEverythingThatDoesNotFitAndChangesNothing() throws {
        let model = Model()
        let before = contents(model)
        var state = Model().stateDict
        state["hidden.bias"] = nil
        state["hidden.weight"] = Tensor(zeros: [2, 3])
        state["output.weight"] = Tensor(zeros: [1, 3], dtype: .int64)
        state["zzz"] = Tensor([1.0])
        state["extra"] = Tensor([1.0])
        let error = #expect(throws: StateDictError.self) { try model.load(stateDict: state) }
        #expect(
            error?.problems == [
                .shape(name: "hidden.weight", expected: [3, 2], found: [2, 3]),
                .missing(name: "hidden.bias"),
                .dtype(name: "output.weight", expected: .float32, found: .int64),
                .unexpected(name: "extra"),
                .unexpected(name: "zzz"),
            ]
        )
        #expect(contents(model) == before)
    }

    @Test func changesNothingIfOnlyTheLastNameDoesNotFit() {
        let model = Model()
        let before = contents(model)
        var state = Model().stateDict
        state["output.weight"] = Tensor(zeros: [3, 1])
        #expect(throws: StateDictError.self) { try model.load(stateDict: state) }
        #expect(contents(model) == before)
    }

    @Test func refusesValuesThatFailedAndChangesNothing() {
        let (model, tied) = (Model(), Tied())
        let before = (contents(model), contents(tied))
        var problems: [[StateDictError.Problem]?] = []
        #expect(throws: TensorError.self) {
            try withTensorErrors {
                let failed = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])
                var (state, tiedState) = (Model().stateDict, Tied().stateDict)
                state["output.weight"] = failed
                tiedState["second.weight"] = failed
                for attempt in [{ try model.load(stateDict: state) }, { try tied.load(stateDict: tiedState) }] {
                    do { try attempt() } catch { problems.append((error as? StateDictError)?.problems) }
                }
            }
        }
        #expect(problems == [[.failed(name: "output.weight")], [.failed(name: "second.weight")]])
        #expect(contents(model) == before.0)
        #expect(contents(tied) == before.1)
    }

    @Test func changesNothingWithoutMemoryForTheValues() async {
        await #expect(processExitsWith: .success) {
            let model = Sequential(Linear(2, 2, bias: false), Linear(1 << 10, 1 << 10, bias: false))
            let before = bits(model.parameters[0].value)
            let large = Tensor(zeros: [1 << 10, 1 << 10]).T
            Memory.limit = 10 << 20
            let error = refusal {
                try model.load(stateDict: ["0.weight": Tensor(zeros: [2, 2]), "1.weight": large])
            }
            #expect(error?.message.hasPrefix("out of memory") == true)
            #expect(bits(model.parameters[0].value) == before)
        }
    }

    @Test func saysWhatDoesNotFit() {
        let error = StateDictError(
            module: "Model",
            file: "a.safetensors",
            problems: [
                .missing(name: "a"), .unexpected(name: "b\n"), .shape(name: "c", expected: [1], found: [2]),
                .dtype(name: "d", expected: .float32, found: .bool), .conflict(names: ["e", "f"]),
                .failed(name: "g"),
            ]
        )
        #expect(
            error.description == """
                a.safetensors does not fit Model:
                  "a" is missing
                  "b\\n" is unexpected
                  "c" has shape [2]; it must be [1]
                  "d" is bool; it must be float32
                  "e" and "f" name one tensor but have different values
                  "g" has no values: an operation that it comes from was refused
                """
        )
    }

    @Test func hasASharedParameterUnderEveryName() throws {
        let model = Tied()
        #expect(Set(model.stateDict.keys) == ["first.weight", "second.weight"])
        try model.load(stateDict: Tied().stateDict)
    }

    @Test func refusesDifferentValuesForASharedParameter() {
        let model = Tied()
        var state = model.stateDict
        state["second.weight"] = Tensor(zeros: [2, 2])
        let error = #expect(throws: StateDictError.self) { try model.load(stateDict: state) }
        #expect(error?.problems == [.conflict(names: ["first.weight", "second.weight"])])
    }

    @Test func takesValuesThatAreViews() throws {
        let model = Linear(2, 3, bias: false)
        let transposed = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).T
        try model.load(stateDict: ["weight": transposed])
        #expect(model.weight.value.array() == [1, 4, 2, 5, 3, 6])
    }
}
