import Foundation
import Synchronization
import Testing
import WeftNN
import WeftTensor

private func parameter(_ values: [Double] = [0]) -> Parameter {
    Parameter(Tensor(values))
}

@Suite struct ModuleTests {
    private class Base: Module, @unchecked Sendable {
        let inherited = parameter()
    }

    private final class Everything: Base, @unchecked Sendable {
        let own = parameter()
        let layer = Linear(2, 3)
        let list = [Linear(1, 1, bias: false), Linear(1, 1)]
        let some: Linear? = Linear(1, 2, bias: false)
        let none: Linear? = nil
        let optionalList: [Parameter]? = [parameter()]
        let nested = [[parameter()], [], [parameter(), parameter()]]
        let heads = ["right": Linear(1, 1, bias: false), "left": Linear(1, 1, bias: false)]
        let anything: any Module = ReLU()
        let existential: [any Layer] = [ReLU(), Linear(1, 1, bias: false)]
        let unrelated = ("text", 3)
        let numbers = [1.0, 2.0]
        let constant = Tensor([1.0])
    }

    @Test func findsParametersInWhateverHoldsThem() {
        #expect(
            Everything().namedParameters.map(\.name) == [
                "inherited", "own", "layer.weight", "layer.bias", "list.0.weight", "list.1.weight", "list.1.bias",
                "some.weight", "optionalList.0", "nested.0.0", "nested.2.0", "nested.2.1", "heads.left.weight",
                "heads.right.weight", "existential.1.weight",
            ]
        )
    }

    private final class Empty: Module {}

    @Test func findsNothingInAModuleWithoutParameters() {
        #expect(Empty().parameters.isEmpty)
        #expect(Empty().parameterCount == 0)
        #expect(ReLU().parameters.isEmpty)
    }

    private final class Counter: Module {
        let calls = Mutex(0)
        let weight = parameter([1, 2, 3])
    }

    @Test func passesOverStateThatCannotBeCopied() {
        #expect(Counter().namedParameters.map(\.name) == ["weight"])
    }

    private final class Tied: Module {
        let encoder: Linear
        let decoder: Linear
        let again: Parameter

        init() {
            encoder = Linear(2, 2)
            decoder = encoder
            again = encoder.weight
        }
    }

    @Test func listsASharedParameterOnceUnderItsFirstName() {
        let model = Tied()
        #expect(model.namedParameters.map(\.name) == ["encoder.weight", "encoder.bias"])
        #expect(model.parameters.count == 2)
        #expect(model.parameterCount == 6)
    }

    private final class Node: Module {
        let weight = parameter()
        let parent = Mutex<Node?>(nil)
        let owner: Owner?

        init(owner: Owner? = nil) { self.owner = owner }
    }

    private final class Owner: Module, @unchecked Sendable {
        var child: Node?
        let weight = parameter()
    }

    @Test func doesNotFollowAReferenceBack() {
        let owner = Owner()
        owner.child = Node(owner: owner)
        #expect(owner.namedParameters.map(\.name) == ["child.weight", "weight"])
        owner.child = nil
    }

    @Test func countsElements() {
        #expect(Linear(784, 512).parameterCount == 784 * 512 + 512)
    }

    @Test func forgetsAllGradients() {
        let model = Linear(2, 1)
        model(Tensor([[1.0, 2.0]])).sum().backward()
        #expect(model.parameters.allSatisfy { $0.grad != nil })
        model.zeroGrad()
        #expect(model.parameters.allSatisfy { $0.grad == nil })
    }

    private final class Untrained: Module {
        let weight = Tensor([1.0], requiresGrad: true)
    }

    @Test func refusesATensorThatWouldNeverBeTrained() {
        let error = refusal { _ = Untrained().parameters }
        #expect(error?.operation == "Module")
        #expect(
            error?.message
                == "weight in Untrained is a tensor that requires a gradient; to train it, write Parameter(…)"
        )
    }

    private final class ByNumber: Module {
        let heads = [1: Linear(1, 1)]
    }

    private final class InATuple: Module {
        let pair = (1, parameter())
    }

    private final class Dotted: Module {
        let heads = ["a.b": Linear(1, 1)]
    }

    @Test func refusesParametersWithoutAProperName() {
        #expect(
            refusal { _ = ByNumber().parameters }?.message
                == "heads in ByNumber holds modules, parameters or buffers without a name; "
                + "use an array or a dictionary by String"
        )
        #expect(refusal { _ = InATuple().parameters }?.message.hasPrefix("pair in InATuple") == true)
        #expect(refusal { _ = Dotted().parameters }?.message.hasPrefix(#"the key "a.b" of heads in Dotted"#) == true)
    }

    private class Hidden: Module, @unchecked Sendable {
        private let weight = parameter()
    }

    private final class Hiding: Hidden, @unchecked Sendable {
        private let weight = parameter()
    }

    @Test func refusesTwoParametersOfOneName() {
        #expect(
            refusal { _ = Hiding().parameters }?.message == "Hiding has two parameters or buffers with the name weight"
        )
    }

    private final class Large: Module {
        // With Foundation loaded, arrays turn into objects when asked whether they are modules.
        let table = [Double](repeating: 1, count: 10_000_000)
        let weight = parameter()
    }

    @Test(.timeLimit(.minutes(1))) func doesNotWalkThroughNumbers() {
        let model = Large()
        // Summed apart from the expectation, which would itself reflect the model and walk through its numbers.
        let found = (0..<1000).reduce(0) { sum, _ in sum + model.parameters.count }
        #expect(found == 1000)
    }
}
