import Testing

@testable import weft_cli

@Suite struct TextSplitTests {
    private static func text(_ count: Int) -> String.UnicodeScalarView {
        String((0..<count).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) }).unicodeScalars
    }

    @Test func keepsTheLastTenthForValidation() throws {
        let split = try TextSplit(Self.text(257), context: 8)
        #expect(split.training.count == 232)
        #expect(split.validation.count == 25)
        #expect(split.alphabet.text(split.training + split.validation) == String(Self.text(257)))
    }

    @Test(arguments: [1, 2, 8, 17, 18, 19, 96, 1000])
    func takesTheShortestTextThatHoldsAPiece(context: Int) throws {
        let shortest = TextSplit.shortest(context: context)
        let split = try TextSplit(Self.text(shortest), context: context)
        #expect(split.training.count >= context + 1)
        #expect(split.validation.count >= 2)
        let failure = #expect(throws: CommandFailure.self) {
            try TextSplit(Self.text(shortest - 1), context: context)
        }
        #expect(failure?.description.contains("at least \(grouped(shortest))") == true)
        #expect(failure?.exitStatus == 65)
    }
}
