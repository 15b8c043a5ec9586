import HeadToHead
import Testing

@Suite("ProgressLine")
struct ProgressLineTests {
    @Test("a terminal sees one line that is redrawn, with the time that is left")
    func terminal() {
        var shown = ""
        var now = 0.0
        let line = ProgressLine(total: 4, isTerminal: true, clock: { now }, write: { shown += $0 })
        line.begin("matmul/1")
        now = 10
        line.end(samples[0])
        line.begin("matmul/2")
        #expect(!shown.contains("\n"))
        #expect(shown.contains("1/4  matmul/2  0:30 left"))
        line.end(samples[4])
        #expect(shown.contains("matmul/5: FAILED: torch and Weft disagree"))
    }

    @Test("what is wrong with a row is told once, though each pass finds it")
    func toldOnce() {
        var shown = ""
        let line = ProgressLine(total: 2, isTerminal: true, write: { shown += $0 })
        for _ in 0..<2 { line.end(samples[4]) }
        #expect(shown.split(separator: "\n").count == 1)
    }

    @Test("elsewhere each row is a plain line")
    func plain() {
        var shown = ""
        let line = ProgressLine(total: 2, isTerminal: false) { shown += $0 }
        line.begin("matmul/1")
        line.end(samples[0])
        line.end(samples[1])
        line.finish()
        #expect(
            shown
                == "[1/2] matmul/1: 1.00 ms; 1.25x against openblas\n[2/2] matmul/2: 2.00 ms; slower than torch: 0.83x\n"
        )
    }
}
