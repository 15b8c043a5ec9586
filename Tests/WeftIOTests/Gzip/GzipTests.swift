import Testing

@testable import WeftIO

@Suite struct GzipTests {
    static let limit = 1 << 20

    /// Files that another implementation wrote, each with a different kind of block, and what they hold.
    static let samples: [(file: [UInt8], contents: [UInt8])] = [
        // Fixed codes.
        (
            recorded("H4sIAAAAAAACAytPTStRKE9NLEstBlJpJToK5YlFBQqJeSlgLlc5hfIAG5/93GAAAAA="),
            Array(String(repeating: "weft weaves weft, warp and weft\n", count: 3).utf8)
        ),
        // Dynamic codes.
        (
            recorded(
                "H4sIAAAAAAACA+2Q243FIAwFG5qP2AYD/Te2Az3s35UilITz/ggGh2hyUs049GAHRQ7GYiVJBZ0cEcX6iGQWR7RcBXwfzI9NT3KxN3OQyVZN"
                    + "qUkEu2kZm0pCJKfYk3VYnvWe9+lPr/qChEqQJjmekHKKKq2BNpppua+5EW6QeKH6BjSmYY1s8H4l8taxlNXqlrSqheuVd4LjFsH32+S3"
                    + "yW+T/9jkD0XpbfJvBAAA"
            ),
            (0..<400).flatMap { Array("\($0 * $0 % 97),".utf8) }
        ),
        // Dynamic codes of literals alone, so that a distance code is missing.
        (
            recorded(
                "H4sIAAAAAAACAwXBQQEAMAgDMUP3GBQK+De25BEUR5hsZOpwsYHIooZJEgVOrpGYRyQtzlRxQYkr+rG4yWGXLjLZw4GaCNbY1KIkFnNimzmm"
                    + "GTFimjm2OWFiUVKLzZoPIO6BJ6sAAAA="
            ),
            (0..<60).flatMap { Array("\($0 * $0 % 97),".utf8) }
        ),
        // Nothing.
        (recorded("H4sIAAAAAAACAwMAAAAAAAAAAAA="), []),
        (stored([]), []),
        (stored(Array("stored".utf8)), Array("stored".utf8)),
    ]

    /// A mebibyte of zeros in a kibibyte.
    static let zeros = recorded(
        "H4sIAAAAAAACA+3BMQEAAADCoPVPbQhfoAAA" + String(repeating: "A", count: 1352) + "PgMc6jinAAAQAA=="
    )

    /// A gzip member with one stored block, whose header has the optional fields in `extras`.
    static func stored(_ contents: [UInt8], flags: UInt8 = 0, extras: [UInt8] = []) -> [UInt8] {
        let header: [UInt8] = [0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 0, 3] + extras
        let block = [1] + littleEndian(contents.count, 2) + littleEndian(~contents.count, 2) + contents
        var checksum = CRC32()
        checksum.update(contents)
        return header + block + littleEndian(Int(checksum.value), 4) + littleEndian(contents.count, 4)
    }

    static func littleEndian(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    @Test(arguments: samples.indices) func readsWhatAnotherImplementationWrote(sample: Int) throws {
        let (file, contents) = Self.samples[sample]
        #expect(Gzip.isGzip(file))
        #expect(try Gzip.decompress(file, limit: Self.limit) == contents)
    }

    @Test func copiesFromAsFarBackAsTheFormatReaches() throws {
        // 300 bytes without a pattern, 32,000 zeros, and the 300 bytes again, as a copy.
        let file = recorded(
            "H4sIAAAAAAACA+3d3UqTAQCA4UEjUSLTdEuREhTqJIdrhkNxMFmbmiONJPzaMmO4YpWIiiXIlIL849MVQyKdTLSZhFodaAcurSRbIIRMcEWgOfEH"
                + "AkVxI6sTL8ALeJ8beWxN/eU+e/sxv3Ki+XNRjtfmcKl+hNtcN2ecR3eWDH3FbS2arwqpUd33R3iapxAPpdXkuSVdIeG3P9bgzp73yB6rV0/Z"
                + "M66GZ3YiTc8d9xMqj6doX0plra+igoHRR6bvb6s7lGN/MwesBUX55wLeoP6Oee1nz7PU19YhR9bqGWHB+eS9GMjd+HjLpbt+pPlk54k3dZ8K"
                + "0s2bd1WWQc2N0+XXzg8uF2q/mDwNESMaX62n6rC6vnGrTpq8rH2Q/LB38uK23zJXM3Tv0rA3KnS2VbfuHS8NJ+qD8pLQ5OI349S7iCT77oAz"
                + "fiIr3uBfvFK2PStRLLzI7zZPSaS5KdOVlzctG4Jv7/aafl0VfcHYIqa6leK03PrrX8WH0UxRtiJPjysTYnT1EgAAAAAAAAAAAAAAAAAAAAAA"
                + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADYZ+OKP/AV/x/qJdB7WH8AAA=="
        )
        var state: UInt64 = 1
        let pattern = (0..<300).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(state >> 56)
        }
        let contents = pattern + [UInt8](repeating: 0, count: 32_000) + pattern
        #expect(try Gzip.decompress(file, limit: contents.count) == contents)
    }

    @Test func joinsTheMembersOfAFile() throws {
        let file = Self.stored([1, 2]) + Self.samples[0].file + Self.stored([]) + Self.stored([3])
        #expect(try Gzip.decompress(file, limit: Self.limit) == [1, 2] + Self.samples[0].contents + [3])
    }

    @Test func skipsTheOptionalFieldsOfAHeader() throws {
        let extras = [3, 0, 0, 1, 2] + Array("name\0comment\0".utf8)
        #expect(try Gzip.decompress(Self.stored([7], flags: 0b1_1101, extras: extras), limit: Self.limit) == [7])
    }

    @Test func checksAHeaderThatHasAChecksum() throws {
        var checksum = CRC32()
        checksum.update(Self.stored([7], flags: 2)[..<10])
        let right = Self.littleEndian(Int(checksum.value), 2)
        #expect(try Gzip.decompress(Self.stored([7], flags: 2, extras: right), limit: Self.limit) == [7])
        let wrong = [right[0] ^ 1, right[1]]
        #expect(throws: GzipError.corrupt("the header does not match its checksum", at: 10)) {
            try Gzip.decompress(Self.stored([7], flags: 2, extras: wrong), limit: Self.limit)
        }
    }

    @Test func stopsAtTheLimit() throws {
        #expect(try Gzip.decompress(Self.zeros, limit: 1 << 20) == [UInt8](repeating: 0, count: 1 << 20))
        for limit in [0, 1, 1000, 1 << 20 - 1] {
            let error = #expect(throws: GzipError.self) { try Gzip.decompress(Self.zeros, limit: limit) }
            #expect(error?.kind == .tooLarge)
        }
        let twice = Self.stored([1, 2]) + Self.stored([3])
        let error = #expect(throws: GzipError.self) { try Gzip.decompress(twice, limit: 2) }
        #expect(error?.kind == .tooLarge)
    }

    @Test(arguments: samples.indices) func refusesEveryTruncation(sample: Int) {
        let file = Self.samples[sample].file
        for count in 0..<file.count {
            let truncated = Array(file[..<count])
            let error = #expect(throws: GzipError.self) { try Gzip.decompress(truncated, limit: Self.limit) }
            #expect(error.map { $0.offset <= count } == true)
        }
    }

    @Test(arguments: samples.indices) func neverGivesOtherBytesThanWereCompressed(sample: Int) {
        let (file, contents) = Self.samples[sample]
        var refusals = 0
        for index in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[index] ^= 1 << bit
                // The time in the header and the padding behind the last block may be anything.
                let result = try? Gzip.decompress(damaged, limit: Self.limit)
                #expect(result == nil || result == contents)
                refusals += result == nil ? 1 : 0
            }
        }
        #expect(refusals > 8 * 8)
    }

    @Test func refusesBytesBehindTheLastMember() {
        let file = Self.stored([7])
        #expect(throws: GzipError.corrupt("no gzip member begins here", at: file.count)) {
            try Gzip.decompress(file + [0, 0], limit: Self.limit)
        }
    }

    @Test(arguments: [
        ("the compression method is not deflate", [0x1F, 0x8B, 7, 0, 0, 0, 0, 0, 0, 3]),
        ("the header sets reserved flags", [0x1F, 0x8B, 8, 0x20, 0, 0, 0, 0, 0, 3]),
        ("no gzip member begins here", [0x50, 0x4B, 3, 4]),
    ])
    func saysWhatIsWrongWithAHeader(message: String, file: [Int]) {
        let error = #expect(throws: GzipError.self) {
            try Gzip.decompress(file.map(UInt8.init), limit: Self.limit)
        }
        #expect(error?.message == message)
    }
}
