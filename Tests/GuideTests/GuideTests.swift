import Foundation
import Testing

struct GuideTests {
    @Test func `The articles show no code that is not tested`() throws {
        let tested = Set(try Guide.snippets().values)
        for (name, text) in try Guide.articles() {
            for block in Guide.codeBlocks(of: text) {
                #expect(tested.contains(block), "\(name) shows code that is no snippet of the tests:\n\(block)")
            }
        }
    }

    @Test func `Every snippet of the tests stands in an article`() throws {
        let shown = Set(try Guide.articles().values.flatMap(Guide.codeBlocks))
        let snippets = try Guide.snippets()
        #expect(snippets.count >= 10)
        for (name, code) in snippets {
            #expect(shown.contains(code), "no article shows the snippet \(name)")
        }
    }

    /// With WEFT_WRITE_GUIDE set, writes the article's tables instead.
    @Test func `The article shows the table that is tested`() throws {
        let file = Guide.catalog.appending(path: "FromPyTorchAndNumPy.md")
        let article = try String(contentsOf: file, encoding: .utf8)
        let heading = "## The table\n"
        let start = try #require(article.range(of: heading)).upperBound
        let tables = try Guide.translationTables()
        #expect(tables.components(separatedBy: "\n| `").count > 60)
        if ProcessInfo.processInfo.environment["WEFT_WRITE_GUIDE"] != nil {
            try (article[..<start] + tables).write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(article[start...] == tables, "WEFT_WRITE_GUIDE=1 swift test --filter GuideTests writes it")
        }
    }
}
