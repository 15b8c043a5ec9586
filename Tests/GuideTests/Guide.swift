import Foundation

/// The guide's articles, and the sources of the tests that its code comes from.
enum Guide {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    static let catalog = tests.deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Weft/Weft.docc")

    /// The articles' texts by their files' names.
    static func articles() throws -> [String: String] {
        let files = try FileManager.default.contentsOfDirectory(at: catalog, includingPropertiesForKeys: nil)
        let texts = try files.filter { $0.pathExtension == "md" }.map { file in
            (file.lastPathComponent, try String(contentsOf: file, encoding: .utf8))
        }
        return Dictionary(uniqueKeysWithValues: texts)
    }

    static func lines(ofTest name: String) throws -> [Substring] {
        try String(contentsOf: tests.appending(path: name), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The blocks of Swift in an article.
    static func codeBlocks(of article: String) -> [String] {
        var blocks: [String] = []
        var block: [Substring]?
        for line in article.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "```", let lines = block {
                blocks.append(lines.joined(separator: "\n"))
                block = nil
            } else if line == "```swift" {
                block = []
            } else {
                block?.append(line)
            }
        }
        return blocks
    }

    /// The code between `// snippet: name` and `// end`, by name, moved to the left margin.
    static func snippets() throws -> [String: String] {
        var found: [String: String] = [:]
        var open: (name: String, indentation: Int, lines: [Substring])?
        for line in try lines(ofTest: "FirstHourTests.swift") {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("// snippet: ") {
                open = (String(content.dropFirst(12)), line.count - content.count, [])
            } else if content == "// end", let snippet = open {
                found[snippet.name] = snippet.lines.joined(separator: "\n")
                open = nil
            } else if let indentation = open?.indentation {
                open!.lines.append(line.dropFirst(indentation))
            }
        }
        return found
    }

    /// What the comments behind `print(…)` and on the lines below say that a snippet prints; nil where there is none.
    static func promisedOutput(of snippet: String) -> [String?] {
        var promises: [String?] = []
        var continues = false
        for line in snippet.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("print(") {
                let comment = content.range(of: ") // ") ?? content.range(of: ")  // ")
                promises.append(comment.map { collapsed(String(content[$0.upperBound...])) })
                continues = comment != nil
            } else if continues, content.hasPrefix("//"), let promise = promises.last {
                promises[promises.count - 1] = collapsed(promise! + " " + content.dropFirst(2))
            } else {
                continues = false
            }
        }
        return promises
    }

    /// `text` with one space in place of each run of white space.
    static func collapsed(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The tables of the article that translates from PyTorch and NumPy, as its test has them.
    static func translationTables() throws -> String {
        var text = ""
        var cells: [String]?
        var code: [Substring] = []
        for line in try lines(ofTest: "TranslationTests.swift") {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("// MARK: - ") {
                text += "\n### \(content.dropFirst(11))\n\n| PyTorch | NumPy | Weft |\n|---|---|---|\n"
            } else if line.hasPrefix("  "), content.hasPrefix("row(") || content.hasPrefix("try row(") {
                let pieces = content.components(separatedBy: "\"")
                guard pieces.count > 5 else { throw Malformed(line: String(content)) }
                cells = [cell(pieces[1]), cell(pieces[3])]
                code = []
            } else if content == "}", let row = cells, line.count == indentation(ofRow: code) {
                let statements = code.map { $0.drop { $0 == " " } }.map {
                    $0.hasPrefix("return ") ? $0.dropFirst(7) : $0
                }
                text += "| \((row + [cell(joined(statements))]).joined(separator: " | ")) |\n"
                cells = nil
            } else if cells != nil {
                code.append(line)
            }
        }
        return text
    }

    /// A row whose texts do not stand in its first line.
    struct Malformed: Error {
        let line: String
    }

    /// Where the brace stands that closes a row: four spaces before the row's code.
    private static func indentation(ofRow code: [Substring]) -> Int {
        code.first.map { $0.count - $0.drop { $0 == " " }.count - 3 } ?? 0
    }

    /// Statements in one line; what continues a statement follows it without a semicolon.
    private static func joined(_ statements: [Substring]) -> String {
        statements.reduce(into: "") { line, next in
            let isContinued = line.isEmpty || line.hasSuffix("{") || line.hasSuffix(" in") || next.hasPrefix("}")
            line += line.isEmpty ? String(next) : (isContinued ? " " : "; ") + next
        }
    }

    /// `code` in a cell of a table. It has no backticks of its own: several around it would make a link to a symbol.
    private static func cell(_ code: String) -> String {
        code == "–" ? code : "`\(code.replacingOccurrences(of: "|", with: "\\|"))`"
    }
}

/// Runs `body` with the path of a folder that is removed afterwards.
func inTemporaryFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "weft-guide-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder.path())
}
