import Testing

@testable import weft_cli

@Suite struct TextDrawingTests {
    @Test func wrapsAtSpaces() {
        let lines = TextDrawing.lines("one two three\n\nfour", width: 13)
        #expect(lines == ["  │ one two", "  │ three", "  │", "  │ four"])
    }

    @Test(arguments: 0...40)
    func losesNoCharacter(width: Int) {
        let text = "The weft crosses  the warp; incomprehensibilities follow "
        let lines = TextDrawing.lines(text, width: width)
        #expect(lines.allSatisfy { $0.count < max(width, 13) })
        let letters = { (text: String) in text.filter { $0.isLetter } }
        #expect(letters(lines.joined()) == letters(text))
    }

    @Test func showsWhatWouldMoveTheCursor() {
        #expect(TextDrawing.lines("a\u{1b}[2Jb\r\u{7f}", width: 80) == ["  │ a·[2Jb··"])
    }
}
