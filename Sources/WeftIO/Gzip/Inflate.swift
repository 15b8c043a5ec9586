/// Decompresses one deflate stream (RFC 1951).
///
/// Strict: whatever the format forbids is an error. Memory follows the output that was really produced, which never
/// exceeds `limit`, so a small file cannot ask for a large buffer.
struct Inflate {
    private(set) var output: [UInt8] = []
    /// The offset of the byte behind the stream.
    var end: Int { reader.position }

    private var reader: BitReader
    private let limit: Int

    /// Decompresses the stream that starts at `position` of `bytes`.
    init(_ bytes: [UInt8], at position: Int, limit: Int) throws(GzipError) {
        self.reader = BitReader(bytes, at: position)
        self.limit = limit
        var isLast = false
        while !isLast {
            isLast = try reader.take(1) == 1
            switch try reader.take(2) {
            case 0: try copyStored()
            case 1: try decompress(literals: Self.fixedLiterals, distances: Self.fixedDistances)
            case 2:
                let (literals, distances) = try readCodes()
                try decompress(literals: literals, distances: distances)
            default: throw .corrupt("a block is of the reserved kind", at: reader.position)
            }
        }
    }
}

extension Inflate {
    /// An uncompressed block: its length, the length's complement, and the bytes (section 3.2.4).
    private mutating func copyStored() throws(GzipError) {
        reader.alignToByte()
        let start = reader.position
        let length = try reader.take(16)
        let complement = try reader.take(16)
        guard length == ~complement & 0xFFFF else {
            throw .corrupt("a stored block's length does not match its complement", at: start)
        }
        try reserve(length)
        output += try reader.takeBytes(length)
    }

    /// A compressed block: literal bytes, and copies of what came before (section 3.2.5).
    private mutating func decompress(literals: HuffmanCode, distances: HuffmanCode) throws(GzipError) {
        while true {
            let symbol = try literals.decode(&reader)
            if symbol < Self.endOfBlock {
                try reserve(1)
                output.append(UInt8(symbol))
            } else if symbol == Self.endOfBlock {
                return
            } else {
                guard symbol - Self.endOfBlock <= Self.lengths.count else {
                    throw .corrupt("length symbol \(symbol) does not exist", at: reader.position)
                }
                let length = try Self.lengths[symbol - Self.endOfBlock - 1].read(&reader)
                let symbol = try distances.decode(&reader)
                guard symbol < Self.distances.count else {
                    throw .corrupt("distance symbol \(symbol) does not exist", at: reader.position)
                }
                try copy(length, from: Self.distances[symbol].read(&reader))
            }
        }
    }

    /// Appends `count` bytes from `distance` bytes back. They may overlap what is being written: a distance of 1 repeats
    /// the last byte.
    private mutating func copy(_ count: Int, from distance: Int) throws(GzipError) {
        guard distance <= output.count else {
            throw .corrupt(
                "a copy reaches \(distance) bytes back, where only \(output.count) exist",
                at: reader.position
            )
        }
        try reserve(count)
        for position in output.count - distance..<output.count - distance + count {
            output.append(output[position])
        }
    }

    private func reserve(_ count: Int) throws(GzipError) {
        guard count <= limit - output.count else {
            throw GzipError(
                kind: .tooLarge,
                message: "the data holds more than the \(limit) bytes allowed",
                offset: reader.position
            )
        }
    }

    /// The two codes of a dynamic block, themselves compressed (section 3.2.7).
    private mutating func readCodes() throws(GzipError) -> (literals: HuffmanCode, distances: HuffmanCode) {
        let start = reader.position
        let literalCount = try reader.take(5) + 257
        let distanceCount = try reader.take(5) + 1
        let lengthCodeCount = try reader.take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else {
            throw .corrupt("a block declares more symbols than exist", at: start)
        }

        var lengthCodeLengths = [UInt8](repeating: 0, count: Self.lengthCodeOrder.count)
        for symbol in Self.lengthCodeOrder.prefix(lengthCodeCount) {
            lengthCodeLengths[symbol] = UInt8(try reader.take(3))
        }
        guard let lengthCode = HuffmanCode(lengths: lengthCodeLengths) else {
            throw .corrupt("a block's code of code lengths is not a code", at: start)
        }

        let lengths = try readLengths(literalCount + distanceCount, with: lengthCode)
        guard lengths[Self.endOfBlock] > 0 else {
            throw .corrupt("a block cannot end, for that symbol has no code", at: start)
        }
        guard let literals = HuffmanCode(lengths: lengths[..<literalCount]) else {
            throw .corrupt("a block's literal and length code is not a code", at: start)
        }
        guard let distances = HuffmanCode(lengths: lengths[literalCount...]) else {
            throw .corrupt("a block's distance code is not a code", at: start)
        }
        return (literals, distances)
    }

    /// Code lengths as a block writes them: 0 to 15 stand for themselves, 16 repeats the last one 3 to 6 times, 17 and 18
    /// give 3 to 10 and 11 to 138 zeros.
    private mutating func readLengths(_ count: Int, with code: HuffmanCode) throws(GzipError) -> [UInt8] {
        var lengths: [UInt8] = []
        while lengths.count < count {
            let start = reader.position
            let symbol = try code.decode(&reader)
            let repeated: UInt8
            let times: Int
            switch symbol {
            case 16:
                guard let last = lengths.last else {
                    throw .corrupt("a block repeats a code length before the first", at: start)
                }
                (repeated, times) = (last, try reader.take(2) + 3)
            case 17: (repeated, times) = (0, try reader.take(3) + 3)
            case 18: (repeated, times) = (0, try reader.take(7) + 11)
            default: (repeated, times) = (UInt8(symbol), 1)
            }
            guard times <= count - lengths.count else {
                throw .corrupt("a block declares more code lengths than symbols", at: start)
            }
            lengths.append(contentsOf: repeatElement(repeated, count: times))
        }
        return lengths
    }
}

extension Inflate {
    /// What a length or distance symbol stands for: a base, plus the number in the bits that follow the symbol.
    private struct Extended {
        let base: Int
        let extraBits: Int

        func read(_ reader: inout BitReader) throws(GzipError) -> Int {
            base + (try reader.take(extraBits))
        }

        /// Symbols whose ranges follow each other from `first` on.
        static func consecutive(from first: Int, extraBits: [Int]) -> [Extended] {
            var base = first
            return extraBits.map { bits in
                defer { base += 1 << bits }
                return Extended(base: base, extraBits: bits)
            }
        }
    }

    private static let endOfBlock = 256

    /// Symbols 257 to 285. The last stands for the greatest length, 258, alone, though 284 could express it too.
    private static let lengths =
        Extended.consecutive(
            from: 3,
            extraBits: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
        ) + [Extended(base: 258, extraBits: 0)]

    private static let distances = Extended.consecutive(
        from: 1,
        extraBits: [0, 0, 0, 0] + (1...13).flatMap { [$0, $0] }
    )

    /// The order in which a block gives the lengths of the code lengths' code: the likely ones first.
    private static let lengthCodeOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The fixed codes (section 3.2.6). They have two length symbols and two distance symbols that may not occur.
    private static let fixedLiterals = HuffmanCode(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
    )!
    private static let fixedDistances = HuffmanCode(lengths: (0..<32).map { _ in 5 })!
}
