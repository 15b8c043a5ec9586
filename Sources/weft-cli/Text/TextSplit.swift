/// A text as numbers, cut into what a model learns from and what it is judged by.
struct TextSplit: Sendable {
    let alphabet: TextAlphabet
    /// The text but for its last tenth.
    let training: [Int32]
    /// The last tenth.
    let validation: [Int32]

    /// - Throws: `CommandFailure` if the text is too short for pieces of `context` characters.
    init(_ text: String.UnicodeScalarView, context: Int) throws(CommandFailure) {
        let count = text.count
        guard count >= Self.shortest(context: context) else {
            throw .badData(
                "the text has only \(grouped(count)) characters; with a context of \(grouped(context)) it takes "
                    + "at least \(grouped(Self.shortest(context: context)))"
            )
        }
        alphabet = TextAlphabet(of: text)
        let numbers = alphabet.numbers(ofKnown: text)
        let validationCount = Self.validationCount(of: count)
        training = Array(numbers.dropLast(validationCount))
        validation = Array(numbers.suffix(validationCount))
    }

    /// The length of the shortest text of which both parts hold a piece: in training `context` characters and the one
    /// that follows, in validation at least one and the one that follows.
    static func shortest(context: Int) -> Int {
        var count = max(20, context + 1 + context / 9)
        while count - validationCount(of: count) < context + 1 { count += 1 }
        return count
    }

    private static func validationCount(of count: Int) -> Int { count / 10 }
}
