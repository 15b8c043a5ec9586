/// Which places of an input's axis each place of the output's is made of, with what weights, and what their sum is
/// divided by: a sparse matrix, row by row.
package struct WindowAxis: Sendable {
    /// The size of the input's axis.
    package let input: Int
    /// Where each output's taps begin among all; one more than there are outputs.
    package private(set) var starts = [0]
    package private(set) var sources: [Int32] = []
    /// Of all taps; nil for ones.
    package private(set) var weights: [Double]?
    /// Of all outputs; nil for ones.
    package private(set) var divisors: [Double]?

    /// The size of the output's axis.
    package var output: Int { starts.count - 1 }

    /// An axis without outputs yet.
    package init(input: Int, weighted: Bool = false, divided: Bool = false) {
        self.input = input
        weights = weighted ? [] : nil
        divisors = divided ? [] : nil
    }

    /// An axis of `size` places that each stay what they are.
    package init(unchanged size: Int) {
        input = size
        starts = Array(0...size)
        sources = (0..<Int32(size)).map { $0 }
    }

    /// Appends a place of the next output.
    package mutating func append(_ source: Int, weight: Double = 1) {
        sources.append(Int32(source))
        weights?.append(weight)
    }

    /// Ends the output whose places were appended.
    package mutating func endOutput(divisor: Double = 1) {
        starts.append(sources.count)
        divisors?.append(divisor)
    }

    /// How many taps output `place` has.
    package func count(of place: Int) -> Int { starts[place + 1] - starts[place] }

    /// The transposed matrix, by which gradients go back: divisors are among its weights, and an input's outputs ascend.
    package var transposed: WindowAxis {
        var result = WindowAxis(input: output, weighted: weights != nil || divisors != nil)
        var begins = [Int](repeating: 0, count: input + 1)
        for source in sources { begins[Int(source) + 1] += 1 }
        for place in 0..<input { begins[place + 1] += begins[place] }
        result.starts = begins
        result.sources = [Int32](repeating: 0, count: sources.count)
        var turned = [Double](repeating: 1, count: result.weights == nil ? 0 : sources.count)
        var next = begins
        for place in 0..<output {
            for tap in starts[place]..<starts[place + 1] {
                let source = Int(sources[tap])
                result.sources[next[source]] = Int32(place)
                if result.weights != nil {
                    turned[next[source]] = (weights?[tap] ?? 1) / (divisors?[place] ?? 1)
                }
                next[source] += 1
            }
        }
        if result.weights != nil { result.weights = turned }
        return result
    }

    /// The same places without weights and divisors.
    package var unweighted: WindowAxis {
        var result = self
        result.weights = nil
        result.divisors = nil
        return result
    }
}
