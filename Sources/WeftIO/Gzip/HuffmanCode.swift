/// A canonical prefix code, given by the length of every symbol's code (RFC 1951, section 3.2.2).
///
/// Decoding looks up as many bits as the longest code has: every continuation of a code leads to its symbol.
struct HuffmanCode {
    static let longestCode = 15

    /// `symbol << 4 | length` for every pattern of the next `width` bits; zero where no code begins so.
    private let table: [UInt16]
    private let width: Int

    /// Makes the code whose symbol `i` has a code of `lengths[i]` bits, or none where that is zero.
    ///
    /// Returns `nil` unless the lengths describe a complete code: every bit pattern leads to a symbol, and to one only.
    /// Two exceptions are what compressors write: no code at all, and a single code of one bit.
    init?(lengths: some Collection<UInt8>) {
        var counts = [Int](repeating: 0, count: Self.longestCode + 1)
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        let width = counts.lastIndex { $0 > 0 } ?? 0

        // The codes of one length follow each other; those of the next length continue with a zero bit appended.
        var firstCodes = [Int](repeating: 0, count: Self.longestCode + 2)
        var code = 0
        for length in 1...Self.longestCode {
            firstCodes[length] = code
            code += counts[length]
            guard code <= 1 << length else { return nil }
            code <<= 1
        }
        let isComplete = code == 1 << (Self.longestCode + 1)
        guard isComplete || width <= 1 else { return nil }

        var table = [UInt16](repeating: 0, count: 1 << width)
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let length = Int(length)
            // Codes arrive highest bit first, everything else lowest first: the table is indexed by reversed codes.
            let reversed = Self.reverse(firstCodes[length], count: length)
            firstCodes[length] += 1
            for pattern in stride(from: reversed, to: table.count, by: 1 << length) {
                table[pattern] = UInt16(symbol << 4 | length)
            }
        }
        self.table = table
        self.width = width
    }

    /// Takes one code and returns its symbol.
    func decode(_ reader: inout BitReader) throws(GzipError) -> Int {
        let entry = Int(table[reader.peek(width)])
        guard entry != 0 else {
            throw .corrupt("a bit pattern is no code of the block", at: reader.position)
        }
        try reader.drop(entry & 15)
        return entry >> 4
    }

    private static func reverse(_ code: Int, count: Int) -> Int {
        (0..<count).reduce(0) { $0 << 1 | (code >> $1) & 1 }
    }
}
