import Foundation

/// A recurrent layer by its definition, in plain loops and float64.
struct RecurrenceReference {
    enum Cell: Int, Sendable {
        case tanh, relu, lstm, gru

        var gates: Int { self == .lstm ? 4 : self == .gru ? 3 : 1 }
    }

    struct Sizes: Sendable {
        var cell: Cell
        var directions = 1
        var steps = 1
        var batch = 1
        var hidden = 1
        /// Features of h where a projection follows; those of the cell if absent.
        var projected: Int?
        var lengths: [Int]?
        var hasBias = true

        var outputs: Int { projected ?? hidden }
        var gates: Int { cell.gates }
    }

    let sizes: Sizes
    /// What inputs add to the gates, [directions][steps][batch][gates][hidden].
    var inputs: [Double]
    /// [directions][gates][hidden][outputs].
    var weights: [Double]
    /// [directions][gates][hidden].
    var bias: [Double]
    /// [directions][outputs][hidden].
    var projection: [Double]
    /// [directions][batch][outputs] and [directions][batch][hidden].
    var initialH, initialC: [Double]
    /// Added to every h, [directions][steps][batch][outputs]: zeros, whose derivative is that of h.
    var shift: [Double]

    struct Results {
        var output, gates, finalH, finalC: [Double]
    }

    init(_ sizes: Sizes, seed: UInt64) {
        self.sizes = sizes
        var random = KernelRandom(seed)
        // What float32 holds too.
        func numbers(_ count: Int, _ scale: Float = 1) -> [Double] {
            (0..<count).map { _ in Double(random.float() * scale) }
        }
        let states = sizes.directions * sizes.batch
        inputs = numbers(sizes.directions * sizes.steps * sizes.batch * sizes.gates * sizes.hidden)
        weights = numbers(sizes.directions * sizes.gates * sizes.hidden * sizes.outputs, 0.25)
        bias = numbers(sizes.directions * sizes.gates * sizes.hidden)
        if !sizes.hasBias { bias = bias.map { _ in 0 } }
        projection = sizes.projected == nil ? [] : numbers(sizes.directions * sizes.outputs * sizes.hidden, 0.25)
        initialH = numbers(states * sizes.outputs)
        initialC = numbers(states * sizes.hidden)
        shift = Array(repeating: 0, count: sizes.directions * sizes.steps * sizes.batch * sizes.outputs)
    }

    /// All steps. Gates are what they are after their functions; behind a row's last step all is 0.
    func run() -> Results {
        let (hidden, outputs, gates) = (sizes.hidden, sizes.outputs, sizes.gates)
        let places = sizes.directions * sizes.steps * sizes.batch
        var results = Results(
            output: Array(repeating: 0, count: places * outputs),
            gates: Array(repeating: 0, count: places * gates * hidden),
            finalH: [],
            finalC: []
        )
        for d in 0..<sizes.directions {
            for b in 0..<sizes.batch {
                let state = d * sizes.batch + b
                var h = Array(initialH[state * outputs..<(state + 1) * outputs])
                var c = Array(initialC[state * hidden..<(state + 1) * hidden])
                let length = sizes.lengths?[b] ?? sizes.steps
                for step in 0..<length {
                    let time = d == 0 ? step : length - 1 - step
                    let place = (d * sizes.steps + time) * sizes.batch + b
                    let sums = (0..<gates * hidden).map { i in
                        let row = (d * gates * hidden + i) * outputs
                        return h.indices.reduce(bias[d * gates * hidden + i]) { $0 + weights[row + $1] * h[$1] }
                    }
                    let x = inputs[place * gates * hidden..<(place + 1) * gates * hidden].map { $0 }
                    var given = Array(repeating: 0.0, count: hidden)
                    for i in 0..<hidden {
                        func at(_ gate: Int) -> Int { gate * hidden + i }
                        var opened: [Double]
                        switch sizes.cell {
                        case .tanh:
                            opened = [squash(x[i] + sums[i])]
                            given[i] = opened[0]
                        case .relu:
                            opened = [max(x[i] + sums[i], 0)]
                            given[i] = opened[0]
                        case .lstm:
                            opened = (0..<4).map { ($0 == 2 ? squash : sigmoid)(x[at($0)] + sums[at($0)]) }
                            c[i] = opened[1] * c[i] + opened[0] * opened[2]
                            given[i] = opened[3] * squash(c[i])
                        case .gru:
                            opened = (0..<2).map { sigmoid(x[at($0)] + sums[at($0)]) }
                            opened.append(squash(x[at(2)] + opened[0] * sums[at(2)]))
                            given[i] = (1 - opened[1]) * opened[2] + opened[1] * h[i]
                        }
                        for gate in 0..<gates { results.gates[(place * gates + gate) * hidden + i] = opened[gate] }
                    }
                    if sizes.projected != nil {
                        h = (0..<outputs).map { o in
                            given.indices.reduce(0) { $0 + projection[(d * outputs + o) * hidden + $1] * given[$1] }
                        }
                    } else {
                        h = given
                    }
                    for o in h.indices {
                        h[o] += shift[place * outputs + o]
                        results.output[place * outputs + o] = h[o]
                    }
                }
                results.finalH += h
                results.finalC += c
            }
        }
        return results
    }

    /// The sum of all results, each times its gradient.
    func loss(_ gradients: Results) -> Double {
        let results = run()
        func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        return dot(results.output, gradients.output) + dot(results.finalH, gradients.finalH)
            + (sizes.cell == .lstm ? dot(results.finalC, gradients.finalC) : 0)
    }

    /// The derivatives of the loss by a few of the numbers, with their places, from central differences.
    func slopes(_ numbers: WritableKeyPath<Self, [Double]>, _ gradients: Results) -> [(place: Int, value: Double)] {
        let count = self[keyPath: numbers].count
        return stride(from: 0, to: count, by: max(1, count / 8) | 1).map { place in
            var (above, below) = (self, self)
            let step = 0x1p-16
            above[keyPath: numbers][place] += step
            below[keyPath: numbers][place] -= step
            return (place, (above.loss(gradients) - below.loss(gradients)) / (2 * step))
        }
    }
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
private func squash(_ x: Double) -> Double { tanh(x) }
