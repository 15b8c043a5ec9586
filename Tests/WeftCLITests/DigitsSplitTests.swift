import Testing
import Weft

@testable import weft_cli

@Suite struct DigitsSplitTests {
    @Test func takesFourFifthsForTraining() {
        let (training, test) = DigitsSplit.rows(count: 1797)
        #expect(training.count == 1437)
        #expect(test.count == 360)
        #expect((training + test).sorted() == Array(0..<1797))
    }

    @Test func isTheSameEachTime() {
        #expect(DigitsSplit.rows(count: 100) == DigitsSplit.rows(count: 100))
    }

    @Test func refusesFewerThanTwoDigits() {
        let one = DigitDataset(images: Tensor(zeros: [1, 64]), labels: Tensor([3]))
        #expect(throws: CommandFailure.self) { try DigitsSplit(one) }
    }

    @Test func standardisesToZeroMeanAndUnitVariance() {
        let images = Tensor([[0.0, 0.5], [1.0, 0.5]])
        let standardised = Standardisation(fitting: images)(images)
        #expect(abs(standardised.mean().item()) < 1e-6)
        #expect(abs(standardised.square().mean().item() - 1) < 1e-5)
    }

    @Test func leavesBlankImagesAtZero() {
        let images = Tensor(ones: [3, 64])
        #expect(Standardisation(fitting: images)(images).abs().max().item() == 0)
    }
}
