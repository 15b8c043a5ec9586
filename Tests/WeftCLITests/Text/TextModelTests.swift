import Testing
import Weft

@testable import weft_cli

@Suite struct TextModelTests {
    static let size = TextModel.Size(alphabet: 7, context: 6, width: 8, layers: 2, heads: 2)

    static func model(_ size: TextModel.Size = size) -> TextModel { withRandomSeed(3) { TextModel(size) } }

    @Test func itsWeightsHaveTheNamesAndShapesThatItsSizeSays() {
        let shapes = Self.model().stateDict.mapValues(\.shape)
        #expect(shapes == Dictionary(uniqueKeysWithValues: Self.size.weightShapes.map { ($0.name, $0.shape) }))
    }

    @Test func aCharacterSeesNothingOfThoseBehindIt() {
        let model = Self.model()
        let logits = noGrad {
            withMode(.evaluation) { [model(Tensor([[1, 2, 3, 4]])), model(Tensor([[1, 2, 6, 0]]))] }
        }
        let difference = (logits[0] - logits[1]).abs().max(axis: 2).values.array()
        #expect(difference[0] < 1e-6 && difference[1] < 1e-6)
        #expect(difference[2] > 1e-4 && difference[3] > 1e-4)
    }

    @Test(arguments: [[6], [1, 5], [1, 1, 1, 1, 1, 1], [2, 3, 1], [4, 2]])
    func remembersWhatItRead(parts: [Int]) {
        let model = Self.model()
        let tokens: [Int32] = [5, 0, 3, 3, 6, 1]
        let memory = TextMemory()
        withMode(.evaluation) {
            noGrad {
                let all = model(Tensor([tokens.map(Int.init)]))[0]
                var count = 0
                for part in parts {
                    let logits = model.nextLogits(Array(tokens[count..<count + part]), memory: memory)
                    count += part
                    #expect(memory.count == count)
                    #expect((logits - all[count - 1]).abs().max().item() < 1e-5)
                }
            }
        }
    }

    @Test func dropsNothingInEvaluation() {
        let model = withRandomSeed(3) { TextModel(Self.size, dropout: 0.5) }
        let tokens = Tensor([[1, 2, 3]])
        let evaluated = withMode(.evaluation) { noGrad { [model(tokens), Self.model()(tokens)] } }
        #expect((evaluated[0] - evaluated[1]).abs().max().item() == 0)
        let trained = withMode(.training) { withRandomSeed(1) { noGrad { model(tokens) } } }
        #expect((trained - evaluated[0]).abs().max().item() > 0)
    }

    @Test func everyWeightGetsAGradient() {
        let model = Self.model()
        crossEntropy(model(Tensor([[1, 2, 3, 4, 5, 6]]))[0], Tensor([2, 3, 4, 5, 6, 0])).backward()
        #expect(model.parameters.allSatisfy { $0.grad.map { $0.abs().max().item() > 0 } ?? false })
    }
}
