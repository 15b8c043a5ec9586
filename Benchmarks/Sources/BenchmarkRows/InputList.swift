/// Collects a row's inputs, each with a seed of its own.
struct InputList {
    private(set) var inputs: [Input] = []

    mutating func uniform(_ name: String, _ shape: [Int], in range: Range<Double> = -1..<1) {
        append(name, shape, .uniform, range.lowerBound, range.upperBound)
    }

    /// A weight or a bias of a unit with `fanIn` inputs, drawn as PyTorch draws it.
    mutating func learned(_ name: String, _ shape: [Int], fanIn: Int) {
        let bound = 1 / Double(fanIn).squareRoot()
        uniform(name, shape, in: -bound..<bound)
    }

    mutating func integers(_ name: String, _ shape: [Int], below bound: Int) {
        append(name, shape, .integers, 0, Double(bound))
    }

    mutating func mask(_ name: String, _ shape: [Int]) {
        append(name, shape, .mask, 0, 2)
    }

    private mutating func append(_ name: String, _ shape: [Int], _ fill: Input.Fill, _ low: Double, _ high: Double) {
        inputs.append(Input(name, shape, fill: fill, low: low, high: high, seed: UInt32(inputs.count + 1)))
    }
}
