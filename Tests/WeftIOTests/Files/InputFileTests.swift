import Foundation
import Testing
import WeftRuntime

@testable import WeftIO

@Suite struct InputFileTests {
    @Test func readsAnyRangeOfAFile() throws {
        try withTemporaryDirectory { directory throws in
            try write([1, 2, 3, 4, 5], to: "\(directory)/a")
            let file = try InputFile(path: "\(directory)/a")
            #expect(file.byteCount == 5)
            #expect(try file.bytes(in: 1..<4) == [2, 3, 4])
            #expect(try file.bytes(in: 0..<5) == [1, 2, 3, 4, 5])
            #expect(try file.bytes(in: 5..<5) == [])
        }
    }

    @Test func saysWhereAFileEndsThatShrank() throws {
        try withTemporaryDirectory { directory throws in
            try write([1, 2, 3, 4, 5], to: "\(directory)/a")
            let file = try InputFile(path: "\(directory)/a")
            truncate("\(directory)/a", 2)
            let error = #expect(throws: FileError.self) { try file.bytes(in: 0..<5) }
            #expect(error?.offset == 2)
        }
    }

    @Test func doesNotWaitForTheWriterOfAPipe() throws {
        try withTemporaryDirectory { directory throws in
            #expect(mkfifo("\(directory)/pipe", 0o600) == 0)
            #expect(throws: FileError(path: "\(directory)/pipe", message: "it is not a regular file")) {
                _ = try InputFile(path: "\(directory)/pipe")
            }
        }
    }

    @Test func refusesADirectory() throws {
        try withTemporaryDirectory { directory throws in
            #expect(throws: FileError(path: directory, message: "it is not a regular file")) {
                _ = try InputFile(path: directory)
            }
        }
    }

    @Test func saysThatAFileIsMissing() throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: FileError.self) { _ = try InputFile(path: "\(directory)/a") }
            #expect(error?.message == "cannot open it: No such file or directory")
        }
    }

    @Test func refusesAPathThatCWouldCut() throws {
        try withTemporaryDirectory { directory throws in
            try write([1], to: "\(directory)/a")
            #expect(throws: FileError.self) { _ = try InputFile(path: "\(directory)/a\0b") }
        }
    }
}
