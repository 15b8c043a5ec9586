import Weft

/// The model of `lstm`: ten classes of sequences of shape [batch, steps, 128].
final class SequenceClassifier: Module {
    let lstm = LongShortTermMemory(128, 128)
    let fc = Linear(128, 10)

    func callAsFunction(_ x: Tensor) -> Tensor { fc(lstm(x)) }
}

/// A layer of long short-term memory (Hochreiter and Schmidhuber, 1997), composed of simpler operations.
final class LongShortTermMemory: Module {
    // The names in PyTorch's state dict.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let weight_ih_l0: Parameter
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let weight_hh_l0: Parameter
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let bias_ih_l0: Parameter
    // swift-format-ignore: AlwaysUseLowerCamelCase
    let bias_hh_l0: Parameter
    private let width: Int

    init(_ features: Int, _ width: Int) {
        let bound = 1 / Double(width).squareRoot()
        func draw(_ shape: [Int]) -> Parameter { Parameter(Tensor(uniform: shape, in: -bound..<bound)) }
        weight_ih_l0 = draw([4 * width, features])
        weight_hh_l0 = draw([4 * width, width])
        bias_ih_l0 = draw([4 * width])
        bias_hh_l0 = draw([4 * width])
        self.width = width
    }

    /// The last step's output, of shape [batch, width], for `x` of shape [batch, steps, features].
    func callAsFunction(_ x: Tensor) -> Tensor {
        let (fromInput, fromState) = (weight_ih_l0.value.T, weight_hh_l0.value.T)
        let (inputBias, stateBias) = (bias_ih_l0.value, bias_hh_l0.value)
        let (batch, steps) = (x.shape[0], x.shape[1])
        // What the input adds does not depend on the state, and is one product for all steps.
        let inputs = addmm(inputBias + stateBias, x.reshaped([batch * steps, -1]), fromInput).reshaped([
            batch, steps, -1,
        ])
        var output = Tensor(zeros: [batch, width])
        var cell = output
        for step in 0..<steps {
            let sums = addmm(inputs[0..., step], output, fromState)
            let gates = sums.reshaped([-1, 4, width])
            let input = gates[0..., 0].sigmoid()
            let forget = gates[0..., 1].sigmoid()
            let candidate = gates[0..., 2].tanh()
            let exposure = gates[0..., 3].sigmoid()
            cell = forget * cell + input * candidate
            output = exposure * cell.tanh()
        }
        return output
    }
}
