import Testing
import WeftNN
import WeftTensor

@Suite struct LinearTests {
    /// A layer from 3 to 2 features with known parameters.
    private func layer(bias: Bool = true) -> Linear {
        let layer = Linear(3, 2, bias: bias)
        layer.weight.value = Tensor([[1.0, 2.0, 3.0], [-1.0, 0.5, 4.0]])
        layer.bias?.value = Tensor([10.0, 20.0])
        return layer
    }

    @Test func hasTheShapesOfPyTorch() {
        #expect(Linear(3, 2).weight.value.shape == [2, 3])
        #expect(Linear(3, 2).bias?.value.shape == [2])
        #expect(Linear(3, 2, bias: false).bias == nil)
    }

    @Test func mapsTheRowsOfAMatrix() {
        let output = layer()(Tensor([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]))
        #expect(output.shape == [2, 2])
        #expect(output.array() == [11, 19, 16, 23.5])
        #expect(output.gradFn == "addmm")
    }

    @Test func needsNoBias() {
        let output = layer(bias: false)(Tensor([[1.0, 0.0, 0.0], [1.0, 1.0, 1.0]]))
        #expect(output.array() == [1, -1, 6, 3.5])
    }

    @Test(arguments: [[3], [1, 3], [4, 3], [0, 3], [2, 4, 3], [2, 0, 3], [2, 1, 2, 3]], [true, false])
    func mapsTheLastAxisOfAnyShape(shape: [Int], bias: Bool) {
        let layer = layer(bias: bias)
        let input = Tensor(arange: 0..<shape.reduce(1, *)).to(.float32).reshaped(shape)
        let output = layer(input)
        #expect(output.shape == shape.dropLast() + [2])

        let weight = layer.weight.value.array()
        let offsets = layer.bias?.value.array() ?? [0, 0]
        let values = input.array()
        var expected: [Float] = []
        for row in stride(from: 0, to: values.count, by: 3) {
            for feature in 0..<2 {
                var sum = offsets[feature]
                for index in 0..<3 { sum += values[row + index] * weight[3 * feature + index] }
                expected.append(sum)
            }
        }
        #expect(output.array() == expected)
    }

    @Test func passesGradientsToItsInputAndParameters() {
        let layer = layer()
        let input = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requiresGrad: true)
        (layer(input) * Tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
        #expect(input.grad?.array() == [-1, 3, 11, -1, 8, 25])
        #expect(layer.weight.grad?.array() == [13, 17, 21, 18, 24, 30])
        #expect(layer.bias?.grad?.array() == [4, 6])
    }

    @Test(arguments: Activation.allCases, [[3], [4, 3], [2, 4, 3], [0, 3]])
    func activatesWithTheBitsOfALayerOfItsOwn(activation: Activation, shape: [Int]) {
        for hasBias in [true, false] {
            let plain = layer(bias: hasBias)
            let activated = Linear(3, 2, bias: hasBias, activation: activation)
            activated.weight.value = plain.weight.value
            if let bias = activated.bias { bias.value = plain.bias!.value }
            let input = withRandomSeed(3) { Tensor(normal: shape) }
            #expect(bits(activated(input)) == bits(plain(input).applying(activation, file: #fileID, line: #line)))
            #expect(activated(input).shape == plain(input).shape)
        }
    }

    @Test func activatesWhatIsOfAnotherDType() {
        let layer = layer()
        let input = Tensor([[-1.0, 0.0, 0.0], [-9.0, -9.0, 1.0]], dtype: .float64)
        let activated = Linear(3, 2, activation: .relu)
        activated.weight.value = layer.weight.value
        activated.bias!.value = layer.bias!.value
        #expect(activated(input).dtype == .float64)
        #expect(activated(input).to(.float32).array() == layer(input).relu().to(.float32).array())
    }

    @Test func drawsItsParametersWithinPyTorchsBounds() throws {
        let layer = withRandomSeed(7) { Linear(100, 500) }
        let bias = try #require(layer.bias)
        for parameter in [layer.weight, bias] {
            let values = parameter.value.array()
            #expect(values.allSatisfy { abs($0) <= 0.1 })
            // Even in their spread: a uniform distribution on ±0.1 has mean 0 and variance 0.01 / 3.
            let mean = values.reduce(0, +) / Float(values.count)
            let variance = values.reduce(0) { $0 + $1 * $1 } / Float(values.count)
            #expect(abs(mean) < 0.01)
            #expect(abs(variance - 0.01 / 3) < 0.0005)
        }
    }

    @Test func drawsTheSameForTheSameSeed() {
        let draw = { (seed: UInt64) in withRandomSeed(seed) { Linear(4, 4).stateDict.mapValues(bits) } }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
    }

    @Test func mayHaveNoFeatures() {
        #expect(Linear(0, 2)(Tensor(zeros: [3, 0])).array() == [0, 0, 0, 0, 0, 0])
        #expect(Linear(2, 0)(Tensor(zeros: [3, 2])).shape == [3, 0])
    }

    @Test func refusesAnotherNumberOfFeaturesAtTheCallersLine() {
        let layer = layer()
        var line: UInt = 0
        let error = refusal {
            line = #line + 1
            _ = layer(Tensor(zeros: [5, 4]))
        }
        #expect(error?.operation == "Linear")
        #expect(error?.message == "the last axis must have 3 features; the input has shape [5, 4]")
        #expect(error?.file?.hasSuffix("LinearTests.swift") == true)
        #expect(error?.line == line)
    }

    @Test func refusesAScalar() {
        #expect(refusal { _ = layer()(Tensor(1.0)) }?.operation == "Linear")
    }

    @Test func refusesANegativeNumberOfFeatures() {
        #expect(refusal { _ = Linear(-1, 2) }?.operation == "Linear")
    }
}
