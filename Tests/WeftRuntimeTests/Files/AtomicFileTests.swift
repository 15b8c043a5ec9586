import Foundation
import Testing

@testable import WeftRuntime

@Suite struct AtomicFileTests {
    private struct Interruption: Error {}

    private func permissions(of path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func createsAFileWithEverythingWritten() throws {
        try withTemporaryDirectory { directory throws in
            try replaceFile(atPath: "\(directory)/a") { file in
                try file.write([1, 2])
                try file.write([])
                try file.write([3])
            }
            #expect(try bytes(ofFile: "\(directory)/a") == [1, 2, 3])
            #expect(try names(in: directory) == ["a"])
        }
    }

    @Test func replacesALongerFile() throws {
        try withTemporaryDirectory { directory throws in
            try write([9, 9, 9, 9], to: "\(directory)/a")
            try replaceFile(atPath: "\(directory)/a") { try $0.write([1]) }
            #expect(try bytes(ofFile: "\(directory)/a") == [1])
        }
    }

    @Test func keepsTheOldFileAndNothingElseIfWritingFails() throws {
        try withTemporaryDirectory { directory throws in
            try write([9], to: "\(directory)/a")
            #expect(throws: Interruption.self) {
                try replaceFile(atPath: "\(directory)/a") { file in
                    try file.write([1, 2, 3])
                    throw Interruption()
                }
            }
            #expect(try bytes(ofFile: "\(directory)/a") == [9])
            #expect(try names(in: directory) == ["a"])
        }
    }

    @Test func showsTheOldFileUntilTheNewOneIsComplete() throws {
        try withTemporaryDirectory { directory throws in
            try write([9], to: "\(directory)/a")
            try replaceFile(atPath: "\(directory)/a") { file in
                try file.write([1, 2, 3])
                #expect(try bytes(ofFile: "\(directory)/a") == [9])
            }
        }
    }

    @Test func refusesWhatIsNoRegularFileBeforeAnythingIsWritten() throws {
        try withTemporaryDirectory { directory throws in
            try FileManager.default.createDirectory(atPath: "\(directory)/folder", withIntermediateDirectories: false)
            #expect(mkfifo("\(directory)/pipe", 0o600) == 0)
            for (link, target) in [("null", "/dev/null"), ("pipe link", "\(directory)/pipe")] {
                try FileManager.default.createSymbolicLink(atPath: "\(directory)/\(link)", withDestinationPath: target)
            }
            let all = try names(in: directory)
            for name in all.sorted() {
                let error = #expect(throws: FileError.self) {
                    try replaceFile(atPath: "\(directory)/\(name)") { _ in Issue.record("\(name) was opened") }
                }
                #expect(error?.message == "it is not a regular file")
            }
            #expect(try names(in: directory) == all)
            var status = stat()
            #expect(stat("\(directory)/pipe", &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
        }
    }

    @Test func writesThroughASymbolicLink() throws {
        try withTemporaryDirectory { directory throws in
            try write([9], to: "\(directory)/target")
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/link",
                withDestinationPath: "\(directory)/target"
            )
            try replaceFile(atPath: "\(directory)/link") { try $0.write([1]) }
            #expect(try bytes(ofFile: "\(directory)/target") == [1])
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(directory)/link").hasSuffix("target"))
        }
    }

    @Test func replacesASymbolicLinkThatLeadsNowhere() throws {
        try withTemporaryDirectory { directory throws in
            try FileManager.default.createSymbolicLink(
                atPath: "\(directory)/link",
                withDestinationPath: "\(directory)/target"
            )
            try replaceFile(atPath: "\(directory)/link") { try $0.write([1]) }
            #expect(try bytes(ofFile: "\(directory)/link") == [1])
            #expect(try names(in: directory) == ["link"])
        }
    }

    @Test func givesANewFileThePermissionsOfAnyNewFile() throws {
        try withTemporaryDirectory { directory throws in
            let descriptor = open("\(directory)/plain", O_CREAT | O_WRONLY, 0o666)
            close(descriptor)
            try replaceFile(atPath: "\(directory)/a") { try $0.write([1]) }
            #expect(try permissions(of: "\(directory)/a") == permissions(of: "\(directory)/plain"))
        }
    }

    @Test(arguments: [0o600, 0o640]) func keepsThePermissionsOfTheFileItReplaces(permissions: Int) throws {
        try withTemporaryDirectory { directory throws in
            try write([9], to: "\(directory)/a")
            try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: "\(directory)/a")
            try replaceFile(atPath: "\(directory)/a") { try $0.write([1]) }
            #expect(try self.permissions(of: "\(directory)/a") == permissions)
        }
    }

    @Test func acceptsTheLongestNameADirectoryAllows() throws {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/\(String(repeating: "n", count: 255))"
            try replaceFile(atPath: path) { try $0.write([1]) }
            #expect(try bytes(ofFile: path) == [1])
        }
    }

    @Test func saysWhichDirectoryIsMissing() throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: FileError.self) {
                try replaceFile(atPath: "\(directory)/no/a") { try $0.write([1]) }
            }
            #expect(error?.path == "\(directory)/no/a")
            #expect(error?.message.contains("No such file or directory") == true)
        }
    }

    @Test func refusesAPathThatCWouldCut() throws {
        try withTemporaryDirectory { directory throws in
            #expect(throws: FileError.self) {
                try replaceFile(atPath: "\(directory)/a\0b") { try $0.write([1]) }
            }
            #expect(try names(in: directory) == [])
        }
    }
}
