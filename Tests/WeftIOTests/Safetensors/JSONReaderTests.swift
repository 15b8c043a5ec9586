import Testing

@testable import WeftIO

@Suite struct JSONReaderTests {
    private func string(_ json: String) throws -> String {
        var reader = try JSONReader(Array(json.utf8))
        return try reader.readString()
    }

    private func integer(_ json: String) throws -> Int {
        var reader = try JSONReader(Array(json.utf8))
        return try reader.readNonNegativeInteger()
    }

    /// The names and whole numbers of an object, in order.
    private func pairs(_ json: String) throws -> [String] {
        var reader = try JSONReader(Array(json.utf8))
        var pairs: [String] = []
        try reader.readObject { reader, name, position throws in
            pairs.append("\(name)@\(position)=\(try reader.readNonNegativeInteger())")
        }
        try reader.readEnd()
        return pairs
    }

    @Test(arguments: [
        (#""""#, ""),
        (#""a b""#, "a b"),
        (#""é字😀""#, "é字😀"),
        (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\uD83D\uDE00""#, "Aé😀"),
        (" \n\t\r\"a\"", "a"),
    ])
    func readsStrings(json: String, value: String) throws {
        #expect(try string(json) == value)
    }

    @Test(arguments: [
        #"""#, #""a"#, #""\"#, #""\""#, #""\x""#, #""\u12""#, #""\u12G4""#, #""\u+123""#, #""\uD83D""#, #""\uDE00""#,
        #""\uD83D\u0041""#, #""\uD83Dx""#, "\"a\nb\"", "\"\u{0}\"",
    ])
    func refusesStringsThatAreNotJSON(json: String) throws {
        let error = #expect(throws: JSONError.self) { try string(json) }
        #expect(error?.kind == .syntax)
    }

    @Test(arguments: [("0", 0), ("7", 7), (" 120 ", 120), ("9223372036854775807", Int.max)])
    func readsWholeNumbers(json: String, value: Int) throws {
        #expect(try integer(json) == value)
    }

    @Test(arguments: [
        "-1", "1.0", "1e3", "1E3", "01", "00", "+1", "", "x", "\"1\"", "null", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999999999999999999",
    ])
    func refusesOtherNumbers(json: String) {
        #expect(throws: JSONError.self) { try integer(json) }
    }

    @Test(arguments: [
        ("{}", []),
        (" { } ", []),
        (#"{"a":1}"#, ["a@1=1"]),
        (#"{ "a" : 1 , "b" : 2 }   "#, ["a@2=1", "b@12=2"]),
    ])
    func readsObjectsInTheirOrder(json: String, values: [String]) throws {
        #expect(try pairs(json) == values)
    }

    @Test(arguments: [
        "", "{", "}", "[]", "1", #"{"a"}"#, #"{"a":}"#, #"{"a":1"#, #"{"a":1,}"#, #"{,}"#, #"{a:1}"#, #"{"a":1 "b":2}"#,
        #"{"a":1}x"#, #"{"a":1}{}"#,
    ])
    func refusesWhatIsNotOneObject(json: String) {
        #expect(throws: JSONError.self) { try pairs(json) }
    }

    @Test(arguments: [
        (#"{"a":1,"a":1}"#, 7),
        (#"{"a":1,"b":2,"\u0061":3}"#, 13),
        // The same character, composed and not: one key of a dictionary.
        (#"{"\u00e9":1,"e\u0301":2}"#, 12),
    ])
    func refusesANameThatOccursTwice(json: String, position: Int) {
        let error = #expect(throws: JSONError.self) { try pairs(json) }
        #expect(error?.kind == .duplicateName)
        #expect(error?.position == position)
    }

    @Test func readsArrays() throws {
        var reader = try JSONReader(Array("[] [1] [ 1 , 2 ]".utf8))
        var arrays: [[Int]] = []
        for _ in 0..<3 {
            var array: [Int] = []
            try reader.readArray { reader throws in array.append(try reader.readNonNegativeInteger()) }
            arrays.append(array)
        }
        #expect(arrays == [[], [1], [1, 2]])
    }

    @Test(arguments: ["[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{}"])
    func refusesWhatIsNotAnArray(json: String) throws {
        var reader = try JSONReader(Array(json.utf8))
        #expect(throws: JSONError.self) {
            try reader.readArray { reader throws in _ = try reader.readNonNegativeInteger() }
        }
    }

    @Test(arguments: [
        ([0x22, 0xFF, 0x22], 1),
        ([0x22, 0x61, 0xC3, 0x22], 2),
        ([0xC0, 0x80], 0),
        ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
    ])
    func saysWhereTheTextIsNotUTF8(text: [Int], position: Int) {
        #expect(throws: JSONError(kind: .invalidUTF8, message: "the header is not UTF-8", position: position)) {
            try JSONReader(text.map(UInt8.init))
        }
    }
}
