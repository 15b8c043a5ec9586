/// What a model wrote, set apart from what the command says.
enum TextDrawing {
    /// `text` in lines of fewer than `width` columns, each behind a bar.
    static func lines(_ text: String, width: Int) -> [String] {
        let room = max(8, width - 5)
        return text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { wrapped(printable($0), room) }
            .map { $0.isEmpty ? "  │" : "  │ " + $0 }
    }

    /// `line` with what would move a terminal's cursor, or worse, made visible.
    private static func printable(_ line: Substring) -> [Character] {
        line.map { character in
            character.unicodeScalars.contains { $0.properties.generalCategory == .control } ? "·" : character
        }
    }

    /// `line` cut into pieces of at most `width` characters, after spaces where there are any.
    private static func wrapped(_ line: [Character], _ width: Int) -> [String] {
        var pieces: [String] = []
        var rest = line[...]
        while rest.count > width {
            let piece = rest.prefix(width + 1)
            // The space itself is left out: the end of the line stands for it.
            let end = piece.lastIndex(of: " ").flatMap { $0 > rest.startIndex ? $0 : nil }
            pieces.append(String(end.map { rest[..<$0] } ?? rest.prefix(width)))
            rest = end.map { rest[($0 + 1)...] } ?? rest.dropFirst(width)
        }
        return pieces + [String(rest)]
    }
}
