import Foundation
import Weft
import WeftIO

/// Where a text to learn from is read.
enum TextSource {
    /// The most bytes that are read, as they are or decompressed.
    static let largestFile = 256 << 20

    /// The text of the UTF-8 file at `path`, plain or compressed with gzip, or without a path the tales that come with
    /// weft. A byte order mark at the beginning is no part of the text.
    static func read(_ path: String?) throws(CommandFailure) -> String.UnicodeScalarView {
        if let path { return try text(ofFile: path) }
        guard let tales = Bundle.module.url(forResource: "tales.txt", withExtension: "gz") else {
            throw .badData("the tales that come with weft are missing beside it; name a text")
        }
        return try text(ofFile: tales.path)
    }

    private static func text(ofFile path: String) throws(CommandFailure) -> String.UnicodeScalarView {
        let contents: [UInt8]
        do {
            contents = try PackedFile.bytes(ofFile: path, limit: largestFile)
        } catch {
            throw .badData("\(path): \(error.message)")
        }
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = contents.dropFirst(contents.starts(with: byteOrderMark) ? byteOrderMark.count : 0)
        guard !bytes.isEmpty else { throw .badData("\(path): the file is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let offset = bytes.startIndex + lengthOfValidPart(bytes)
            let line = 1 + contents[..<offset].count { $0 == UInt8(ascii: "\n") }
            throw .badData("\(path), line \(line): the text is not UTF-8 from byte \(grouped(offset)) on")
        }
        return text.unicodeScalars
    }

    /// How many bytes from the beginning are whole characters.
    private static func lengthOfValidPart(_ bytes: ArraySlice<UInt8>) -> Int {
        var (decoder, rest, length) = (UTF8(), bytes.makeIterator(), 0)
        while case .scalarValue(let scalar) = decoder.decode(&rest) { length += UTF8.width(scalar) }
        return length
    }
}
