import Foundation
import Testing
import WeftTensor

@testable import WeftIO

@Suite struct DigitDatasetTests {
    private static let text = DigitsCSVTests.line(label: "3") + "\n" + DigitsCSVTests.line(label: "8") + "\n"

    private func kind(of bytes: some Sequence<UInt8>, limit: Int = DigitsCSV.largestFile) throws -> DigitsCSVError.Kind?
    {
        var kind: DigitsCSVError.Kind?
        try withTemporaryDirectory { directory throws in
            try write(bytes, to: "\(directory)/a")
            let error = #expect(throws: DigitsCSVError.self) {
                try DigitsCSV(contentsOf: "\(directory)/a", limit: limit)
            }
            #expect(error?.file == "\(directory)/a")
            kind = error?.kind
        }
        return kind
    }

    @Test(arguments: [false, true]) func readsPlainAndCompressedFiles(isCompressed: Bool) throws {
        try withTemporaryDirectory { directory throws in
            let plain = Array(Self.text.utf8)
            try write(isCompressed ? GzipTests.stored(plain) : plain, to: "\(directory)/a")
            let digits = try loadDigitsCSV(from: URL(filePath: "\(directory)/a"))
            #expect(digits.count == 2)
            #expect(digits.labels.dtype == .int64)
            #expect(digits.labels.array(of: Int.self) == [3, 8])
            #expect(digits.images.shape == [2, 64])
            #expect(digits.images.array() == (0..<128).map { Float($0 % 64 % 17) / 16 })
        }
    }

    @Test func readsTheDigitsOfTheDemo() throws {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../Sources")
        let digits = try loadDigitsCSV(from: sources.appending(path: "weft-cli/Resources/digits.csv.gz"))
        #expect(digits.count == 1797)
        #expect(digits.images.shape == [1797, 64])
        #expect(digits.images.min().item() == 0)
        #expect(digits.images.max().item() == 1)
        #expect(digits.labels[0..<10].array(of: Int.self) == Array(0...9))
    }

    @Test func refusesDamagedCompression() throws {
        var damaged = GzipTests.stored(Array(Self.text.utf8))
        damaged[damaged.count - 5] ^= 1
        #expect(try kind(of: damaged) == .corruptGzip)
        #expect(try kind(of: damaged.dropLast(9)) == .corruptGzip)
        #expect(try kind(of: [0x1F, 0x8B]) == .corruptGzip)
    }

    @Test func refusesWhatIsTooLarge() throws {
        #expect(try kind(of: Array(Self.text.utf8), limit: 100) == .tooLarge)
        #expect(try kind(of: GzipTests.zeros, limit: 2000) == .tooLarge)
    }

    @Test func refusesAnEmptyFile() throws {
        #expect(try kind(of: []) == .empty)
        #expect(try kind(of: GzipTests.stored([])) == .empty)
    }

    @Test func saysThatAFileIsMissing() throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: DigitsCSVError.self) { try loadDigitsCSV(from: "\(directory)/a") }
            #expect(error?.kind == .unreadable)
            #expect(error?.description == "\(directory)/a: cannot open it: No such file or directory")
        }
    }

    @Test func refusesAURLThatIsNotAFiles() throws {
        let remote = try #require(URL(string: "https://weft.example/digits.csv"))
        #expect(throws: DigitsCSVError.self) { try loadDigitsCSV(from: remote) }
    }
}
