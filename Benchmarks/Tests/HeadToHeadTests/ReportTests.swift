import HeadToHead
import Testing

@Suite("Report")
struct ReportTests {
    private let run = Run(
        date: "then",
        commit: "abc",
        machine: .current(),
        settings: .full(threads: 2),
        absent: ["jax": "not installed"],
        limits: ["multiply-add": 2e11]
    )

    @Test("only the section between the marks changes, and writing it twice changes nothing")
    func update() throws {
        let page = "before\n\n\(Report.begin)\nold\n\(Report.end)\n\nafter\n"
        let updated = try Report.update(page, rows: samples, runs: [run], pictures: "pictures")
        #expect(updated.hasPrefix("before\n\n\(Report.begin)") && updated.hasSuffix("\(Report.end)\n\nafter\n"))
        #expect(!updated.contains("old\n"))
        #expect(updated.contains("- `matmul/2`: slower than torch: 0.83x"))
        #expect(updated.contains("(pictures/matmul.svg)"))
        #expect(updated.contains("jax (not installed)"))
        #expect(updated.contains("multiply-add 200 GFLOP/s"))
        #expect(try Report.update(updated, rows: samples, runs: [run], pictures: "pictures") == updated)
    }

    @Test("how many rounds were disturbed is told, if any were")
    func rounds() throws {
        let page = "\(Report.begin)\n\(Report.end)"
        var row = samples[0]
        row.rounds = RowResult.Rounds(quiet: 15, disturbed: 0)
        #expect(!(try Report.update(page, rows: [row], runs: [run], pictures: "").contains("disturbed")))
        row.rounds = RowResult.Rounds(quiet: 15, disturbed: 5)
        let updated = try Report.update(page, rows: [row, row], runs: [run], pictures: "")
        #expect(updated.contains("10 of 40 rounds were disturbed."))
    }

    @Test("a page without marks and an empty result are errors")
    func errors() {
        #expect(throws: ResultsError.self) { try Report.update("page", rows: samples, runs: [run], pictures: "") }
        #expect(throws: ResultsError.self) {
            try Report.update("\(Report.begin)\n\(Report.end)", rows: [], runs: [run], pictures: "")
        }
    }
}
