import Testing
import WeftNN
import WeftTensor

@Suite struct ConversionTests {
    private final class Model: Module {
        let linear = Linear(2, 1)
        let positions = Buffer(Tensor([0, 1]))
        let mean = Buffer(Tensor([0.5]))
    }

    @Test func convertsFloatingPointParametersAndBuffersAlone() {
        let model = Model()
        let weight = model.linear.weight.value.array()
        model.to(.float64)
        #expect(model.parameters.allSatisfy { $0.value.dtype == .float64 })
        #expect(model.mean.value.dtype == .float64)
        #expect(model.positions.value.dtype == .int64)
        #expect(model.linear.weight.value.array() == weight)
        #expect(model.linear(Tensor([[1.0, 2.0]], dtype: .float64)).dtype == .float64)
    }

    @Test func keepsLeavesAndConvertsGradients() {
        let model = Model()
        model.linear(Tensor([[1.0, 2.0]])).sum().backward()
        model.to(.float64)
        #expect(model.linear.weight.value.isLeaf && model.linear.weight.value.requiresGrad)
        #expect(model.linear.weight.grad?.dtype == .float64)
        model.linear(Tensor([[1.0, 2.0]], dtype: .float64)).sum().backward()
        #expect(model.linear.weight.grad?.array() == [2, 4])
    }

    @Test func refusesIntegers() {
        let model = Model()
        #expect(refusal { model.to(.int64) }?.operation == "Module")
        #expect(model.parameters.allSatisfy { $0.value.dtype == .float32 })
    }

    @Test func letsOptimizersGoOn() {
        let runs = [DType.float32, .float64].map { start in
            let parameter = Parameter(Tensor([1.0], dtype: start))
            let model = Holder(parameter)
            let optimizer = Adam(model, learningRate: 0.5)
            for step in 0..<4 {
                if step == 2 { model.to(.float64) }
                optimizer.zeroGrad()
                (parameter.value * parameter.value).sum().backward()
                optimizer.step()
            }
            return parameter.value.item()
        }
        #expect(abs(runs[0] - runs[1]) < 1e-5)
    }

    private final class Holder: Module {
        let parameter: Parameter
        init(_ parameter: Parameter) { self.parameter = parameter }
    }

    @Test func freezingKeepsGradientsFromParameters() {
        let model = Linear(2, 1)
        let head = Linear(1, 1, bias: false)
        model.freeze()
        #expect(model.parameters.allSatisfy { !$0.requiresGrad })
        let hidden = model(Tensor([[1.0, 2.0]]))
        #expect(!hidden.requiresGrad)
        head(hidden).sum().backward()
        #expect(model.weight.grad == nil)
        #expect(head.weight.grad != nil)
        model.unfreeze()
        model(Tensor([[1.0, 2.0]])).sum().backward()
        #expect(model.weight.grad?.array() == [1, 2])
    }

    @Test func freezingKeepsValuesAndGradientsUntilTheyAreForgotten() {
        let parameter = Parameter(Tensor([1.0]))
        (parameter.value * 3).sum().backward()
        parameter.requiresGrad = false
        #expect(parameter.grad?.array() == [3])
        parameter.value = Tensor([4.0])
        #expect(!parameter.value.requiresGrad)
        parameter.zeroGrad()
        #expect(parameter.grad == nil)
    }
}
