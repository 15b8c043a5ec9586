import Testing

@testable import WeftIO

@Suite struct DigitsCSVTests {
    /// A line with the given label and pixels 0, 1, 2 … 16, 0 ….
    static func line(label: String = "7", replacing column: Int? = nil, with field: String = "") -> String {
        var fields = (0..<64).map { "\($0 % 17)" } + [label]
        if let column { fields[column - 1] = field }
        return fields.joined(separator: ",")
    }

    private func parse(_ text: String) throws(DigitsCSVError) -> DigitsCSV {
        try DigitsCSV(parsing: Array(text.utf8), file: "f")
    }

    @Test(arguments: ["\n", "\r\n"], [true, false])
    func readsLinesHoweverTheyEnd(ending: String, endsLast: Bool) throws {
        let text = Self.line(label: "0") + ending + Self.line(label: "9") + (endsLast ? ending : "")
        let digits = try parse(text)
        #expect(digits.labels == [0, 9])
        #expect(digits.pixels == (0..<128).map { UInt8($0 % 64 % 17) })
    }

    @Test func skipsAByteOrderMark() throws {
        #expect(try parse("\u{FEFF}" + Self.line()) == parse(Self.line()))
    }

    @Test(arguments: ["", "\u{FEFF}"]) func refusesAnEmptyFile(text: String) {
        let error = #expect(throws: DigitsCSVError.self) { try parse(text) }
        #expect(error?.kind == .empty)
    }

    @Test(arguments: [
        ("\n", 1, 0),
        ("1,2,3\n", 1, 3),
        (line() + "\n\n" + line(), 2, 0),
        (line() + "\n" + line() + ",1\n", 2, 66),
        (line() + "\n" + line().dropLast(2) + "\n", 2, 64),
        (line() + "\n\r\n", 2, 0),
    ])
    func countsTheFieldsOfALine(text: String, line: Int, count: Int) {
        let error = #expect(throws: DigitsCSVError.self) { try parse(text) }
        #expect(error?.kind == .wrongFieldCount)
        #expect(error?.line == line)
        #expect(error?.message == "the line has \(count) fields; a digit needs 64 pixels and a label")
    }

    @Test(arguments: [
        (1, "", DigitsCSVError.Kind.notANumber),
        (2, "x", .notANumber),
        (3, " 1", .notANumber),
        (4, "1.5", .notANumber),
        (5, "+1", .notANumber),
        (6, "-", .notANumber),
        (7, "nan", .notANumber),
        (8, "١", .notANumber),
        (9, "1\r", .notANumber),
        (10, "1\u{0}", .notANumber),
        (11, "17", .outOfRange),
        (12, "-1", .outOfRange),
        (13, "99999999999999999999", .outOfRange),
        (64, "17", .outOfRange),
        (65, "10", .outOfRange),
        (65, "-1", .outOfRange),
        (65, "", .notANumber),
    ])
    func saysWhichFieldIsWrong(column: Int, field: String, kind: DigitsCSVError.Kind) {
        let error = #expect(throws: DigitsCSVError.self) {
            try parse(Self.line() + "\n" + Self.line(replacing: column, with: field) + "\n")
        }
        #expect(error?.kind == kind)
        #expect(error?.line == 2)
        #expect(error?.column == column)
    }

    @Test func acceptsTheEndsOfTheRanges() throws {
        #expect(try parse(Self.line(label: "9", replacing: 1, with: "16")).pixels[0] == 16)
        #expect(try parse(Self.line(label: "0", replacing: 64, with: "0")).pixels[63] == 0)
    }

    @Test func refusesBytesThatAreNotUTF8() {
        let bytes = Array(Self.line().utf8).map { $0 == UInt8(ascii: "7") ? 0xFF : $0 }
        let error = #expect(throws: DigitsCSVError.self) { try DigitsCSV(parsing: bytes, file: "f") }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.column == 8)
    }

    @Test func describesTheMistakeAndItsPlace() {
        let error = #expect(throws: DigitsCSVError.self) { try parse(Self.line(replacing: 3, with: "17")) }
        #expect(error?.description == #"f, line 1, column 3: the pixel is "17", which is not from 0 to 16"#)
    }
}
