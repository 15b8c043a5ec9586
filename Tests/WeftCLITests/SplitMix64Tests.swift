import Testing

@testable import weft_cli

@Suite struct SplitMix64Tests {
    /// The first words for seed 0, as the generator's reference implementation gives them.
    @Test func givesTheReferenceWords() {
        var generator = SplitMix64(seed: 0)
        #expect(generator.next() == 0xe220_a839_7b1d_cdaf)
        #expect(generator.next() == 0x6e78_9e6a_a1b9_65f4)
        #expect(generator.next() == 0x06c4_5d18_8009_454f)
    }

    /// Recorded once: a change here changes the split, and with it every accuracy ever reported.
    @Test func permutationsStayAsTheyAre() {
        var generator = SplitMix64(seed: 0)
        #expect(generator.permutation(count: 10) == [4, 9, 2, 5, 1, 7, 6, 0, 3, 8])
    }

    @Test(arguments: [0, 1, 2, 97])
    func aPermutationHoldsEveryNumberOnce(count: Int) {
        var generator = SplitMix64(seed: 42)
        #expect(generator.permutation(count: count).sorted() == Array(0..<count))
    }

    @Test func drawsStayBelowTheirBound() {
        var generator = SplitMix64(seed: 7)
        let draws = (0..<1000).map { _ in generator.next(below: 3) }
        #expect(Set(draws) == [0, 1, 2])
    }
}
