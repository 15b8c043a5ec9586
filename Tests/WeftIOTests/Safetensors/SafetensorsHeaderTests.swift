import Testing

@testable import WeftIO

@Suite struct SafetensorsHeaderTests {
    private func parse(_ json: String, dataByteCount: Int) throws(SafetensorsError) -> SafetensorsHeader {
        try SafetensorsHeader(parsing: Array(json.utf8), dataByteCount: dataByteCount, file: "f")
    }

    private func entry(_ name: String, _ lower: Int, _ upper: Int) -> String {
        #""\#(name)":{"dtype":"F32","shape":[\#((upper - lower) / 4)],"data_offsets":[\#(lower),\#(upper)]}"#
    }

    @Test func readsEveryField() throws {
        let header = try parse(
            #"{"__metadata__":{"k":"v"},"w":{"shape":[2,3],"data_offsets":[0,24],"dtype":"F32"}}"#,
            dataByteCount: 24
        )
        #expect(header.metadata == ["k": "v"])
        #expect(header.entries == [.init(name: "w", dtype: .float32, shape: [2, 3], range: 0..<24)])
    }

    @Test func ordersTensorsByTheirData() throws {
        let header = try parse("{\(entry("b", 8, 12)),\(entry("a", 0, 8))}", dataByteCount: 12)
        #expect(header.entries.map(\.name) == ["a", "b"])
    }

    @Test func acceptsScalarsAndEmptyTensors() throws {
        let header = try parse(
            """
            {"scalar":{"dtype":"I64","shape":[],"data_offsets":[0,8]},
            "none":{"dtype":"F32","shape":[0,7],"data_offsets":[8,8]},
            "also":{"dtype":"BOOL","shape":[3,0],"data_offsets":[0,0]}}
            """,
            dataByteCount: 8
        )
        #expect(header.entries.map(\.name) == ["also", "scalar", "none"])
    }

    @Test func acceptsAFileWithoutTensors() throws {
        #expect(try parse("{}", dataByteCount: 0).entries == [])
    }

    @Test(arguments: [
        // The JSON itself.
        ("", 0, SafetensorsError.Kind.invalidJSON),
        ("[]", 0, .invalidJSON),
        ("null", 0, .invalidJSON),
        ("{", 0, .invalidJSON),
        ("{}}", 0, .invalidJSON),
        ("{}\u{0}", 0, .invalidJSON),
        // Entries.
        (#"{"a":1}"#, 0, .invalidEntry),
        (#"{"a":[]}"#, 0, .invalidEntry),
        (#"{"a":{}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"shape":[0],"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":}}"#, 0, .invalidJSON),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"x":[1,}}"#, 0, .invalidJSON),
        (#"{"a":["F32",[0]]}"#, 0, .invalidEntry),
        (#"{"a":["F32",[0],[0,0],1]}"#, 0, .invalidEntry),
        (#"{"a":[[0],"F32",[0,0]]}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":32,"shape":[0],"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":0,"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 4, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[null],"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[-4,0]}}"#, 0, .invalidEntry),
        (#"{"a":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,0]}}"#, 0, .invalidEntry),
        (#"{"__metadata__":{"a":1}}"#, 0, .invalidEntry),
        (#"{"__metadata__":[]}"#, 0, .invalidEntry),
        // Names.
        (#"{"__metadata__":{"a":"","a":""}}"#, 0, .duplicateName),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0, .duplicateName),
        (#"{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, 0, .duplicateName),
        // Types and shapes.
        (#"{"a":{"dtype":"U16","shape":[2],"data_offsets":[0,4]}}"#, 4, .unsupportedDType),
        (#"{"a":{"dtype":"float32","shape":[1],"data_offsets":[0,4]}}"#, 4, .unsupportedDType),
        (#"{"a":{"dtype":"","shape":[1],"data_offsets":[0,4]}}"#, 4, .unsupportedDType),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"F32","shape":[0,9223372036854775807,9],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"I64","shape":[9223372036854775807],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"F32","shape":[1152921504606846976,0],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"BOOL","shape":[4611686018427387904,0],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"F32","shape":[1099511627776,1099511627776,0],"data_offsets":[0,0]}}"#, 0, .invalidShape),
        (#"{"a":{"dtype":"C128","shape":[0],"data_offsets":[0,0]}}"#, 0, .unsupportedDType),
        (#"{"a":{"dtype":"BOOL","shape":[0,0,0,0,0,0,0,0,0],"data_offsets":[0,0]}}"#, 0, .unsupportedRank),
        // Ranges.
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4, .invalidOffsets),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, .invalidOffsets),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775803,9223372036854775807]}}"#, 4,
            .invalidOffsets
        ),
        (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, .sizeMismatch),
        (#"{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,4]}}"#, 4, .sizeMismatch),
        (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,0]}}"#, 0, .sizeMismatch),
        (#"{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,4]}}"#, 4, .sizeMismatch),
    ])
    func refusesWhatTheFormatForbids(json: String, dataByteCount: Int, kind: SafetensorsError.Kind) {
        let error = #expect(throws: SafetensorsError.self) { try parse(json, dataByteCount: dataByteCount) }
        #expect(error?.kind == kind)
    }

    @Test func refusesTwoTensorsOfOneName() {
        let error = #expect(throws: SafetensorsError.self) {
            try parse("{\(entry("a", 0, 4)),\(entry("a", 4, 8))}", dataByteCount: 8)
        }
        #expect(error?.kind == .duplicateName)
        #expect(error?.offset == 8 + 1 + entry("a", 0, 4).utf8.count + 1)
    }

    @Test func refusesOverlaps() {
        for (first, second) in [(entry("a", 0, 8), entry("b", 4, 12)), (entry("a", 0, 8), entry("b", 0, 8))] {
            let error = #expect(throws: SafetensorsError.self) { try parse("{\(first),\(second)}", dataByteCount: 12) }
            #expect(error?.kind == .overlap)
        }
    }

    @Test func refusesGapsAndSaysWhereTheyAre() {
        let before = "{\(entry("a", 4, 8))}"
        let error = #expect(throws: SafetensorsError.self) { try parse(before, dataByteCount: 8) }
        #expect(error?.kind == .gap)
        #expect(error?.offset == 8 + before.utf8.count)

        let between = "{\(entry("a", 0, 4)),\(entry("b", 8, 12))}"
        #expect(throws: SafetensorsError.self) { try parse(between, dataByteCount: 12) }

        let after = #expect(throws: SafetensorsError.self) { try parse("{\(entry("a", 0, 4))}", dataByteCount: 5) }
        #expect(after?.kind == .gap)
        #expect(after?.tensor == nil)
    }

    @Test func refusesMoreAxesThanAnyTensorHas() throws {
        let json = { (rank: Int) in
            let shape = repeatElement("1", count: rank).joined(separator: ",")
            return #"{"a":{"dtype":"BOOL","shape":[\#(shape)],"data_offsets":[0,1]}}"#
        }
        let most = SafetensorsHeader.maximumRank
        #expect(try parse(json(most), dataByteCount: 1).entries.count == 1)
        let error = #expect(throws: SafetensorsError.self) { try parse(json(most + 1), dataByteCount: 1) }
        #expect(error?.kind == .unsupportedRank)
        #expect(error?.message.contains("the most that a tensor of Weft's has") == true)
    }

    @Test(arguments: ["F4", "F8_E4M3", "F8_E5M2", "F8_E8M0", "U16", "U32", "C64", "U64"])
    func saysThatADTypeIsValidThatWeftLacks(name: String) {
        let error = #expect(throws: SafetensorsError.self) {
            try parse(#"{"a":{"dtype":"\#(name)","shape":[0],"data_offsets":[0,0]}}"#, dataByteCount: 0)
        }
        #expect(error?.kind == .unsupportedDType)
        #expect(error?.message == #"the dtype "\#(name)" is valid, but Weft has no tensors of it"#)
    }

    /// Headers of other writers that the reference implementation (0.8.0) loads.
    @Test(arguments: [
        #"{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#,
        #"{"a":{"x":{"y":[{},[],[1,{"z":null}]]},"dtype":"F32","shape":[1],"data_offsets":[0,4],"w":-0.5e+3}}"#,
        #"{"a":["F32",[1],[0,4]]}"#,
        #"{"a": [ "F32" , [ 1 ] , [ 0 , 4 ] ] }"#,
        #" {"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}\n",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}\t \r\n",
    ])
    func readsWhatTheReferenceImplementationReads(json: String) throws {
        let header = try parse(json, dataByteCount: 4)
        #expect(header.entries == [.init(name: "a", dtype: .float32, shape: [1], range: 0..<4)])
        #expect(header.metadata == [:])
    }

    @Test func readsATensorWithTheEmptyName() throws {
        let header = try parse(#"{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, dataByteCount: 4)
        #expect(header.entries.map(\.name) == [""])
    }

    @Test func refusesDeepNestingWithoutFollowingIt() {
        let error = #expect(throws: SafetensorsError.self) {
            try parse(String(repeating: #"{"a":"#, count: 1_000_000), dataByteCount: 0)
        }
        #expect(error?.kind == .invalidJSON)
        #expect(throws: SafetensorsError.self) { try parse(String(repeating: "[", count: 1_000_000), dataByteCount: 0) }
        let skipped = #expect(throws: SafetensorsError.self) {
            try parse(#"{"a":{"x":"# + String(repeating: #"[{"a":"#, count: 1_000_000), dataByteCount: 0)
        }
        #expect(skipped?.message == "a value nests too deeply")
    }

    @Test func namesTheTensorAndThePlace() {
        let error = #expect(throws: SafetensorsError.self) {
            try parse(#"{"a":{"dtype":"F99","shape":[],"data_offsets":[0,0]}}"#, dataByteCount: 0)
        }
        #expect(error?.description == #"f, byte 22, tensor "a": the dtype "F99" is unknown"#)
    }

    @Test(arguments: [
        ([], 0, SafetensorsError.Kind.truncated),
        ([2, 0, 0, 0, 0, 0, 0], 7, .truncated),
        ([3, 0, 0, 0, 0, 0, 0, 0], 10, .truncated),
        ([0x00, 0xE1, 0xF5, 0x05, 0, 0, 0, 0], 10, .truncated),
        ([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0], 1 << 40, .headerTooLarge),
        // 2^60 bytes, and all bits set.
        ([0, 0, 0, 0, 0, 0, 0, 0x10], 10, .headerTooLarge),
        ([255, 255, 255, 255, 255, 255, 255, 255], 10, .headerTooLarge),
    ])
    func refusesALengthThatCannotBe(prefix: [Int], fileByteCount: Int, kind: SafetensorsError.Kind) {
        let error = #expect(throws: SafetensorsError.self) {
            try SafetensorsHeader.byteCount(prefix: prefix.map(UInt8.init), fileByteCount: fileByteCount, file: "f")
        }
        #expect(error?.kind == kind)
    }

    @Test func takesALengthThatReachesTheEndOfTheFile() throws {
        let prefix: [UInt8] = [2, 0, 0, 0, 0, 0, 0, 0]
        #expect(try SafetensorsHeader.byteCount(prefix: prefix, fileByteCount: 10, file: "f") == 2)
    }

    @Test func laysOutGreaterElementsFirstAndThenByName() {
        let header = SafetensorsHeader(
            layingOut: [
                ("m", .bool, [3], 3), ("é", .float32, [1], 4), ("z", .float32, [0], 0), ("a", .float32, [2], 8),
                ("i", .int64, [1], 8),
            ],
            metadata: [:]
        )
        #expect(header.entries.map(\.name) == ["i", "a", "z", "é", "m"])
        #expect(header.entries.map(\.range) == [0..<8, 8..<16, 16..<16, 16..<20, 20..<23])
    }

    @Test func writesWhatItReads() throws {
        let header = SafetensorsHeader(
            layingOut: [("a\u{1F}\"\\\n\u{7F}é😀", .float32, [1, 2], 8), ("b", .bool, [], 1)],
            metadata: ["k\t": "\u{0}", "a": "\r\u{8}\u{C}/"]
        )
        let bytes = header.serialized()
        #expect(bytes.count % 8 == 0)
        let count = try SafetensorsHeader.byteCount(
            prefix: Array(bytes[..<8]),
            fileByteCount: bytes.count + 9,
            file: "f"
        )
        #expect(count == bytes.count - 8)
        #expect(try SafetensorsHeader(parsing: Array(bytes[8...]), dataByteCount: 9, file: "f") == header)
    }

    @Test func survivesEveryByteInEveryPlace() throws {
        let json = Array(
            #"{"__metadata__":{"k":"\u00e9"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#.utf8
        )
        var accepted = 0
        var refused = 0
        for index in json.indices {
            for byte in 0...255 as ClosedRange<UInt8> {
                var damaged = json
                damaged[index] = byte
                do throws(SafetensorsError) {
                    let header = try SafetensorsHeader(parsing: damaged, dataByteCount: 8, file: "f")
                    #expect(header.entries.allSatisfy { (0...8).contains($0.range.upperBound) })
                    accepted += 1
                } catch {
                    #expect(error.offset.map { 8...8 + json.count + 8 ~= $0 } != false)
                    refused += 1
                }
            }
        }
        // Names and metadata may hold almost anything; little else may change.
        #expect(accepted < refused / 10)
        #expect(accepted >= json.count)
    }

    @Test func refusesEveryTruncationOfTheHeader() {
        let json = Array("{\(entry("a", 0, 4)),\(entry("b", 4, 8))}".utf8)
        for count in 0..<json.count {
            #expect(throws: SafetensorsError.self) {
                try SafetensorsHeader(parsing: Array(json[..<count]), dataByteCount: 8, file: "f")
            }
        }
    }
}
