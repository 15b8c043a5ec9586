public import WeftTensor

/// Pictures of handwritten digits, and which digits they are.
public struct DigitDataset: Sendable {
    /// Pixels of 8 x 8 pictures, row-major, from 0 (paper) to 1 (ink): shape `[n, 64]`, float32.
    public let images: Tensor
    /// The digits, from 0 to 9: shape `[n]`, int64.
    public let labels: Tensor

    public init(images: Tensor, labels: Tensor) {
        self.images = images
        self.labels = labels
    }

    /// n, the number of digits.
    public var count: Int { labels.count }
}

/// Reads digits from the file at `path`, plain or compressed with gzip.
///
/// A line is a digit: 65 whole numbers separated by commas, of which 64 are pixels from 0 to 16, row-major, and the last
/// is the digit from 0 to 9. Lines end with LF or CRLF. Files of up to 256 MiB are read, as they are and decompressed.
///
/// - Throws: ``DigitsCSVError``.
public func loadDigitsCSV(from path: String) throws -> DigitDataset {
    let digits = try DigitsCSV(contentsOf: path)
    let pixels = digits.pixels.map { Float($0) / Float(DigitsCSV.pixelRange.upperBound) }
    let labels = digits.labels.map(Int64.init)
    return DigitDataset(
        images: pixels.withUnsafeBytes {
            Tensor(bytes: $0, shape: [labels.count, DigitsCSV.pixelCount], dtype: .float32)
        },
        labels: labels.withUnsafeBytes { Tensor(bytes: $0, shape: [labels.count], dtype: .int64) }
    )
}

extension DigitsCSV {
    /// The most bytes that are read, as they are or decompressed.
    static let largestFile = 256 << 20

    /// Reads the file at `path`; `limit` bounds its length and what it decompresses to.
    init(contentsOf path: String, limit: Int = largestFile) throws(DigitsCSVError) {
        try self.init(parsing: try Self.bytes(ofFile: path, limit: limit), file: path)
    }

    private static func bytes(ofFile path: String, limit: Int) throws(DigitsCSVError) -> [UInt8] {
        do throws(PackedFileError) {
            return try PackedFile.bytes(ofFile: path, limit: limit)
        } catch {
            let kind: DigitsCSVError.Kind =
                switch error.kind {
                case .unreadable: .unreadable
                case .tooLarge: .tooLarge
                case .corruptGzip: .corruptGzip
                }
            throw DigitsCSVError(file: path, kind: kind, message: error.message)
        }
    }
}
