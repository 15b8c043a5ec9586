import Testing

@testable import weft_cli

@Suite struct DigitDrawingTests {
    static let plain = Console(isInteractive: false, usesColor: false, width: 80)

    static func verdict(_ prediction: Int, is label: Int = 3) -> DigitVerdict {
        DigitVerdict(
            pixels: (0..<64).map { Float($0) / 63 },
            label: label,
            prediction: prediction,
            confidence: 0.987
        )
    }

    @Test func shadesFromBlankToSolid() {
        var pixels = [Float](repeating: 0, count: 64)
        pixels.replaceSubrange(0..<5, with: [0, 0.25, 0.5, 0.75, 1])
        #expect(DigitDrawing.picture(pixels)[0] == "  ░░▒▒▓▓██      ")
        #expect(DigitDrawing.picture(pixels)[7] == String(repeating: " ", count: 16))
    }

    @Test func showsFaintStrokes() {
        #expect(DigitDrawing.picture([Float](repeating: 1 / 16, count: 64))[0].first == "░")
    }

    @Test func saysWhatTheModelSaid() {
        let text = DigitDrawing(console: Self.plain).lines([Self.verdict(3)]).joined(separator: "\n")
        #expect(text.contains("says 3 ✓"))
        #expect(text.contains("98.7 %"))
        #expect(!text.contains("it is"))
    }

    @Test func saysWhatAMisreadDigitIs() {
        let text = DigitDrawing(console: Self.plain).lines([Self.verdict(8)]).joined(separator: "\n")
        #expect(text.contains("says 8 ✗"))
        #expect(text.contains("it is 3"))
    }

    @Test(arguments: [(20, 4), (52, 2), (79, 2), (80, 2), (200, 1)])
    func fillsTheWidth(width: Int, rows: Int) {
        let console = Console(isInteractive: false, usesColor: false, width: width)
        let lines = DigitDrawing(console: console).lines((0..<4).map { Self.verdict($0) })
        #expect(lines.count == rows * 8 + rows - 1)
        #expect(lines.allSatisfy { $0.count <= max(width, 25) })
    }

    @Test func colorsOnlyWhereColorsAreShown() {
        let colored = Console(isInteractive: true, usesColor: true, width: 80)
        #expect(DigitDrawing(console: colored).lines([Self.verdict(3)]).joined().contains("\u{1b}[32m"))
        #expect(!DigitDrawing(console: Self.plain).lines([Self.verdict(3)]).joined().contains("\u{1b}"))
    }
}
