import BenchmarkRows
import HeadToHead
import Testing

@Suite("Selection")
struct SelectionTests {
    private let rows: [Row] = [
        .named("matmul/64", quick: true), .named("matmul/64/nt"), .named("matmul/64x512x10"),
        .named("tape/adds", quick: true),
        .named("reduce/sum"),
    ]

    private func names(_ only: [String], quick: Bool = false) throws -> [String] {
        try Selection.rows(of: rows, only: only, quick: quick).map(\.name)
    }

    @Test("without names all rows are selected, or all quick ones")
    func everything() throws {
        #expect(try names([]) == rows.map(\.name))
        #expect(try names([], quick: true) == ["matmul/64", "tape/adds"])
    }

    @Test("a name selects a group, a row, or the rows below it, in the catalog's order")
    func names() throws {
        #expect(try names(["tape", "matmul"]) == ["matmul/64", "matmul/64/nt", "matmul/64x512x10", "tape/adds"])
        #expect(try names(["matmul/64"]) == ["matmul/64", "matmul/64/nt"])
        #expect(try names(["matmul/64/nt", "matmul/64"]) == ["matmul/64", "matmul/64/nt"])
    }

    @Test("a quick run has other rows only where they are named in full")
    func quick() throws {
        #expect(try names(["matmul"], quick: true) == ["matmul/64"])
        #expect(try names(["matmul/64/nt"], quick: true) == ["matmul/64/nt"])
        #expect(throws: SelectionError.notQuick("reduce")) { try names(["reduce"], quick: true) }
    }

    @Test("an unknown name is an error that lists what there is near it")
    func unknown() {
        #expect(throws: SelectionError.unknown("matmull", known: ["matmul", "tape", "reduce"])) {
            try names(["matmull"])
        }
        #expect(throws: SelectionError.unknown("reduce/max", known: ["reduce/sum"])) { try names(["reduce/max"]) }
    }
}
