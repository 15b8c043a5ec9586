import WeftRuntime
import WeftTensor

/// The parameters of one layer of a recurrent network in one direction.
struct RecurrentParameters: Sendable {
    let input, state: Parameter
    let inputBias, stateBias: Parameter?
    let projection: Parameter?

    /// Draws them as PyTorch does: uniformly between -k and k, where k is `1 / sqrt(hiddenSize)`.
    init(_ cell: RecurrentCell, _ inputSize: Int, _ hiddenSize: Int, bias: Bool, projSize: Int = 0) {
        let bound = 1 / Double(hiddenSize).squareRoot()
        func draw(_ shape: [Int]) -> Parameter { Parameter(Tensor(uniform: shape, in: -bound..<bound)) }
        let rows = cell.gateCount * hiddenSize
        input = draw([rows, inputSize])
        state = draw([rows, projSize > 0 ? projSize : hiddenSize])
        inputBias = bias ? draw([rows]) : nil
        stateBias = bias ? draw([rows]) : nil
        projection = projSize > 0 ? draw([projSize, hiddenSize]) : nil
    }

    /// That of the weights, which are converted together.
    var dtype: DType { input.value.dtype }

    /// The values as `dtype`.
    func values(_ dtype: DType) -> RecurrentWeights {
        func value(_ parameter: Parameter) -> Tensor { parameter.value.to(dtype) }
        return RecurrentWeights(
            input: value(input),
            state: value(state),
            biases: inputBias.flatMap { input in stateBias.map { (value(input), value($0)) } },
            projection: projection.map(value)
        )
    }

    /// The parameters under PyTorch's names, which end in `suffix`.
    func named(suffix: String) -> [(name: String, parameter: Parameter)] {
        [
            ("weight_ih", input), ("weight_hh", state), ("bias_ih", inputBias), ("bias_hh", stateBias),
            ("weight_hr", projection),
        ].compactMap { name, parameter in parameter.map { (name + suffix, $0) } }
    }
}
