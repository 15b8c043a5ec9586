import Foundation
import Testing
import Weft

@testable import weft_cli

@Suite struct DigitsTrainingTests {
    @Test func theLearningRateFallsToZero() throws {
        let dataset = DigitDataset(images: Tensor(zeros: [20, 64]), labels: Tensor(Array(repeating: 0, count: 20)))
        let settings = DigitsTraining.Settings(epochs: 2, batchSize: 4, learningRate: 0.5)
        let training = DigitsTraining(split: try DigitsSplit(dataset), settings: settings)
        let rates = (0...8).map(training.learningRate)
        #expect(rates.first == 0.5)
        #expect(abs(rates[4] - 0.25) < 1e-12)
        #expect(abs(rates[8]) < 1e-12)
        #expect(zip(rates, rates.dropFirst()).allSatisfy { $0 > $1 })
    }
}
