import Foundation
import Testing
import WeftNN
import WeftTensor

/// The layers that apply one function to every element: ReLU, Tanh, Sigmoid, GELU.
@Suite struct ActivationTests {
    private static let functions: [(layer: any Layer, function: @Sendable (Double) -> Double)] = [
        (ReLU(), { max($0, 0) }),
        (Tanh(), { tanh($0) }),
        (Sigmoid(), { 1 / (1 + exp(-$0)) }),
        (GELU(), { $0 * erfc(-$0 / 2.0.squareRoot()) / 2 }),
    ]

    @Test(arguments: functions.indices) func appliesItsFunctionToEveryElement(index: Int) {
        let (layer, function) = Self.functions[index]
        let values = [-3.0, -0.5, 0, 0.25, 1, 4]
        let output = layer(Tensor(values).reshaped([2, 3]))
        #expect(output.shape == [2, 3])
        #expect(areClose(output.array(), values.map(function)))
    }

    @Test(arguments: functions.indices) func passesGradients(index: Int) {
        let (layer, function) = Self.functions[index]
        let values = [-3.0, -0.5, 0.25, 1, 4]
        let input = Tensor(values, requiresGrad: true)
        layer(input).sum().backward()
        let slopes = values.map { (function($0 + 1e-5) - function($0 - 1e-5)) / 2e-5 }
        #expect(areClose(input.grad?.array() ?? [], slopes, tolerance: 1e-5))
    }
}
