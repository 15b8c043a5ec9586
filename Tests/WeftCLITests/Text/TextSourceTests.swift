import Foundation
import Testing

@testable import weft_cli

@Suite final class TextSourceTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weft-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func read(_ bytes: [UInt8]) throws -> String {
        let file = folder.appendingPathComponent("text")
        try Data(bytes).write(to: file)
        return String(try TextSource.read(file.path))
    }

    @Test func readsAnyUTF8() throws {
        let text = "Zwölf Boxkämpfer\r\njagen 👩‍🌾\u{0}"
        #expect(try read(Array(text.utf8)) == text)
    }

    @Test func leavesAByteOrderMarkAside() throws {
        #expect(try read([0xEF, 0xBB, 0xBF] + Array("abc".utf8)).unicodeScalars.count == 3)
    }

    @Test(arguments: [
        (Array("ab\nc".utf8) + [0xFF] + Array("d".utf8), "line 2: the text is not UTF-8 from byte 4 on"),
        ([0xFF, 0xFE, 0x61, 0x00], "line 1: the text is not UTF-8 from byte 0 on"),
        (Array("é".utf8.dropLast()), "line 1: the text is not UTF-8 from byte 0 on"),
        ([0xED, 0xA0, 0x80], "line 1: the text is not UTF-8 from byte 0 on"),
        ([], "the file is empty"), ([0xEF, 0xBB, 0xBF], "the file is empty"),
        ([0x1F, 0x8B, 0x08], "the gzip file is refused"),
    ])
    func saysWhereAFileIsNoText(bytes: [UInt8], message: String) {
        let failure = #expect(throws: CommandFailure.self) { try self.read(bytes) }
        #expect(failure?.exitStatus == 65)
        #expect(failure?.description.contains(message) == true, "\(failure?.description ?? "")")
    }

    @Test func namesAMissingFile() {
        let failure = #expect(throws: CommandFailure.self) { try TextSource.read("/nowhere/text") }
        #expect(failure?.description.contains("/nowhere/text") == true)
    }

    @Test func comesWithTales() throws {
        let tales = try TextSource.read(nil)
        #expect((300_000...600_000).contains(tales.count))
        #expect(Set(tales).count < 80)
        #expect(String(tales).contains("Once there was a"))
    }
}
