import Testing

@testable import weft_cli

@Suite struct TextAlphabetTests {
    @Test func numbersCharactersInOrder() throws {
        let alphabet = TextAlphabet(of: "banana\n".unicodeScalars)
        #expect(alphabet.characters == ["\n", "a", "b", "n"])
        #expect(try alphabet.numbers(of: "ban") == [2, 1, 3])
        #expect(alphabet.text([2, 1, 3]) == "ban")
        #expect(alphabet.opening == 0)
    }

    /// A line's end of two characters, an emoji of three, both spellings of an umlaut, and the end of Unicode.
    @Test func takesTextApartIntoScalarsAndPutsItTogetherAgain() throws {
        let text = "a\r\n\u{0}👩‍🌾\u{FC} u\u{308}\u{10FFFF}\u{FEFF}"
        let alphabet = TextAlphabet(of: text.unicodeScalars)
        #expect(alphabet.count == 13)
        let numbers = try alphabet.numbers(of: text)
        #expect(numbers.count == text.unicodeScalars.count)
        #expect(Array(alphabet.text(numbers).utf8) == Array(text.utf8))
        #expect(TextAlphabet(alphabet.description) == alphabet)
    }

    @Test(arguments: ["", "ba", "aa", "abb"])
    func aDescriptionSaysEachCharacterOnceAndInOrder(description: String) {
        #expect(TextAlphabet(description) == nil)
    }

    @Test func namesWhatThePromptHasThatTheTextHasNot() {
        let alphabet = TextAlphabet(of: "abc".unicodeScalars)
        let failure = #expect(throws: CommandFailure.self) { try alphabet.numbers(of: "abßcä\n") }
        #expect(failure?.exitStatus == 64)
        for name in ["\"ß\"", "\"ä\"", "\"\\n\""] { #expect(failure?.description.contains(name) == true) }
        #expect(failure?.description.contains("\"a\"") == false)
    }

    @Test func aTextBeginsAfterALineOrAWord() {
        #expect(TextAlphabet(of: "ab c".unicodeScalars).opening == 0)
        #expect(TextAlphabet(of: "\u{1}a b".unicodeScalars).opening == 1)
        #expect(TextAlphabet(of: "xyz".unicodeScalars).opening == 0)
    }
}
