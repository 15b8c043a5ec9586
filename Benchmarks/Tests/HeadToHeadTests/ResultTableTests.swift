import HeadToHead
import Testing

@Suite("ResultTable")
struct ResultTableTests {
    @Test("the table has a column for each peer that was measured, and says in words who was faster")
    func text() {
        let lines = ResultTable(samples).text.split(separator: "\n").map(String.init)
        #expect(lines.count == 6)
        #expect(lines[0].contains("torch  openblas  best peer"))
        #expect(!lines[0].contains("jax"))
        #expect(lines[1].contains("1.00 ms  2.50x     1.25x  openblas"))
        #expect(lines[2].hasSuffix("slower than torch: 0.83x"))
        #expect(lines[4].hasSuffix("missing: no <LSTM> yet"))
    }

    @Test("in Markdown every line has as many cells as the titles")
    func markdown() {
        let table = ResultTable(samples)
        let lines = table.markdown.split(separator: "\n")
        #expect(lines.count == 7)
        for line in lines {
            #expect(line.split(separator: " | ", omittingEmptySubsequences: false).count == table.titles.count)
        }
    }
}
