/// A test digit with what it is and what the model said.
struct DigitVerdict: Equatable, Sendable {
    /// 64 intensities from 0 to 1, row-major.
    var pixels: [Float]
    var label: Int
    var prediction: Int
    /// The model's probability for its prediction, 0 to 1.
    var confidence: Double

    var isCorrect: Bool { prediction == label }
}

/// Draws digits as block characters, each beside what the model said of it, as many in a row as the terminal holds.
struct DigitDrawing {
    static let side = 8
    private static let columnsPerPixel = 2  // A character is about twice as tall as wide.
    private static let captionWidth = 8
    private static let captionGap = " "
    /// Between digits. With it, three of them fit into 80 columns.
    private static let gap = "  "
    private static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

    /// Columns of one digit with its caption.
    private static let cellWidth = side * columnsPerPixel + captionGap.count + captionWidth

    let console: Console

    /// Lines of text, none longer than the terminal is wide unless that is narrower than one digit.
    func lines(_ verdicts: [DigitVerdict]) -> [String] {
        let perRow = max(1, (console.width + Self.gap.count) / (Self.cellWidth + Self.gap.count))
        var lines: [String] = []
        for start in stride(from: 0, to: verdicts.count, by: perRow) {
            if start > 0 { lines.append("") }
            let row = verdicts[start..<min(start + perRow, verdicts.count)].map(cell)
            for line in 0..<Self.side {
                let text = row.map { $0[line] }.joined(separator: Self.gap)
                lines.append(String(text.reversed().drop { $0 == " " }.reversed()))
            }
        }
        return lines
    }

    /// One digit: eight lines of equal width.
    private func cell(_ verdict: DigitVerdict) -> [String] {
        let style: TextStyle = verdict.isCorrect ? .green : .red
        var captions = Array(repeating: (text: "", style: style), count: Self.side)
        captions[2] = ("says \(verdict.prediction) \(verdict.isCorrect ? "✓" : "✗")", style)
        captions[3] = (percentage(verdict.confidence, digits: 1), .faint)
        if !verdict.isCorrect { captions[5] = ("it is \(verdict.label)", .bold) }
        return zip(Self.picture(verdict.pixels), captions).map { pixels, caption in
            let text = caption.text.padded(to: Self.captionWidth)
            return pixels + Self.captionGap + (caption.text.isEmpty ? text : console.styled(text, caption.style))
        }
    }

    /// The picture alone: eight lines of sixteen characters.
    static func picture(_ pixels: [Float]) -> [String] {
        precondition(pixels.count == side * side, "a digit has \(side * side) pixels")
        return (0..<side).map { row in
            pixels[row * side..<(row + 1) * side].map { pixel in
                // The lightest shade starts above zero, so that a faint stroke still shows.
                let level = Int((min(1, max(0, pixel)) * Float(shades.count - 1)).rounded(.up))
                return String(repeating: shades[level], count: columnsPerPixel)
            }.joined()
        }
    }
}
