import Testing
import WeftNN
import WeftTensor

@Suite struct SequentialTests {
    private final class Twice: Layer {
        func callAsFunction(_ input: Tensor) -> Tensor { input * 2 }
    }

    private final class Wrapper: Module {
        let body = Sequential(Linear(2, 3), ReLU(), Sequential(Linear(3, 1, bias: false)))
    }

    @Test func appliesLayersInOrder() {
        final class PlusOne: Layer {
            func callAsFunction(_ input: Tensor) -> Tensor { input + 1 }
        }
        let input = Tensor([1.0])
        #expect(Sequential(Twice(), PlusOne())(input).array() == [3])
        #expect(Sequential([PlusOne(), Twice()])(input).array() == [4])
    }

    @Test func isTheIdentityWithoutLayers() {
        #expect(Sequential()(Tensor([1.0, 2.0])).array() == [1, 2])
    }

    @Test func namesParametersByPosition() {
        #expect(
            Sequential(Linear(2, 3), ReLU(), Linear(3, 1)).namedParameters.map(\.name)
                == ["0.weight", "0.bias", "2.weight", "2.bias"]
        )
        #expect(Wrapper().namedParameters.map(\.name) == ["body.0.weight", "body.0.bias", "body.2.0.weight"])
    }

    @Test func reportsMistakesAtTheCallersLine() {
        let model = Sequential(Linear(2, 3), Sequential(Twice(), Linear(4, 1)))
        var line: UInt = 0
        let error = refusal {
            line = #line + 1
            _ = model(Tensor(zeros: [1, 2]))
        }
        #expect(error?.message == "the last axis must have 4 features; the input has shape [1, 3]")
        #expect(error?.line == line)
    }

    @Test(arguments: [ReLU(), Tanh(), Sigmoid(), GELU()] as [any Layer])
    func computesAnActivationWithTheLayerBeforeAsOneByOne(activation: any Layer) {
        let (first, second) = withRandomSeed(4) { (Linear(5, 7), Linear(7, 3, activation: .tanh)) }
        let input = withRandomSeed(5) { Tensor(normal: [4, 5], requiresGrad: true) }
        func outcome(_ output: Tensor) -> [[UInt8]] {
            output.square().sum().backward()
            let parameters = [first.weight, first.bias!, second.weight, second.bias!]
            defer { for parameter in parameters { parameter.zeroGrad() } }
            return [bits(output)] + parameters.map { bits($0.grad!) }
        }
        let oneByOne = outcome(activation(second(activation(first(input)))))
        #expect(outcome(Sequential(first, activation, second, activation)(input)) == oneByOne)
    }

    @Test func givesItsLayersByPosition() {
        #expect(Sequential(Twice(), ReLU()).layers[1] is ReLU)
    }
}
