import Testing
import WeftNN
import WeftTensor

@Suite struct DropoutTests {
    private let input = Tensor(full: [100, 100], 3.0)

    @Test func leavesTheInputAloneInEvaluation() {
        let output = withMode(.evaluation) { Dropout(0.5)(input) }
        #expect(bits(output) == bits(input))
    }

    @Test(arguments: [0.1, 0.25, 0.5, 0.9]) func dropsAndScalesInTraining(probability: Double) {
        let output = withRandomSeed(1) { Dropout(probability)(input) }.array()
        let kept = output.filter { $0 != 0 }
        let scaled = Float(3 / (1 - probability))
        #expect(kept.allSatisfy { abs($0 - scaled) <= 1e-6 * scaled })
        // Five standard deviations of a binomial count.
        let expected = 10_000 * (1 - probability)
        #expect(abs(Double(kept.count) - expected) < 5 * (expected * probability).squareRoot())
    }

    @Test func dropsNothingOrEverythingAtTheEnds() {
        #expect(bits(Dropout(0)(input)) == bits(input))
        #expect(Dropout(1)(input).array().allSatisfy { $0 == 0 })
    }

    @Test func dropsAnewEachTimeAndAgainForTheSameSeed() {
        let layer = Dropout(0.5)
        let twice = withRandomSeed(1) { (bits(layer(input)), bits(layer(input))) }
        #expect(twice.0 != twice.1)
        #expect(withRandomSeed(1) { bits(layer(input)) } == twice.0)
    }

    @Test func passesGradientsWhereItKeptElements() {
        let input = Tensor(ones: [1000], requiresGrad: true)
        let output = withRandomSeed(1) { Dropout(0.5)(input) }
        output.sum().backward()
        #expect(input.grad?.array() == output.array())
    }

    @Test(arguments: [-0.1, 1.1, .nan]) func refusesWhatIsNoProbability(probability: Double) {
        #expect(refusal { _ = Dropout(probability) }?.operation == "Dropout")
    }
}
