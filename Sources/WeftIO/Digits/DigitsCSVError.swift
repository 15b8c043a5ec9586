/// What is wrong with a file of digits, and where.
///
/// Thrown by ``loadDigitsCSV(from:)-(String)``; nothing of a refused file is returned.
public struct DigitsCSVError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of thing is wrong.
    public enum Kind: Hashable, Sendable {
        /// The file cannot be opened or read, or is not a regular file.
        case unreadable
        /// The file, or what it holds compressed, is larger than is read.
        case tooLarge
        /// The file looks like a gzip file but is damaged.
        case corruptGzip
        /// There is not one line.
        case empty
        /// A line has more or fewer fields than a digit needs.
        case wrongFieldCount
        /// A field is not UTF-8.
        case invalidUTF8
        /// A field is not a whole number.
        case notANumber
        /// A pixel is not from 0 to 16, or a label not from 0 to 9.
        case outOfRange
    }

    /// The path of the file.
    public let file: String
    /// What kind of thing is wrong.
    public let kind: Kind
    /// The line concerned, counted from 1, if it is one.
    public let line: Int?
    /// The column of the table concerned, counted from 1, if it is one.
    public let column: Int?
    /// What is wrong, in a sentence.
    public let message: String

    public init(file: String, kind: Kind, line: Int? = nil, column: Int? = nil, message: String) {
        self.file = file
        self.kind = kind
        self.line = line
        self.column = column
        self.message = message
    }

    public var description: String {
        var description = file
        if let line { description += ", line \(line)" }
        if let column { description += ", column \(column)" }
        return "\(description): \(message)"
    }
}
