import Foundation

/// A file that the command is about to write.
enum OutputFile {
    /// Finds out before the work, rather than after it, that `path` cannot be written.
    ///
    /// Files are written beside the old one and moved over it, so what counts is the folder. A device or a folder is
    /// refused: moving a file over it would replace it.
    static func checkWritable(_ path: String) throws(CommandFailure) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
            throw .cannotWrite(path, why: "there is no folder \(folder)")
        }
        guard FileManager.default.isWritableFile(atPath: folder) else {
            throw .cannotWrite(path, why: "the folder \(folder) is not writable")
        }
        if FileManager.default.fileExists(atPath: path) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: URL(fileURLWithPath: path).resolved)
            guard attributes?[.type] as? FileAttributeType == .typeRegular else {
                throw .cannotWrite(path, why: "it exists and is not a regular file")
            }
        }
    }

    /// Replaces `path` by `text` in one step.
    static func write(_ text: String, to path: String) throws(CommandFailure) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw .cannotWrite(path, why: error.localizedDescription)
        }
    }

    /// Whether both paths name the same place.
    static func isSame(_ first: String, _ second: String) -> Bool {
        URL(fileURLWithPath: first).resolved == URL(fileURLWithPath: second).resolved
    }
}

extension URL {
    /// The path with symbolic links followed.
    fileprivate var resolved: String { standardizedFileURL.resolvingSymlinksInPath().path }
}
