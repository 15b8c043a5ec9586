import Foundation
import HeadToHead
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Picture")
struct PictureTests {
    @Test("a picture is well-formed XML with a bar for each row that has a peer")
    func wellFormed() throws {
        let svg = Picture(group: "matmul", rows: samples).svg
        let counter = ElementCounter()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = counter
        #expect(parser.parse())
        // One of each in the legend.
        #expect(counter.classes["faster"] == 2)
        #expect(counter.classes["slower"] == 2)
        #expect(counter.classes["one"] == 1)
        #expect(counter.text.contains("0.83x torch") && counter.text.contains("1.25x openblas"))
        #expect(counter.text.contains("missing: no <LSTM> yet") && counter.text.contains("no peer measured"))
    }

    @Test("bars end where their ratios are, on either side of 1", arguments: [0.01, 0.5, 0.9, 1, 1.1, 3, 4, 200])
    func scale(_ ratio: Double) throws {
        let svg = Picture(group: "g", rows: [.named("g/1", ratio: ["torch": ratio])]).svg
        let counter = ElementCounter()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = counter
        #expect(parser.parse())
        let bar = try #require(counter.boxes.last)
        let one = try #require(counter.one)
        if ratio < 1 {
            #expect(abs(bar.x + bar.width - one) < 0.2)
        } else {
            #expect(abs(bar.x - one) < 0.2)
        }
        // Within the columns of the bars.
        #expect(bar.x >= 299 && bar.x + bar.width <= 606)
    }

    private final class ElementCounter: NSObject, XMLParserDelegate {
        var classes: [String: Int] = [:]
        var text = ""
        var boxes: [(x: Double, width: Double)] = []
        var one: Double?

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            guard let style = attributes["class"] else { return }
            classes[style, default: 0] += 1
            if name == "rect", let x = attributes["x"], let width = attributes["width"] {
                boxes.append((Double(x) ?? .nan, Double(width) ?? .nan))
            }
            if style == "one" { one = attributes["x1"].flatMap(Double.init) }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
    }
}
