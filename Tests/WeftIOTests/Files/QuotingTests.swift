import Testing

@testable import WeftIO

@Suite struct QuotingTests {
    @Test(arguments: [
        ("weight", #""weight""#),
        ("é字", #""é字""#),
        ("a\"\\b", #""a\"\\b""#),
        ("\u{1B}[2J\n", #""\u{1B}[2J\n""#),
        ("\u{202E}x", #""\u{202E}x""#),
    ])
    func showsWhatATerminalCanTake(text: String, shown: String) {
        #expect(quoted(text) == shown)
    }

    @Test func shortensLongText() {
        #expect(quoted(String(repeating: "a", count: 80)).contains("…") == false)
        #expect(quoted(String(repeating: "a", count: 81)) == "\"\(String(repeating: "a", count: 80))…\"")
    }
}
