/// Sizes as people write them.
public enum ByteCount {
    private static let units: [(suffix: String, shift: Int)] = [("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0)]

    /// The number of bytes that `text` names, such as `512MiB`, `64 KiB` or `1048576`; nil if it names none.
    public static func parse(_ text: String) -> Int? {
        let unit = units.first { text.hasSuffix($0.suffix) }
        var digits = Substring(text).dropLast(unit?.suffix.count ?? 0)
        while digits.last == " " { digits.removeLast() }
        guard !digits.isEmpty, digits.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(digits) else {
            return nil
        }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: 1 << (unit?.shift ?? 0))
        return overflow ? nil : bytes
    }

    /// `bytes` in the largest unit that it fills, with one decimal: `1.5 MiB`.
    public static func describe(_ bytes: Int) -> String {
        guard let unit = units.first(where: { bytes >> $0.shift > 0 }), unit.shift > 0 else { return "\(bytes) B" }
        let tenths = Int((Double(bytes) / Double(1 << unit.shift) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) \(unit.suffix)" : "\(tenths / 10).\(tenths % 10) \(unit.suffix)"
    }
}
