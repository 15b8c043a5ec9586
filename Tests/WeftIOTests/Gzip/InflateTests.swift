import Testing

@testable import WeftIO

@Suite struct InflateTests {
    /// A deflate stream, given as fields of (value, bit count), lowest bit first; Huffman codes must be given reversed.
    private func stream(_ fields: [(value: Int, count: Int)]) -> [UInt8] {
        let bits = fields.flatMap { field in (0..<field.count).map { field.value >> $0 & 1 } }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | UInt8($1) }
        }
    }

    /// A Huffman code of `count` bits, as `stream` wants it.
    private func code(_ value: Int, _ count: Int) -> (value: Int, count: Int) {
        ((0..<count).reduce(0) { $0 << 1 | value >> $1 & 1 }, count)
    }

    private func message(_ fields: [(value: Int, count: Int)]) -> String? {
        // Zeros follow, so that nothing is refused for its end alone.
        let bytes = stream(fields) + [UInt8](repeating: 0, count: 16)
        do {
            _ = try Inflate(bytes, at: 0, limit: 1000)
            return nil
        } catch {
            return error.message
        }
    }

    /// The header of a dynamic block: last, of kind 2, then its three counts as they are written.
    private func dynamic(_ literals: Int, _ distances: Int, _ lengths: Int) -> [(value: Int, count: Int)] {
        [(1, 1), (2, 2), (literals, 5), (distances, 5), (lengths, 4)]
    }

    @Test func copiesMayOverlapWhatTheyWrite() throws {
        // The literal "a" (code 0x91), length 3 (symbol 257), distance 1 (symbol 0), the end (symbol 256).
        let bytes = stream([(1, 1), (1, 2), code(0x91, 8), code(1, 7), code(0, 5), code(0, 7)])
        let result = try Inflate(bytes, at: 0, limit: 4)
        #expect(result.output == Array("aaaa".utf8))
        #expect(result.end == bytes.count)
    }

    @Test func startsAndEndsWhereTheStreamDoes() throws {
        let bytes: [UInt8] = [0xFF, 0xFF] + [1, 1, 0, 0xFE, 0xFF, 7] + [0xFF]
        let result = try Inflate(bytes, at: 2, limit: 1)
        #expect(result.output == [7])
        #expect(result.end == 8)
    }

    @Test func refusesTheReservedKindOfBlock() {
        #expect(message([(1, 1), (3, 2)]) == "a block is of the reserved kind")
    }

    @Test func refusesAStoredBlockWithTwoLengths() {
        #expect(
            message([(1, 1), (0, 7), (1, 16), (1, 16)])
                == "a stored block's length does not match its complement"
        )
    }

    @Test func refusesACopyFromBeforeTheStart() {
        #expect(
            message([(1, 1), (1, 2), code(0x91, 8), code(1, 7), code(1, 5)])
                == "a copy reaches 2 bytes back, where only 1 exist"
        )
    }

    @Test func refusesLengthAndDistanceSymbolsThatDoNotExist() {
        #expect(message([(1, 1), (1, 2), code(0xC6, 8)]) == "length symbol 286 does not exist")
        #expect(
            message([(1, 1), (1, 2), code(0x91, 8), code(1, 7), code(30, 5)])
                == "distance symbol 30 does not exist"
        )
    }

    @Test func refusesMoreSymbolsThanExist() {
        #expect(message(dynamic(30, 0, 0)) == "a block declares more symbols than exist")
        #expect(message(dynamic(0, 30, 0)) == "a block declares more symbols than exist")
    }

    @Test func refusesCodesThatContradictThemselves() {
        // Four codes of one bit: for the repetitions 16, 17, 18 and for the length 0.
        let crowded = dynamic(0, 0, 0) + [(1, 3), (1, 3), (1, 3), (1, 3)]
        #expect(message(crowded) == "a block's code of code lengths is not a code")
        // Two codes of two bits, for 18 and 0, leave half the patterns without a meaning.
        let sparse = dynamic(0, 0, 0) + [(0, 3), (0, 3), (2, 3), (2, 3)]
        #expect(message(sparse) == "a block's code of code lengths is not a code")
    }

    @Test func refusesARepetitionOfNothing() {
        // Codes of one bit for 16 and 0; 16 comes first.
        let fields = dynamic(0, 0, 0) + [(1, 3), (0, 3), (0, 3), (1, 3), code(1, 1)]
        #expect(message(fields) == "a block repeats a code length before the first")
    }

    @Test func refusesMoreLengthsThanSymbols() {
        // Codes of one bit for 18 and 0: twice 138 zeros are more than the 258 declared symbols.
        let zeros = [code(1, 1), (127, 7)]
        let fields = dynamic(0, 0, 0) + [(0, 3), (0, 3), (1, 3), (1, 3)] + zeros + zeros
        #expect(message(fields) == "a block declares more code lengths than symbols")
    }

    @Test func refusesABlockThatCannotEnd() {
        // All 258 lengths are zero.
        let fields =
            dynamic(0, 0, 0) + [(0, 3), (0, 3), (1, 3), (1, 3)] + [code(1, 1), (127, 7), code(1, 1), (109, 7)]
        #expect(message(fields) == "a block cannot end, for that symbol has no code")
    }
}
