import Testing

@testable import WeftTensor

@Suite("Random numbers")
struct RandomTests {
    @Test("The same seed gives the same numbers, another seed others")
    func seeds() {
        func draw(_ seed: UInt64) -> [[Float]] {
            withRandomSeed(seed) { [Tensor(uniform: [50]).array(), Tensor(normal: [50]).array()] }
        }
        #expect(draw(7) == draw(7))
        #expect(draw(7)[0] != draw(8)[0])
        #expect(draw(7)[1] != draw(8)[1])
        #expect(draw(7) != draw(7 + 1 << 32), "all bits of the seed count")
    }

    @Test("A generator of one's own goes on where it stopped, and is not disturbed by others")
    func generators() {
        let (a, b) = (RandomGenerator(seed: 5), RandomGenerator(seed: 5))
        let first = Tensor(uniform: [10], generator: a).array()
        _ = Tensor(uniform: [10])
        let second = Tensor(uniform: [10], generator: a).array()
        #expect(first != second)
        #expect(Tensor(uniform: [10], generator: b).array() == first)
        #expect(Tensor(uniform: [10], generator: b).array() == second)
        #expect(RandomGenerator(seed: 5).seed == 5)
    }

    @Test("Element i is the same whatever the shape")
    func shapes() {
        let flat = Tensor(normal: [100_000], generator: RandomGenerator(seed: 1)).array()
        let matrix = Tensor(normal: [250, 400], generator: RandomGenerator(seed: 1)).array()
        let short = Tensor(normal: [33], generator: RandomGenerator(seed: 1)).array()
        #expect(flat == matrix)
        #expect(Array(flat.prefix(33)) == short)
        #expect(Tensor(uniform: [0]).shape == [0])
        #expect(Tensor(uniform: []).shape == [])
    }

    @Test("A seed holds for its own task and children, and for nothing else")
    func tasks() async {
        let expected = withRandomSeed(11) { Tensor(uniform: [8]).array() }
        await withTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    withRandomSeed(11) {
                        let drawn = Tensor(uniform: [8]).array()
                        _ = withRandomSeed(3) { Tensor(uniform: [8]) }
                        return drawn
                    }
                }
                group.addTask { Tensor(uniform: [8]).array() }
            }
            let equal = await group.reduce(into: 0) { $0 += $1 == expected ? 1 : 0 }
            #expect(equal == 8)
        }
        let inherited = await withRandomSeed(11) { await Task { Tensor(uniform: [8]).array() }.value }
        #expect(inherited == expected)
        let (outer, after) = withRandomSeed(11) {
            let outer = Tensor(uniform: [8]).array()
            _ = withRandomSeed(4) { Tensor(uniform: [8]) }
            return (outer, Tensor(uniform: [8]).array())
        }
        #expect(outer == expected)
        let twice = withRandomSeed(11) { [Tensor(uniform: [8]).array(), Tensor(uniform: [8]).array()] }
        #expect(after == twice[1], "the inner seed took none of the outer's numbers")
    }

    @Test(
        "Uniform numbers have the moments of their distribution and stay in range",
        arguments: [0.0..<1.0, -3.0..<5.0, 1000.0..<1001.0]
    )
    func uniform(range: Range<Double>) {
        let values = Tensor(uniform: [200_000], in: range, generator: RandomGenerator(seed: 2)).array(of: Double.self)
        #expect(values.allSatisfy { range.contains($0) })
        let width = range.upperBound - range.lowerBound
        let mean = values.reduce(0, +) / 200_000
        #expect(abs(mean - (range.lowerBound + width / 2)) < 5 * width * (1.0 / 12 / 200_000).squareRoot())
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200_000
        #expect(abs(variance / (width * width / 12) - 1) < 0.01)
    }

    @Test("Normal numbers have the moments of their distribution", arguments: [(0.0, 1.0), (5.0, 0.5), (-2.0, 3.0)])
    func normal(mean: Double, deviation: Double) {
        let generator = RandomGenerator(seed: 6)
        let values = Tensor(normal: [200_000], mean: mean, standardDeviation: deviation, generator: generator)
            .array(of: Double.self).map { ($0 - mean) / deviation }
        #expect(values.allSatisfy { $0.isFinite })
        func moment(_ power: Int) -> Double {
            values.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * value } } / 200_000
        }
        #expect(abs(moment(1)) < 0.012)
        #expect(abs(moment(2) - 1) < 0.016)
        #expect(abs(moment(3)) < 0.045)
        #expect(abs(moment(4) - 3) < 0.12)
        #expect(values.contains { $0 > 3.5 } && values.contains { $0 < -3.5 }, "the tails are there")
        // Neighbours are independent.
        let correlation = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / 200_000
        #expect(abs(correlation) < 0.012)
    }

    @Test("A deviation of 0 gives the mean, a negative one is refused")
    func deviations() {
        #expect(Tensor(normal: [4], mean: 2.5, standardDeviation: 0).array() == [2.5, 2.5, 2.5, 2.5])
        expectRefusal("normal", "deviation -1.0 is negative") { _ = Tensor(normal: [2], standardDeviation: -1) }
        expectRefusal("uniform", "negative size") { _ = Tensor(uniform: [-2]) }
    }

    @Test("Random tensors can require gradients")
    func requiresGrad() {
        #expect(Tensor(uniform: [2], requiresGrad: true).requiresGrad)
        #expect(Tensor(normal: [2], requiresGrad: true).isLeaf)
        #expect(!Tensor(normal: [2]).requiresGrad)
    }

    @Test(
        "A dropout mask keeps the share that it should, scaled so that the mean stays 1",
        arguments: [0.0, 0.25, 0.9, 1.0]
    )
    func dropoutMask(probability: Double) {
        let mask = withRandomSeed(9) {
            Tensor.dropoutMask([100_000], dtype: .float32, probability: probability, at: nil).array(of: Double.self)
        }
        let kept = mask.filter { $0 != 0 }
        #expect(abs(Double(kept.count) / 100_000 - (1 - probability)) < 0.006)
        #expect(kept.allSatisfy { abs($0 - 1 / (1 - probability)) < 1e-5 })
        #expect(probability != 0 || kept.count == 100_000)
        #expect(probability != 1 || kept.isEmpty)
    }

    @Test("A range wider than the largest number is spread", arguments: [DType.float32, .float64, .bfloat16])
    func wideRange(dtype: DType) {
        let bound = dtype == .float64 ? 1e308 : 2e38
        let values = Tensor(uniform: [10_000], in: -bound..<bound, dtype: dtype, generator: RandomGenerator(seed: 2))
            .array(of: Double.self).map { $0 / bound }
        #expect(values.allSatisfy { abs($0) <= 1.01 })
        #expect(abs(values.reduce(0, +) / 10_000) < 0.03)
        #expect(abs(values.reduce(0) { $0 + $1 * $1 } / 10_000 - 1.0 / 3) < 0.02)
    }

    @Test("A generator's state is saved and restored")
    func state() {
        let generator = RandomGenerator(seed: 12)
        _ = Tensor(uniform: [3], generator: generator)
        let state = generator.state
        #expect(state == RandomGenerator.State(seed: 12, drawCount: 1))
        let expected = [Tensor(normal: [5], generator: generator), Tensor(uniform: [5], generator: generator)]
        let resumed = RandomGenerator(state: state)
        #expect(Tensor(normal: [5], generator: resumed).array() == expected[0].array())
        #expect(Tensor(uniform: [5], generator: resumed).array() == expected[1].array())
        generator.state = state
        #expect(Tensor(normal: [5], generator: generator).array() == expected[0].array())
    }

    @Test("A generator is one of Swift's, too")
    func swiftGenerator() {
        var (a, b) = (RandomGenerator(seed: 8), RandomGenerator(seed: 8))
        let numbers = (0..<5).map { _ in a.next() }
        #expect(numbers == (0..<5).map { _ in b.next() })
        #expect(Set(numbers).count == 5)
        #expect(a.state.drawCount == 5)
        var array = Array(0..<100)
        array.shuffle(using: &a)
        #expect(array != Array(0..<100) && array.sorted() == Array(0..<100))
        #expect(array == Array(0..<100).shuffled(using: &b))
        #expect((0..<10).contains(Int.random(in: 0..<10, using: &a)))
        // Half of all bits are set.
        let bits = (0..<1000).reduce(0) { sum, _ in sum + a.next().nonzeroBitCount }
        #expect(abs(bits - 32_000) < 700)
    }

    @Test("The seed of the process is set for those who draw from its generator alone")
    func processSeed() {
        // Other tests draw from that generator meanwhile: what the seed does is told from its state.
        manualSeed(1 << 40)
        #expect(RandomGenerator.shared.seed == 1 << 40)
        #expect(RandomGenerator.current === RandomGenerator.shared)
        let inner = withRandomSeed(5) {
            manualSeed(77)
            #expect(RandomGenerator.current !== RandomGenerator.shared)
            return Tensor(uniform: [4]).array()
        }
        #expect(inner == Tensor(uniform: [4], generator: RandomGenerator(seed: 5)).array())
        #expect(RandomGenerator.shared.seed == 77)
        let before = RandomGenerator.shared.state.drawCount
        _ = Tensor(uniform: [4])
        #expect(RandomGenerator.shared.state.drawCount > before)
    }
}
