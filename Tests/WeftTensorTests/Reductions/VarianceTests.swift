import Testing

@testable import WeftTensor

@Suite("Variance and standard deviation")
struct VarianceTests {
    private static func variance(_ values: [Double], _ correction: Double) -> Double {
        let mean = values.reduce(0, +) / Double(values.count)
        return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(0, Double(values.count) - correction)
    }

    @Test(
        "Along any axes, however the elements lie",
        arguments: [[0], [1], [2], [0, 2], [1, 2], [0, 1, 2], []],
        Placement.allCases
    )
    func values(axes: [Int], placement: Placement) {
        let x = Reference.distinct([3, 4, 5], from: -6, to: 6)
        for correction in [0.0, 1, 1.5] where !axes.isEmpty || correction < 1 {
            for keepDims in [false, true] {
                let expected = x.reduced(axes, keepDims: keepDims) { Self.variance($0, correction) }
                let tensor = x.tensor(placement)
                let variance = tensor.variance(axes: axes, correction: correction, keepDims: keepDims)
                expect(variance, equals: expected, tolerance: 2e-6)
                let deviation = tensor.standardDeviation(axes: axes, correction: correction, keepDims: keepDims)
                expect(deviation, equals: expected.map { $0.squareRoot() }, tolerance: 2e-6)
            }
        }
    }

    @Test("Of all elements, unbiased by default")
    func all() {
        let x = Tensor([[1.0, 2.0], [3.0, 6.0]])
        #expect(abs(x.variance().item() - 14.0 / 3) < 1e-6)
        #expect(x.variance(correction: 0).item() == 3.5)
        #expect(abs(x.standardDeviation(axis: 1).array()[1] - 2.12132) < 1e-5)
    }

    @Test("Large tensors are reduced in parts, to the digits of a small one", arguments: [[0], [1], [0, 1]])
    func large(axes: [Int]) {
        let x = Tensor(uniform: [1200, 700], in: 100..<101, generator: RandomGenerator(seed: 5))
        let expected = Reference(x).reduced(axes, keepDims: false) { Self.variance($0, 1) }
        expect(x.variance(axes: axes), equals: expected, tolerance: 1e-6)
    }

    @Test("Too few elements have no variance")
    func tooFew() {
        #expect(Tensor([3.0]).variance().item().isNaN)
        #expect(Tensor(3.0).variance().item().isNaN)
        #expect(Tensor([1.0, 2.0]).variance(correction: 2).item() == .infinity)
        #expect(Tensor([1.0, 2.0]).variance(correction: 3).item() == .infinity)
        #expect(Tensor(zeros: [0]).variance().item().isNaN)
        #expect(Tensor(zeros: [2, 0]).variance(axis: 1).array().allSatisfy { $0.isNaN })
        #expect(Tensor(zeros: [0, 2]).variance(axis: 1).shape == [0])
        #expect(Tensor([1.0, .nan]).variance().item().isNaN)
        #expect(Tensor([1.0, .infinity]).variance().item().isNaN)
    }

    @Test("The gradient of a deviation of equal elements is 0")
    func equalElements() {
        let x = Tensor([2.0, 2.0, 2.0], requiresGrad: true)
        x.standardDeviation().backward()
        #expect(x.grad!.array() == [0, 0, 0])
    }

    @Test("Axes that are not there, or twice, are refused")
    func refusals() {
        expectRefusal("variance", "axis 2") { _ = Tensor(zeros: [2, 3]).variance(axis: 2) }
        expectRefusal("standardDeviation", "twice") { _ = Tensor(zeros: [2, 3]).standardDeviation(axes: [0, -2]) }
    }

    @Test("Of 16-bit elements about a mean that is not rounded, and rounded once", arguments: [1, 50_000])
    func halves(pairs: Int) {
        // The mean lies between two neighbours.
        for (dtype, low) in [(DType.float16, 2048.0), (.bfloat16, 256)] {
            let x = Tensor([[low, low + 2]], dtype: dtype).expanded(to: [pairs, 2]).contiguous()
            #expect(x.variance(correction: 0).dtype == dtype)
            #expect(x.variance(correction: 0).item() == 1)
            #expect(x.standardDeviation(correction: 0).item() == 1)
            #expect(x.variance(axis: 1).array() == [Float](repeating: 2, count: pairs))
        }
        let pair = Tensor([2048.0, 2050], dtype: .float16, requiresGrad: true)
        pair.variance().backward()
        #expect(pair.grad?.dtype == .float16)
        #expect(pair.grad?.array() == [-2, 2])
        // The square of 300 is beyond float16.
        #expect(Tensor([0.0, 600], dtype: .float16).standardDeviation(correction: 0).item() == 300)
    }

    @Test("Of huge and tiny elements nothing overflows or vanishes whose result does not", arguments: [1, 100, 30_000])
    func extremes(repeats: Int) {
        func row(_ unit: Double, _ dtype: DType = .float32) -> Tensor {
            (Tensor([[1.0, 2, 3, 4]], dtype: dtype) * unit).expanded(to: [repeats, 4])
        }
        let population = 1.25.squareRoot()
        for placed in [{ $0 }, { (x: Tensor) in x.contiguous() }, { (x: Tensor) in x.contiguous().T }]
            as [(Tensor) -> Tensor]
        {
            #expect(abs(placed(row(1e19)).variance(correction: 0).item() / 1.25e38 - 1) < 1e-5)
            for unit in [1e19, 1e30, 1e37, 1e-25, 1e-37] {
                let deviation = placed(row(unit)).standardDeviation(correction: 0).item(as: Double.self)
                #expect(abs(deviation / (population * unit) - 1) < 1e-5, "\(unit)")
            }
            for unit in [1e200, 1e-200, 1e307] {
                let deviation = placed(row(unit, .float64)).standardDeviation(correction: 0).item(as: Double.self)
                #expect(abs(deviation / (population * unit) - 1) < 1e-13, "\(unit)")
            }
        }
    }

    @Test("The deviation of huge elements has its gradient")
    func hugeGradient() {
        for unit in [1e19, 1e30, 1e-25] {
            let x = Tensor([1 * unit, 2 * unit, 3 * unit, 4 * unit], requiresGrad: true)
            let deviation = x.standardDeviation()
            #expect(abs(deviation.item(as: Double.self) / (1.2909944 * unit) - 1) < 1e-5)
            deviation.backward()
            // (x - mean) / (3 · deviation)
            for (value, exact) in zip(x.grad!.array(), [-0.38729835, -0.12909944, 0.12909944, 0.38729835]) {
                #expect(abs(Double(value) - exact) < 1e-5)
            }
        }
        #expect(abs(Tensor([1e19, 2e19, 3e19, 4e19]).variance().item() / 1.6666667e38 - 1) < 1e-5)
    }

    @Test(
        "Equal elements have no spread and no gradient, however they lie",
        arguments: [0.1, 12_345_679, 1e10, 3e38, 1e-40],
        [7, 10, 300]
    )
    func constants(value: Double, count: Int) {
        for dtype in [DType.float32, .float64, .float16, .bfloat16] where dtype != .float16 || value < 1e4 {
            let whole = Tensor(full: [count, 3], value, dtype: dtype)
            for x in [whole, whole.T.contiguous().T, whole[.ellipsis, 1..<2], whole[.ellipsis, 0]] {
                #expect(x.variance(axis: 0).array(of: Double.self).allSatisfy { $0 == 0 }, "\(dtype)")
                for createGraph in [false, true] {
                    let leaf = x.withRequiresGrad(true)
                    let loss = leaf.variance(axis: 0).sum() + leaf.standardDeviation(axis: 0).sum()
                    #expect(loss.item() == 0)
                    let gradient = grad(of: loss, withRespectTo: [leaf], createGraph: createGraph)[0]
                    #expect(gradient.array(of: Double.self).allSatisfy { $0 == 0 })
                }
            }
        }
    }

    @Test("Equal elements have no spread where they are reduced in parts either")
    func manyConstants() {
        let x = Tensor(full: [200_000], 0.1)
        #expect(x.variance().item() == 0)
        #expect(x.expanded(to: [2, 200_000]).standardDeviation().item() == 0)
    }

    @Test("Elements that differ by the last digit have their spread")
    func nearlyEqual() {
        // Nine equal ones, and one that is an ULP of float32 greater.
        var values = [Double](repeating: 1e10, count: 10)
        values[3] += 1024
        let exact = 1024.0 * 1024 / 10
        for x in [Tensor(values), Tensor([values, values]).T.contiguous().T[1]] {
            #expect(abs(x.variance().item(as: Double.self) / exact - 1) < 1e-6)
        }
    }
}
