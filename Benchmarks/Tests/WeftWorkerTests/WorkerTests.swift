import BenchmarkRows
import Foundation
import Testing
import weft_worker

@Suite struct WorkerTests {
    @Test func helloIsAnsweredWithWhatIsMeasured() {
        var worker = Worker()
        let versions = worker.answer(Data(#"{"action": "hello"}"#.utf8)).versions
        #expect(versions?.keys.sorted() == ["isa", "lanes", "swift", "weft"])
    }

    @Test(arguments: [
        "", "nonsense", "{}", #"{"action": "dance"}"#, #"{"action": "prepare"}"#, #"{"action": "check"}"#,
        #"{"action": "run"}"#, #"{"action": "run", "iterations": 0}"#, #"{"action": "run", "iterations": 1}"#,
        #"{"action": "check", "folder": "/tmp"}"#, #"{"action": "measure", "limit": "patience"}"#,
    ])
    func whatMakesNoSenseIsAnErrorAndTheWorkerLivesOn(request: String) throws {
        var worker = Worker()
        #expect(worker.answer(Data(request.utf8)).error != nil)
        #expect(worker.answer(try prepare(.matmul)).error == nil)
        #expect(try #require(worker.answer(try run(2)).seconds) > 0)
    }

    @Test func aRowThatMakesNoSenseIsAnError() throws {
        var worker = Worker()
        var unknown = Row.matmul
        unknown.operation = "nu"
        #expect(worker.answer(try prepare(unknown)).error?.contains("nu") == true)
        var incomplete = Row.matmul
        incomplete.inputs.removeLast()
        #expect(worker.answer(try prepare(incomplete)).error?.contains("needs the input b") == true)
        var enormous = Row.matmul
        enormous.inputs[0].shape = [.max, .max]
        #expect(worker.answer(try prepare(enormous)).error?.contains("memory") == true)
    }

    @Test func aMistakeThatShowsOnlyInTheOperationIsAnErrorOfCheckAndOfRun() throws {
        var worker = Worker()
        var ragged = Row.matmul
        ragged.inputs[1].shape = [5, 2]
        #expect(worker.answer(try prepare(ragged)).error == nil)
        #expect(worker.answer(try run(1)).error?.contains("cannot be multiplied") == true)
        var check = Request(.check)
        check.folder = "/tmp"
        #expect(worker.answer(try JSONEncoder().encode(check)).error?.contains("cannot be multiplied") == true)
    }

    @Test func checkedOutputsLieInFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-worker-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var worker = Worker()
        #expect(worker.answer(try prepare(.argmax)).error == nil)
        var check = Request(.check)
        check.folder = folder.path
        let output = try #require(worker.answer(try JSONEncoder().encode(check)).outputs?.first)
        #expect(output.dtype == "int64" && output.shape == [3])
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: output.file)))
        let indices = (0..<3).map { row in bytes[(8 * row)..<(8 * row + 8)].reversed().reduce(0) { $0 << 8 | Int($1) } }
        let floats = Row.argmax.inputs[0].floats()
        let expected = (0..<3).map { row in
            let elements = floats[(4 * row)..<(4 * row + 4)]
            return elements.firstIndex(of: elements.max()!)! - 4 * row
        }
        #expect(indices == expected)
    }

    @Test func aDroppedRowIsForgotten() throws {
        var worker = Worker()
        #expect(worker.answer(try prepare(.matmul)).error == nil)
        #expect(worker.answer(try JSONEncoder().encode(Request(.drop))).error == nil)
        #expect(worker.answer(try run(1)).error == "no row is prepared")
    }

    private func prepare(_ row: Row) throws -> Data {
        var request = Request(.prepare)
        request.row = row
        return try JSONEncoder().encode(request)
    }

    private func run(_ iterations: Int) throws -> Data {
        var request = Request(.run)
        request.iterations = iterations
        return try JSONEncoder().encode(request)
    }
}
