extension JSONReader {
    /// The deepest that a value to be skipped may nest, which bounds the memory it takes; the reference implementation's
    /// reader has the same limit.
    private static var deepestNesting: Int { 127 }

    /// Reads a value of any kind, and checks that it is JSON.
    mutating func skipValue() throws(JSONError) {
        // The brackets that close what is open.
        var open: [Unicode.Scalar] = []
        repeat {
            // Here a value comes next.
            let start = position
            if take("{") {
                open.append("}")
                if !take("}") {
                    try skipName()
                    try checkDepth(open.count, at: start)
                    continue
                }
                open.removeLast()
            } else if take("[") {
                open.append("]")
                if !take("]") {
                    try checkDepth(open.count, at: start)
                    continue
                }
                open.removeLast()
            } else {
                try skipScalar()
            }
            // Here a value has ended, and perhaps what it is in.
            while let bracket = open.last, !take(",") {
                try expect(bracket, what: "a comma or the end of a value")
                open.removeLast()
            }
            if open.last == "}" { try skipName() }
        } while !open.isEmpty
    }

    private func checkDepth(_ depth: Int, at start: Int) throws(JSONError) {
        guard depth <= Self.deepestNesting else {
            throw JSONError(kind: .syntax, message: "a value nests too deeply", position: start)
        }
    }

    private mutating func skipName() throws(JSONError) {
        _ = try readString()
        try expect(":", what: "a colon")
    }

    private mutating func skipScalar() throws(JSONError) {
        if isAtString {
            _ = try readString()
        } else if !takeWord("null"), !takeWord("true"), !takeWord("false") {
            try skipNumber()
        }
    }

    private mutating func skipNumber() throws(JSONError) {
        skipWhitespace()
        let start = position
        _ = takeByte(of: "-")
        let leadsWithZero = takeByte(of: "0")
        var isNumber = leadsWithZero || takeDigits()
        if isNumber, takeByte(of: ".") { isNumber = takeDigits() }
        if isNumber, takeByte(of: "eE") {
            _ = takeByte(of: "+-")
            isNumber = takeDigits()
        }
        guard isNumber else { throw JSONError(kind: .syntax, message: "a value was expected", position: start) }
    }
}
