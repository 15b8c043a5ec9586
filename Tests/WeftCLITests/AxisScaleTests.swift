import Testing

@testable import weft_cli

@Suite struct AxisScaleTests {
    @Test func endsAtRoundNumbers() {
        let axis = AxisScale(containing: [0.07, 1.83])
        #expect(axis.lowerBound == 0)
        #expect(axis.upperBound == 2)
        #expect(axis.ticks == [0, 0.5, 1, 1.5, 2])
        #expect(axis.fractionDigits == 1)
    }

    @Test func stopsAtItsLimit() {
        let axis = AxisScale(containing: [0.71, 0.99], limit: 1)
        #expect(axis.upperBound == 1)
        #expect(axis.lowerBound <= 0.71)
    }

    @Test func countsInWholeSteps() {
        #expect(AxisScale(containing: [0, 3], maximumTicks: 8, smallestStep: 1).ticks == [0, 1, 2, 3])
    }

    @Test(
        arguments: [[], [0], [1], [0.5, 0.5], [1e-12, 2e-12], [-3, 7], [1e9, 1e9 + 1], [0, 1_000_000]] as [[Double]]
    )
    func holdsWhateverItIsGiven(values: [Double]) {
        let axis = AxisScale(containing: values)
        #expect(axis.lowerBound < axis.upperBound)
        #expect((2...16).contains(axis.ticks.count))
        for value in values {
            #expect((-1e-6...1 + 1e-6).contains(axis.position(of: value)))
        }
    }
}
