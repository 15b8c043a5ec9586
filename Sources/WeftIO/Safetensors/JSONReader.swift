/// Reads JSON (RFC 8259) in the order in which it is written, as far as a safetensors header needs it.
///
/// The caller says what comes next, and anything else is an error: a header's structure is fixed, so nothing is parsed
/// that is not wanted but to be skipped, and no nesting in the input nests calls. Names that repeat within an object are errors, which
/// decoders into dictionaries cannot tell.
struct JSONReader {
    private let bytes: [UInt8]
    /// The offset of the next byte.
    private(set) var position = 0

    /// Starts at the first of `bytes`, which must be UTF-8.
    init(_ bytes: [UInt8]) throws(JSONError) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let position = error.byteOffsets.lowerBound
            throw JSONError(kind: .invalidUTF8, message: "the header is not UTF-8", position: position)
        }
        self.bytes = bytes
    }
}

/// What `JSONReader` did not expect.
struct JSONError: Error, Equatable {
    enum Kind: Equatable {
        case invalidUTF8
        case syntax
        case duplicateName
        case unexpectedType
    }

    let kind: Kind
    let message: String
    let position: Int
}

extension JSONReader {
    /// Reads an object; `readValue` gets every name, with its offset, and must read the value that belongs to it.
    mutating func readObject(_ readValue: (inout JSONReader, _ name: String, _ position: Int) throws -> Void) throws {
        try expect("{", what: "an object")
        var names: Set<String> = []
        if take("}") { return }
        repeat {
            skipWhitespace()
            let start = position
            let name = try readString()
            guard names.insert(name).inserted else {
                throw JSONError(kind: .duplicateName, message: "the name \(quoted(name)) occurs twice", position: start)
            }
            try expect(":", what: "a colon")
            try readValue(&self, name, start)
        } while take(",")
        try expect("}", what: "a comma or the object's end")
    }

    /// Reads an array; `readElement` must read one element.
    mutating func readArray(_ readElement: (inout JSONReader) throws -> Void) throws {
        try expect("[", what: "an array")
        if take("]") { return }
        repeat { try readElement(&self) } while take(",")
        try expect("]", what: "a comma or the array's end")
    }

    /// Reads a number, which must be whole, not negative, and written in digits alone.
    mutating func readNonNegativeInteger() throws(JSONError) -> Int {
        skipWhitespace()
        let start = position
        let digits = bytes[start...].prefix { Self.isDigit($0) }
        position = digits.endIndex
        let next = position < bytes.count ? bytes[position] : nil
        guard !digits.isEmpty, next != UInt8(ascii: "."), next.map({ $0 | 0x20 }) != UInt8(ascii: "e") else {
            throw mismatch("a whole number that is not negative", at: start)
        }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else {
            throw JSONError(kind: .syntax, message: "a number begins with a zero", position: start)
        }
        var value = 0
        for digit in digits {
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            guard !overflow, !carry else {
                throw JSONError(kind: .unexpectedType, message: "a number exceeds \(Int.max)", position: start)
            }
            value = sum
        }
        return value
    }

    /// Reads a string.
    mutating func readString() throws(JSONError) -> String {
        try expect("\"", what: "a string")
        let start = position
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text += try readEscape().utf8
            case ..<0x20:
                throw JSONError(kind: .syntax, message: "a string holds a control character", position: position)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw JSONError(kind: .syntax, message: "a string does not end", position: start - 1)
    }

    /// Whether an array comes next.
    var isAtArray: Bool {
        mutating get {
            skipWhitespace()
            return position < bytes.count && bytes[position] == UInt8(ascii: "[")
        }
    }

    /// Takes `null` if that comes next.
    mutating func takeNull() -> Bool { takeWord("null") }

    /// Checks that only white space is left.
    mutating func readEnd() throws(JSONError) {
        skipWhitespace()
        guard position == bytes.count else {
            let message = "something other than white space follows the object"
            throw JSONError(kind: .syntax, message: message, position: position)
        }
    }
}

// MARK: - Characters

extension JSONReader {
    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): position += 1
            default: return
            }
        }
    }

    /// Takes the next character if it is `character`.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipWhitespace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    /// Takes `word` if it comes next.
    mutating func takeWord(_ word: StaticString) -> Bool {
        skipWhitespace()
        let letters = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        guard bytes[position...].starts(with: letters) else { return false }
        position += letters.count
        return true
    }

    /// Takes the next byte if it is one of `characters`.
    mutating func takeByte(of characters: String) -> Bool {
        guard position < bytes.count, characters.utf8.contains(bytes[position]) else { return false }
        position += 1
        return true
    }

    /// Takes the digits that come next; false if there are none.
    mutating func takeDigits() -> Bool {
        let digits = bytes[position...].prefix { Self.isDigit($0) }
        position = digits.endIndex
        return !digits.isEmpty
    }

    /// Whether a string comes next.
    var isAtString: Bool {
        mutating get {
            skipWhitespace()
            return position < bytes.count && bytes[position] == UInt8(ascii: "\"")
        }
    }

    mutating func expect(_ character: Unicode.Scalar, what: String) throws(JSONError) {
        guard take(character) else { throw mismatch(what, at: position) }
    }

    /// The error for finding something other than `expected` at `position`: a value of another type, or no JSON at all.
    private func mismatch(_ expected: String, at position: Int) -> JSONError {
        guard position < bytes.count else {
            return JSONError(kind: .syntax, message: "the text ends where \(expected) was expected", position: position)
        }
        let byte = bytes[position]
        let startsValue = Self.isDigit(byte) || "\"{[-tfn".utf8.contains(byte)
        return JSONError(
            kind: startsValue ? .unexpectedType : .syntax,
            message: "\(expected) was expected, not \(quoted(String(decoding: [byte], as: UTF8.self)))",
            position: position
        )
    }

    /// Reads an escape sequence, from its backslash on.
    private mutating func readEscape() throws(JSONError) -> String {
        let start = position
        position += 1
        guard position < bytes.count else {
            throw JSONError(kind: .syntax, message: "an escape sequence does not end", position: start)
        }
        let letter = bytes[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try readHexadecimal(escapeAt: start)
            if let scalar = Unicode.Scalar(unit) { return String(Character(scalar)) }
            return try readLowSurrogate(after: unit, escapeAt: start)
        default:
            throw JSONError(kind: .syntax, message: "an escape sequence does not exist", position: start)
        }
    }

    /// Reads the second half of a character that UTF-16 writes as two, whose first half is `high`.
    private mutating func readLowSurrogate(after high: UInt16, escapeAt start: Int) throws(JSONError) -> String {
        if UTF16.isLeadSurrogate(high), bytes[position...].starts(with: "\\u".utf8) {
            position += 2
            let low = try readHexadecimal(escapeAt: start)
            if UTF16.isTrailSurrogate(low) { return String(decoding: [high, low], as: UTF16.self) }
        }
        throw JSONError(kind: .syntax, message: "an escape sequence is half a character", position: start)
    }

    private mutating func readHexadecimal(escapeAt start: Int) throws(JSONError) -> UInt16 {
        let digits = bytes[position...].prefix(4)
        position = digits.endIndex
        // Checked first, for the conversion would take a sign too.
        guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
        else {
            throw JSONError(kind: .syntax, message: "an escape sequence lacks its four digits", position: start)
        }
        return value
    }
}
