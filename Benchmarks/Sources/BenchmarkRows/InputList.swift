/// Collects a row's inputs, each with a seed of its own.
struct InputList {
    private(set) var inputs: [Input] = []

    mutating func uniform(_ name: String, _ shape: [Int], in range: Range<Double> = -1..<1) {
        append(name, shape, .uniform, range.lowerBound, range.upperBound)
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
