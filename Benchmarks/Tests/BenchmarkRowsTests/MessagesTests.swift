import BenchmarkRows
import Foundation
import Testing

@Suite struct MessagesTests {
    @Test(arguments: Catalog.rows) func aRowSurvivesTheWayToAWorker(row: Row) throws {
        var request = Request(.prepare)
        request.row = row
        request.threads = 2
        let line = try JSONEncoder().encode(request)
        #expect(!line.contains(UInt8(ascii: "\n")))
        let received = try JSONDecoder().decode(Request.self, from: line)
        #expect(received.action == .prepare && received.threads == 2)
        let copy = try #require(received.row)
        // Doubles included, which must not lose a bit.
        #expect(try sorted(copy) == sorted(row))
        for (input, original) in zip(copy.inputs, row.inputs) {
            #expect(input.low == original.low && input.high == original.high && input.seed == original.seed)
        }
    }

    @Test func anAnswerLeavesOutWhatIsNotSet() throws {
        var answer = Answer()
        answer.seconds = 0.5
        #expect(try String(decoding: JSONEncoder().encode(answer), as: UTF8.self) == #"{"seconds":0.5}"#)
    }

    private func sorted(_ row: Row) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(row)
    }
}
