import BenchmarkRows
import Foundation
import HeadToHead
import Testing

@Suite("ResultsFolder")
struct ResultsFolderTests {
    private let scratch: ScratchFolder
    private let folder: ResultsFolder

    init() throws {
        scratch = try ScratchFolder()
        folder = ResultsFolder(scratch.url.appendingPathComponent("results"))
    }

    private func run(_ date: String) -> Run {
        Run(date: date, commit: "abc", machine: .current(), settings: .full(threads: 2))
    }

    @Test("a run of some rows replaces these and keeps the others, with the runs that they come from")
    func merge() throws {
        let order = ["a/1", "a/2", "b/1"]
        try folder.merge([.named("b/1", date: "1"), .named("a/1", date: "1")], of: run("1"), order: order)
        try folder.merge([.named("a/2", date: "2"), .named("b/1", date: "2", weft: 5)], of: run("2"), order: order)
        #expect(try folder.rows().map(\.name) == order)
        #expect(try folder.rows().map(\.date) == ["1", "2", "2"])
        #expect(try folder.rows().last?.weftSeconds == 5)
        #expect(try folder.runs().map(\.date) == ["1", "2"])
        try folder.merge([.named("a/1", date: "3")], of: run("3"), order: order)
        #expect(try folder.runs().map(\.date) == ["2", "3"])
    }

    @Test("rows that the catalog no longer has go away")
    func forget() throws {
        try folder.merge([.named("old/1", date: "1")], of: run("1"), order: ["old/1"])
        try folder.merge([.named("a/1", date: "2")], of: run("2"), order: ["a/1"])
        #expect(try folder.rows().map(\.name) == ["a/1"])
    }

    @Test("the file is an array of objects with the keys that readers expect, null where nothing was measured")
    func shape() throws {
        var measured = Measured()
        measured.missing = "no layer"
        let missing = RowResult(.named("a/2"), measured, peers: [], oneThread: nil, threads: 2, date: "1")
        try folder.merge(
            [.named("a/1", weft: 0.5, ratio: ["torch": 2]), missing],
            of: run("1"),
            order: ["a/1", "a/2"]
        )
        let data = try Data(contentsOf: folder.folder.appendingPathComponent("head-to-head.json"))
        let rows = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        for row in rows {
            let keys = ["name", "group", "threads", "weft_seconds", "peers", "ratio", "spread", "limit"]
            #expect(Set(keys).subtracting(row.keys).isEmpty)
            let limit = try #require(row["limit"] as? [String: Any])
            #expect(limit["kind"] as? String == "overhead" && limit["fraction"] is NSNull)
        }
        #expect(rows[0]["weft_seconds"] as? Double == 0.5)
        #expect(rows[0]["peers"] as? [String: Double] == ["torch": 1])
        #expect(rows[0]["ratio"] as? [String: Double] == ["torch": 2])
        #expect(rows[1]["weft_seconds"] is NSNull && rows[1]["spread"] is NSNull)
        #expect(rows[1]["missing"] as? String == "no layer")
    }

    @Test("a file that cannot be read is an error, not an empty result")
    func broken() throws {
        try FileManager.default.createDirectory(at: folder.folder, withIntermediateDirectories: true)
        try Data("[{".utf8).write(to: folder.folder.appendingPathComponent("head-to-head.json"))
        #expect(throws: ResultsError.self) { try folder.rows() }
        #expect(throws: ResultsError.self) { try folder.merge([.named("a/1")], of: run("1"), order: ["a/1"]) }
    }
}
