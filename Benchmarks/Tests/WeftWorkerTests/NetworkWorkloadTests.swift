import BenchmarkRows
import Foundation
import Testing
import Weft
import weft_worker

/// Rows of convolutional, attentional and recurrent networks, in sizes that plain loops can follow.
@Suite struct NetworkWorkloadTests {
    @Test(arguments: [(stride: 1, padding: 1, groups: 1), (2, 1, 1), (1, 0, 1), (2, 2, 2), (1, 1, 4)])
    func convolutionsAreSumsOverWindows(stride: Int, padding: Int, groups: Int) throws {
        let (channels, outChannels, kernel) = (4, 4, 3)
        let inputs = [
            Input("x", [2, channels, 5, 6], seed: 1),
            Input("weight", [outChannels, channels / groups, kernel, kernel], seed: 2),
            Input("bias", [outChannels], seed: 3),
        ]
        let sizes = ["stride": stride, "padding": padding, "groups": groups]
        let result = try outputs(.small("conv", "forward", inputs, sizes: sizes))[0]
        let (x, weight, bias) = (Grid(inputs[0]), Grid(inputs[1]), Grid(inputs[2]))
        let (height, width) = ((5 + 2 * padding - kernel) / stride + 1, (6 + 2 * padding - kernel) / stride + 1)
        var expected = Grid([2, outChannels, height, width])
        for place in expected.places {
            let (image, channel) = (place[0], place[1])
            let first = channel / (outChannels / groups) * (channels / groups)
            var sum = bias[[channel]]
            for tap in weight.places where tap[0] == channel {
                let (i, j) = (place[2] * stride + tap[2] - padding, place[3] * stride + tap[3] - padding)
                sum += x[[image, first + tap[1], i, j], default: 0] * weight[tap]
            }
            expected[place] = sum
        }
        #expect(result.shape == expected.shape && areClose(result, expected))
    }

    @Test func aTransposedConvolutionPutsEachPixelOnAWindow() throws {
        let inputs = [
            Input("x", [1, 2, 3, 3], seed: 1), Input("weight", [2, 3, 4, 4], seed: 2), Input("bias", [3], seed: 3),
        ]
        let result = try outputs(
            .small("convtranspose", "forward", inputs, sizes: ["stride": 2, "padding": 1, "groups": 1])
        )[0]
        let (x, weight, bias) = (Grid(inputs[0]), Grid(inputs[1]), Grid(inputs[2]))
        var expected = Grid([1, 3, 6, 6])
        for place in expected.places { expected[place] = bias[[place[1]]] }
        for pixel in x.places {
            for tap in weight.places where tap[0] == pixel[1] {
                let place = [0, tap[1], 2 * pixel[2] + tap[2] - 1, 2 * pixel[3] + tap[3] - 1]
                if expected.has(place) { expected[place] += x[pixel] * weight[tap] }
            }
        }
        #expect(result.shape == expected.shape && areClose(result, expected))
    }

    /// A linear function's gradients are known from its values: <gradient, f(x)> = <x's gradient, x> without the bias.
    @Test(arguments: ["conv", "convtranspose"], [1, 2, 3]) func gradientsOfConvolutionsAreTheirAdjoints(
        kind: String,
        rank: Int
    ) throws {
        if kind == "convtranspose" && rank != 2 { return }
        let extents = [Int](repeating: 4, count: rank)
        let kernel = [Int](repeating: 3, count: rank)
        let inputs = [
            Input("x", [2, 3] + extents, seed: 1), Input("weight", [3, 3] + kernel, seed: 2),
            Input("bias", [3], low: 0, high: 1e-30, seed: 3), Input("gradient", [2, 3] + extents, seed: 4),
        ]
        let sizes = ["stride": 1, "padding": 1, "groups": 1]
        let result = try outputs(.small(kind, "forward", Array(inputs.dropLast()), sizes: sizes))[0]
        let gradients = try outputs(.small(kind, "backward", inputs, sizes: sizes))
        #expect(gradients.map(\.shape) == inputs.dropLast().map(\.shape))
        let given = try tensor(inputs[3])
        let product = (result * given).sum().item()
        #expect(abs((gradients[0] * (try tensor(inputs[0]))).sum().item() - product) < 1e-4)
        #expect(abs((gradients[1] * (try tensor(inputs[1]))).sum().item() - product) < 1e-4)
        let overImages = given.sum(axes: [0] + Array(2..<(rank + 2)))
        #expect((gradients[2] - overImages).abs().max().item() < 1e-5)
    }

    @Test func poolsAreMaximaAndMeansOfWindows() throws {
        let input = Input("x", [2, 3, 7, 8], seed: 1)
        let sizes = ["kernel": 3, "stride": 2, "padding": 1]
        let x = Grid(input)
        for kind in ["maxpool2d", "avgpool2d"] {
            let result = try outputs(.small(kind, "forward", [input], sizes: sizes))[0]
            var expected = Grid([2, 3, 4, 4])
            for place in expected.places {
                let window = (0..<9).map { [place[0], place[1], 2 * place[2] + $0 / 3 - 1, 2 * place[3] + $0 % 3 - 1] }
                expected[place] =
                    kind == "maxpool2d"
                    ? window.filter(x.has).map { x[$0] }.max()!
                    : window.map { x[$0, default: 0] }.reduce(0, +) / 9
            }
            #expect(result.shape == expected.shape && areClose(result, expected))
        }
        // Every window gives its gradient away: to its maximum whole, in ninths to all, of which padding has some.
        let gradient = Input("gradient", [2, 3, 4, 4], low: 1, high: 1.0001, seed: 2)
        let ofMaxima = try outputs(.small("maxpool2d", "backward", [input, gradient], sizes: sizes))[0]
        #expect(ofMaxima.shape == input.shape && abs(ofMaxima.sum().item() - 96) < 0.02)
        let ofMeans = try outputs(.small("avgpool2d", "backward", [input, gradient], sizes: sizes))[0]
        #expect(ofMeans.shape == input.shape && abs(ofMeans[0, 0, 1, 1].item() - 4 / 9) < 1e-3)
    }

    @Test func interpolationKeepsMeansOfNeighboursAndTheSumOfGradients() throws {
        let input = Input("x", [1, 2, 3, 4], seed: 1)
        let result = try outputs(.small("bilinear", "forward", [input], sizes: ["scale": 2]))[0]
        let x = Grid(input)
        #expect(result.shape == [1, 2, 6, 8])
        #expect(abs(result[0, 1, 0, 0].item() - x[[0, 1, 0, 0]]) < 1e-6)
        // A quarter of the way from one pixel to the next, in both directions.
        let (near, right) = (
            x[[0, 0, 0, 1]] * 0.75 + x[[0, 0, 1, 1]] * 0.25, x[[0, 0, 0, 2]] * 0.75 + x[[0, 0, 1, 2]] * 0.25
        )
        #expect(abs(result[0, 0, 1, 3].item() - (near * 0.75 + right * 0.25)) < 1e-6)
        let gradient = Input("gradient", [1, 2, 6, 8], seed: 2)
        let found = try outputs(.small("bilinear", "backward", [input, gradient], sizes: ["scale": 2]))[0]
        #expect(found.shape == input.shape)
        #expect(abs(found.sum().item() - (try tensor(gradient)).sum().item()) < 1e-4)
    }

    @Test(arguments: ["batchnorm", "groupnorm"]) func normsOfImagesHaveMeanZeroAndVarianceOne(kind: String) throws {
        let shape = [4, 6, 5, 5]
        let inputs = [
            Input("x", shape, low: 1, high: 4, seed: 1), Input("weight", [6], low: 1, high: 1.000001, seed: 2),
            Input("bias", [6], low: 0, high: 1e-9, seed: 3), Input("gradient", shape, seed: 4),
        ]
        let sizes = kind == "groupnorm" ? ["groups": 3] : [:]
        let result = try outputs(.small(kind, "forward", Array(inputs.dropLast()), sizes: sizes))[0]
        func grouped(_ tensor: Tensor) -> Tensor {
            kind == "batchnorm"
                ? tensor.permuted([1, 0, 2, 3]).reshaped([6, -1]) : tensor.reshaped([12, -1])
        }
        let rows = grouped(result)
        #expect(rows.mean(axis: 1).abs().max().item() < 1e-5)
        #expect(((rows * rows).mean(axis: 1) - 1).abs().max().item() < 1e-3)
        let gradients = try outputs(.small(kind, "backward", inputs, sizes: sizes))
        #expect(gradients.map(\.shape) == [shape, [6], [6]])
        // Moving what is normalised as a whole changes nothing.
        #expect(grouped(gradients[0]).sum(axis: 1).abs().max().item() < 1e-4)
        #expect((gradients[2] - (try tensor(inputs[3])).sum(axes: [0, 2, 3])).abs().max().item() < 1e-4)
    }

    @Test(arguments: [false, true]) func attentionWeighsWhatIsSeen(isCausal: Bool) throws {
        let shape = [2, 3, 5, 4]
        var inputs = ["query", "key", "value"].enumerated().map { Input($1, shape, seed: UInt32($0 + 1)) }
        let mask = Input("mask", [2, 1, 5, 5], fill: .mask, low: 0, high: 2, seed: 4)
        if !isCausal { inputs.append(mask) }
        let sizes = ["causal": isCausal ? 1 : 0]
        let result = try outputs(.small("attention", "forward", inputs, sizes: sizes))[0]
        let (query, key, value) = (Grid(inputs[0]), Grid(inputs[1]), Grid(inputs[2]))
        let bits = mask.mask()
        var expected = Grid(shape)
        for place in expected.places {
            let (batch, head, row, column) = (place[0], place[1], place[2], place[3])
            var (sum, weights) = (0.0, 0.0)
            for other in 0..<5 where isCausal ? other <= row : bits[batch * 25 + row * 5 + other] == 1 {
                let score = (0..<4).reduce(0) { $0 + query[[batch, head, row, $1]] * key[[batch, head, other, $1]] }
                weights += exp(score / 2)
                sum += exp(score / 2) * value[[batch, head, other, column]]
            }
            expected[place] = weights > 0 ? sum / weights : 0
        }
        #expect(areClose(result, expected))
        let gradient = Input("gradient", shape, seed: 5)
        let gradients = try outputs(.small("attention", "backward", inputs + [gradient], sizes: sizes))
        #expect(gradients.map(\.shape) == [shape, shape, shape])
        // The result is linear in the values, and moving all keys by one vector changes nothing.
        let product = (result * (try tensor(gradient))).sum().item()
        #expect(abs((gradients[2] * (try tensor(inputs[2]))).sum().item() - product) < 1e-4)
        #expect(gradients[1].sum(axis: 2).abs().max().item() < 1e-5)
    }

    @Test(arguments: ["lstm", "gru"]) func recurrenceIsThatOfItsEquations(kind: String) throws {
        let (steps, batch, width) = (3, 2, 4)
        let gates = kind == "lstm" ? 4 : 3
        var inputs = [Input("x", [steps, batch, width], seed: 1)]
        for layer in 0..<2 {
            for source in ["ih", "hh"] {
                let seed = UInt32(inputs.count + 1)
                inputs.append(Input("weight_\(source)_l\(layer)", [gates * width, width], seed: seed))
            }
            for source in ["ih", "hh"] {
                inputs.append(Input("bias_\(source)_l\(layer)", [gates * width], seed: UInt32(inputs.count + 1)))
            }
        }
        let sizes = ["layers": 2, "width": width]
        let result = try outputs(.small(kind, "forward", inputs, sizes: sizes))[0]
        var x = Grid(inputs[0])
        for layer in 0..<2 {
            let weights = inputs[(1 + 4 * layer)..<(5 + 4 * layer)].map(Grid.init)
            x = kind == "lstm" ? longShortTermMemory(x, weights, width) : gatedRecurrentUnits(x, weights, width)
        }
        #expect(areClose(result, x))
        let gradient = Input("gradient", [steps, batch, width], seed: 99)
        let gradients = try outputs(.small(kind, "backward", inputs + [gradient], sizes: sizes))
        #expect(gradients.map(\.shape) == inputs.map(\.shape))
        // A small step of everything against its gradient's direction lessens <gradient, result> by as much as it says.
        let given = try tensor(gradient)
        let squares = gradients.map { ($0 * $0).sum().item() }.reduce(0, +)
        let step = 1e-3 / squares.squareRoot()
        let model = LSTM(width, width, numLayers: 2)
        let units = GRU(width, width, numLayers: 2)
        func value(moved by: Double) throws -> Double {
            let moved = try zip(inputs, gradients).map { try tensor($0) - $1 * by }
            let state = Dictionary(uniqueKeysWithValues: zip(inputs.dropFirst().map(\.name), moved.dropFirst()))
            if kind == "lstm" { try model.load(stateDict: state) } else { try units.load(stateDict: state) }
            let result = noGrad { kind == "lstm" ? model(moved[0]).output : units(moved[0]).output }
            return (result * given).sum().item()
        }
        let lost = (try value(moved: -step) - value(moved: step)) / (2 * step)
        #expect(abs(lost / squares - 1) < 0.02)
    }

    /// What each unit's sums over the input and over the state are, by gate, and nothing but the equations.
    private func sums(_ x: [Double], _ weight: Grid, _ bias: Grid) -> [Double] {
        (0..<bias.shape[0]).map { row in x.indices.reduce(bias[[row]]) { $0 + weight[[row, $1]] * x[$1] } }
    }

    private func longShortTermMemory(_ x: Grid, _ p: [Grid], _ width: Int) -> Grid {
        scanned(x) { x, state in
            let (a, b) = (sums(x, p[0], p[2]), sums(state.h, p[1], p[3]))
            func gate(_ number: Int, _ unit: Int) -> Double { a[number * width + unit] + b[number * width + unit] }
            for unit in 0..<width {
                let candidate = tanh(gate(2, unit))
                state.c[unit] = sigmoid(gate(1, unit)) * state.c[unit] + sigmoid(gate(0, unit)) * candidate
                state.h[unit] = sigmoid(gate(3, unit)) * tanh(state.c[unit])
            }
        }
    }

    private func gatedRecurrentUnits(_ x: Grid, _ p: [Grid], _ width: Int) -> Grid {
        scanned(x) { x, state in
            let (a, b) = (sums(x, p[0], p[2]), sums(state.h, p[1], p[3]))
            for unit in 0..<width {
                let (r, z, n) = (unit, width + unit, 2 * width + unit)
                let candidate = tanh(a[n] + sigmoid(a[r] + b[r]) * b[n])
                let keep = sigmoid(a[z] + b[z])
                state.h[unit] = (1 - keep) * candidate + keep * state.h[unit]
            }
        }
    }

    private func scanned(
        _ x: Grid,
        _ step: ([Double], inout (h: [Double], c: [Double])) -> Void
    ) -> Grid {
        var outputs = Grid(x.shape)
        let width = x.shape[2]
        for row in 0..<x.shape[1] {
            var state = (h: [Double](repeating: 0, count: width), c: [Double](repeating: 0, count: width))
            for time in 0..<x.shape[0] {
                step((0..<width).map { x[[time, row, $0]] }, &state)
                for unit in 0..<width { outputs[[time, row, unit]] = state.h[unit] }
            }
        }
        return outputs
    }

    private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    @Test(arguments: ["cnn", "resnet20"]) func networksLearnFromTheirInitialState(model: String) throws {
        var row = try catalogRow("train/\(model)")
        // A few images are enough.
        for index in 0..<2 { row.inputs[index].shape[0] = 4 }
        let workload = try makeWorkload(PreparedRow(row))
        let first = try workload.outputs().map { $0.array() }
        #expect(first.count == 3 + row.inputs.count - 2 && first[2][0] < first[0][0])
        for (parameter, input) in zip(first.dropFirst(3), row.inputs.dropFirst(2)) {
            #expect(parameter != input.floats(), "\(input.name) has changed")
        }
        _ = try workload.run(1)
        #expect(try workload.outputs().map { $0.array() } == first)
    }

    @Test func evaluationDoesNotLookAtTheOtherImages() throws {
        var row = try catalogRow("infer/resnet20/b1/callers1")
        let one = try outputs(row)[0].array()
        row.inputs[0].shape[0] = 3
        let three = try outputs(row)[0]
        #expect(three.shape == [3, 10])
        #expect(zip(three.array(), one).allSatisfy { abs($0 - $1) <= 1e-4 })
    }

    @Test func oneTokensLogitsAreThoseOfTheWholeText() throws {
        let model = Transformer()
        let tokens = Tensor([(0..<9).map { $0 * 37 % 256 }])
        let whole = noGrad { model(tokens) }
        var caches = [KeyValueCache](repeating: KeyValueCache(), count: 4)
        for position in 0..<9 {
            let logits = noGrad { model(tokens[0..., position..<(position + 1)], after: &caches) }
            #expect(logits.shape == [1, 256])
            #expect((logits - whole[0..., position]).abs().max().item() < 1e-4)
        }
        #expect(caches.allSatisfy { $0.count == 9 })
    }

    @Test func everyRequestForATokenStartsFromTheSameCache() throws {
        let workload = try makeWorkload(PreparedRow(try catalogRow("infer/gpt/token")))
        let first = try workload.outputs().map { $0.array() }
        _ = try workload.run(3)
        #expect(try workload.outputs().map { $0.array() } == first)
    }

    private func outputs(_ row: Row) throws -> [Tensor] { try makeWorkload(PreparedRow(row)).outputs() }

    private func tensor(_ input: Input) throws -> Tensor { Tensor(input.floats()).reshaped(input.shape) }

    private func areClose(_ a: Tensor, _ b: Grid) -> Bool {
        let elements = a.array()
        return elements.count == b.elements.count
            && zip(elements, b.elements).allSatisfy { abs(Double($0) - $1) <= 1e-5 }
    }
}

/// Numbers in a grid, for loops that say what they do.
private struct Grid {
    let shape: [Int]
    private(set) var elements: [Double]

    init(_ shape: [Int]) {
        self.shape = shape
        elements = [Double](repeating: 0, count: shape.reduce(1, *))
    }

    init(_ input: Input) {
        shape = input.shape
        elements = input.floats().map(Double.init)
    }

    /// All places, row by row.
    var places: [[Int]] {
        shape.reduce([[]]) { places, extent in places.flatMap { place in (0..<extent).map { place + [$0] } } }
    }

    func has(_ place: [Int]) -> Bool { zip(place, shape).allSatisfy { $0 >= 0 && $0 < $1 } }

    subscript(place: [Int]) -> Double {
        get { elements[index(place)] }
        set { elements[index(place)] = newValue }
    }

    subscript(place: [Int], default value: Double) -> Double { has(place) ? self[place] : value }

    private func index(_ place: [Int]) -> Int { zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 } }
}
