import Testing
import WeftNN
import WeftTensor

@Suite struct ModuleCollectionTests {
    private final class Model: Module {
        let blocks: ModuleList = [Linear(2, 3), Linear(3, 2)]
        let heads: ModuleDict = ["right": Linear(2, 1), "left": Linear(2, 1, bias: false)]
    }

    @Test func partsOfAListAndADictionaryHavePyTorchsNames() {
        #expect(
            Model().namedParameters.map(\.name) == [
                "blocks.0.weight", "blocks.0.bias", "blocks.1.weight", "blocks.1.bias",
                "heads.right.weight", "heads.right.bias", "heads.left.weight",
            ]
        )
    }

    @Test func theyAreCollections() {
        let model = Model()
        #expect(model.blocks.count == 2)
        #expect(model.blocks.map(\.inFeatures) == [2, 3])
        #expect(model.heads.keys == ["right", "left"])
        #expect(model.heads["left"]?.bias == nil && model.heads["middle"] == nil)
        #expect(model.heads.map(\.key) == ["right", "left"])
        #expect(ModuleList((0..<3).map { _ in ReLU() as any Layer }).count == 3)
    }

    @Test func refusesWhatHasNoNameOrIsNoModule() {
        #expect(refusal { _ = ModuleDict([("a.b", ReLU())]) }?.operation == "ModuleDict")
        #expect(refusal { _ = ModuleDict([("a", ReLU()), ("a", ReLU())]) }?.operation == "ModuleDict")
        #expect(refusal { _ = ModuleList([1, 2]) }?.message == "an element is a Int, which is no module")
    }

    @Test(arguments: [false, true]) func aSequentialIsWrittenWithSwiftsStatements(drops: Bool) {
        let more: [any Layer] = [Tanh(), Identity()]
        let model = Sequential {
            for width in [4, 8] {
                Linear(width, 8)
                ReLU()
            }
            if drops { Dropout(0.2) }
            if drops {
                ELU()
            } else {
                SiLU()
            }
            more
            Linear(8, 2)
        }
        #expect(model.layers.count == (drops ? 9 : 8))
        #expect(model.layers.map { "\(type(of: $0))" }.contains("Dropout") == drops)
        #expect(model(Tensor(ones: [3, 4])).shape == [3, 2])
        #expect(model.namedParameters.map(\.name).prefix(2) == ["0.weight", "0.bias"])
        #expect(Sequential {}(Tensor([1.0])).array() == [1])
    }
}
