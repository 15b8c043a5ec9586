import Testing

@testable import WeftTensor

@Suite("Random integers, orders and choices")
struct RandomOrderTests {
    @Test("Integers cover their range evenly, whatever its width")
    func integers() {
        let generator = RandomGenerator(seed: 1)
        let values = Tensor(randomIntegers: -2..<8, shape: [100, 1000], generator: generator)
        #expect(values.shape == [100, 1000])
        #expect(values.dtype == .int64)
        var counts = [Int](repeating: 0, count: 10)
        for value in values.array(of: Int.self) { counts[value + 2] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
        #expect(Tensor(randomIntegers: 5..<6, shape: [3]).array(of: Int.self) == [5, 5, 5])
        let wide = Tensor(randomIntegers: Int.min..<Int.max, shape: [1000], generator: generator).array(of: Int.self)
        #expect(wide.contains { $0 < Int.min / 2 } && wide.contains { $0 > Int.max / 2 })
        #expect(Tensor(randomIntegers: 0..<9, shape: [0]).shape == [0])
        expectRefusal("randomIntegers", "the range 3..<3 has no integers") {
            _ = Tensor(randomIntegers: 3..<3, shape: [2])
        }
        expectRefusal("randomIntegers", "negative size") { _ = Tensor(randomIntegers: 0..<3, shape: [-2]) }
    }

    @Test("A permutation has every number once, and each place is as likely for each")
    func permutations() {
        let generator = RandomGenerator(seed: 2)
        #expect(Tensor(permutation: 1000, generator: generator).array(of: Int.self).sorted() == Array(0..<1000))
        var counts = [Int](repeating: 0, count: 24)
        for _ in 0..<4800 {
            let order = Tensor(permutation: 4, generator: generator).array(of: Int.self)
            counts[order[0] * 6 + order[1..<4].filter { $0 < order[1] }.count * 2 + (order[2] < order[3] ? 0 : 1)] += 1
        }
        #expect(counts.allSatisfy { abs($0 - 200) < 75 }, "\(counts)")
        #expect(Tensor(permutation: 0).shape == [0])
        expectRefusal("permutation", "negative size") { _ = Tensor(permutation: -1) }
    }

    @Test("Shuffling moves whole slices, and gradients find their way back")
    func shuffling() {
        let x = Tensor(arange: 0..<20).to(.float32).reshaped([10, 2]).withRequiresGrad()
        let order = Tensor(permutation: 10, generator: RandomGenerator(seed: 3)).array(of: Int.self)
        let shuffled = x.shuffled(using: RandomGenerator(seed: 3))
        #expect(shuffled.array() == order.flatMap { [Float(2 * $0), Float(2 * $0 + 1)] })
        (shuffled * shuffled).sum().backward()
        #expect(x.grad!.array() == x.array().map { 2 * $0 })
        #expect(x.shuffled(axis: 1).shape == [10, 2])
        #expect(withRandomSeed(3) { x.shuffled() }.array() == shuffled.array())
        expectRefusal("shuffled", "scalar") { _ = Tensor(1.0).shuffled() }
        expectRefusal("shuffled", "axis 2") { _ = x.shuffled(axis: 2) }
    }

    @Test("With replacement, choices have the shares of the weights")
    func withReplacement() {
        let weights = Tensor([[0.0, 1.0, 0.0, 3.0], [2.0, 2.0, 4.0, 0.0]])
        let chosen = weights.multinomial(20_000, replacement: true, generator: RandomGenerator(seed: 4))
        #expect(chosen.shape == [2, 20_000])
        #expect(chosen.dtype == .int64)
        for (row, shares) in [[0, 0.25, 0, 0.75], [0.25, 0.25, 0.5, 0]].enumerated() {
            let places = chosen[row].array(of: Int.self)
            for (place, share) in shares.enumerated() {
                let found = Double(places.count { $0 == place }) / 20_000
                #expect(share == 0 ? found == 0 : abs(found - share) < 0.015, "\(row) \(place) \(found)")
            }
        }
        #expect(Tensor([1.0, 2.0]).multinomial(5, replacement: true).shape == [5])
    }

    @Test("Without replacement, no place comes twice, and the first choice has the shares of the weights")
    func withoutReplacement() {
        let generator = RandomGenerator(seed: 5)
        let weights = Tensor([0.1, 0.0, 0.6, 0.3])
        #expect(weights.multinomial(3, generator: generator).array(of: Int.self).sorted() == [0, 2, 3])
        let rows = weights.expanded(to: [20_000, 4]).multinomial(2, generator: generator)
        let (first, second) = (rows[0..., 0].array(of: Int.self), rows[0..., 1].array(of: Int.self))
        #expect(zip(first, second).allSatisfy { $0 != $1 && $0 != 1 && $1 != 1 })
        func share(_ place: Int, _ places: [Int]) -> Double { Double(places.count { $0 == place }) / 20_000 }
        #expect(abs(share(2, first) - 0.6) < 0.015)
        #expect(abs(share(3, first) - 0.3) < 0.015)
        // 0.1 * 0.6 / 0.9 + 0.3 * 0.6 / 0.7
        #expect(abs(share(2, second) - 0.3238) < 0.015)
    }

    @Test("Weights that are no distribution are refused, as in PyTorch")
    func weightRefusals() {
        func refuse(_ message: String, _ weights: Tensor, _ count: Int = 1, replacement: Bool = true) {
            expectRefusal("multinomial", message) { _ = weights.multinomial(count, replacement: replacement) }
        }
        refuse("finite and not negative, but there is -1.0", Tensor([1.0, -1.0]))
        refuse("finite and not negative, but there is inf", Tensor([1.0, .infinity]))
        refuse("finite and not negative, but there is nan", Tensor([1.0, .nan]))
        refuse("positive, finite sum", Tensor([[1.0, 1.0], [0.0, 0.0]]))
        refuse("not int64 of shape [2]", Tensor([1, 2]))
        refuse("of shape []", Tensor(1.0))
        refuse("at least one place", Tensor([1.0]), 0)
        refuse("no places", Tensor(zeros: [2, 0]))
        refuse("3 different places cannot be chosen of 2", Tensor([1.0, 1.0]), 3, replacement: false)
        refuse("only 1 weights are positive", Tensor([1.0, 0.0]), 2, replacement: false)
        #expect(Tensor(zeros: [0, 3]).multinomial(2).shape == [0, 2])
        var shape: [Int] = []
        _ = try? withTensorErrors {
            shape = Tensor([[1.0, -1.0]]).multinomial(4).shape
        }
        #expect(shape == [1, 4])
    }
}
