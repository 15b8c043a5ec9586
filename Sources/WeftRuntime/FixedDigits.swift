#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

extension Double {
    /// The number with `digits` digits after the point, as C's `%.*f` writes it: rounded once from its exact value, a tie
    /// to the even digit. Has a point in every locale.
    package func fixed(digits: Int) -> String { formatted("%.*f", digits) }

    /// The number with one digit before the point, `digits` after it, and an exponent, as C's `%.*e` writes it.
    package func scientific(digits: Int) -> String { formatted("%.*e", digits) }

    private func formatted(_ format: String, _ digits: Int) -> String {
        guard isFinite else { return isNaN ? "nan" : self < 0 ? "-inf" : "inf" }
        // The largest number has 309 digits before the point.
        let capacity = 330 + digits
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            let count = withVaList([CInt(digits), self]) { vsnprintf(buffer.baseAddress, capacity, format, $0) }
            let text = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer).prefix(Int(count)))
            return Self.pointed(text)
        }
    }

    /// `text` with a point in place of what the process's locale has between the digits.
    private static func pointed(_ text: UnsafeRawBufferPointer) -> String {
        let isDecimalMark = { (byte: UInt8) in !"0123456789+-e".utf8.contains(byte) }
        guard let mark = text.firstIndex(where: isDecimalMark) else { return String(decoding: text, as: UTF8.self) }
        let fraction = text[mark...].drop(while: isDecimalMark)
        return String(decoding: text[..<mark], as: UTF8.self) + "." + String(decoding: fraction, as: UTF8.self)
    }
}
