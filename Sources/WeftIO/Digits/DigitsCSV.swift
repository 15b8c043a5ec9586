/// Handwritten digits as numbers, not yet tensors, in the order of the file.
///
/// The format: one digit a line, 65 whole numbers separated by commas. The first 64 are the intensities, from 0 to 16,
/// of 8 x 8 pixels, row-major; the last is the digit, from 0 to 9. Lines end with LF or CRLF, the last one perhaps with
/// neither. A byte order mark may come first.
struct DigitsCSV: Equatable {
    static let pixelCount = 64
    static let pixelRange = 0...16
    static let labelRange = 0...9

    /// 64 numbers a digit, from 0 to 16.
    private(set) var pixels: [UInt8] = []
    private(set) var labels: [UInt8] = []

    init(parsing bytes: [UInt8], file: String) throws(DigitsCSVError) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var rest = bytes.dropFirst(bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0)
        guard !rest.isEmpty else { throw DigitsCSVError(file: file, kind: .empty, message: "the file is empty") }
        var number = 0
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            try parse(line.last == UInt8(ascii: "\r") ? line.dropLast() : line, number: number, file: file)
            rest = rest[end...].dropFirst()
        }
    }

    private mutating func parse(_ line: ArraySlice<UInt8>, number: Int, file: String) throws(DigitsCSVError) {
        // Counted before anything is split, so that a line of nothing but commas costs no memory.
        let fieldCount = line.isEmpty ? 0 : 1 + line.count { $0 == UInt8(ascii: ",") }
        guard fieldCount == Self.pixelCount + 1 else {
            throw DigitsCSVError(
                file: file,
                kind: .wrongFieldCount,
                line: number,
                message: "the line has \(fieldCount) fields; a digit needs \(Self.pixelCount) pixels and a label"
            )
        }
        let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        for (index, field) in fields.enumerated() {
            let isLabel = index == Self.pixelCount
            let range = isLabel ? Self.labelRange : Self.pixelRange
            do throws(FieldError) {
                let value = UInt8(try Self.value(of: field, in: range))
                if isLabel { labels.append(value) } else { pixels.append(value) }
            } catch {
                throw DigitsCSVError(
                    file: file,
                    kind: error.kind,
                    line: number,
                    column: index + 1,
                    message: "the \(isLabel ? "label" : "pixel") \(error.message)"
                )
            }
        }
    }

    private struct FieldError: Error {
        let kind: DigitsCSVError.Kind
        let message: String
    }

    private static func value(of field: ArraySlice<UInt8>, in range: ClosedRange<Int>) throws(FieldError) -> Int {
        guard let text = String(validating: field, as: UTF8.self) else {
            throw FieldError(kind: .invalidUTF8, message: "is not UTF-8")
        }
        let digits = field.first == UInt8(ascii: "-") ? field.dropFirst() : field
        guard !digits.isEmpty, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }) else {
            throw FieldError(kind: .notANumber, message: "is \(quoted(text)), which is not a whole number")
        }
        // A number that does not even fit in an Int is out of range too.
        guard let value = Int(text), range ~= value else {
            throw FieldError(
                kind: .outOfRange,
                message: "is \(quoted(text)), which is not from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }
}
