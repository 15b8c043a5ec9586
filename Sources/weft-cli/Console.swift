import Foundation

/// The place that the command writes to, and what that place can show.
struct Console: Sendable {
    /// Whether a line can be redrawn in place.
    let isInteractive: Bool
    /// Whether text may be coloured: an interactive terminal, and `NO_COLOR` (no-color.org) is unset or empty.
    let usesColor: Bool
    /// Columns of a line.
    let width: Int

    /// Without a terminal to ask, lines have the customary 80 columns.
    static let defaultWidth = 80

    /// Standard output as the environment describes it. A terminal that calls itself dumb is written to as a file is.
    static func standardOutput(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> Console {
        let isInteractive = isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
        return Console(
            isInteractive: isInteractive,
            usesColor: isInteractive && (environment["NO_COLOR"] ?? "").isEmpty,
            width: terminalWidth() ?? environment["COLUMNS"].flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
                ?? defaultWidth
        )
    }

    /// The terminal's width now, or nil where there is no terminal or it does not know.
    private static func terminalWidth() -> Int? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// Writes `text` at once: past the C library's buffer, so that a redrawn line is seen when it is drawn.
    func write(_ text: String) {
        // A reader that went away ends the process by SIGPIPE; any other failure to print is not worth a result.
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }

    func writeLine(_ text: String = "") {
        write(text + "\n")
    }

    /// `text` in `style` where colours are shown, and `text` alone elsewhere.
    func styled(_ text: String, _ style: TextStyle) -> String {
        usesColor ? "\u{1b}[\(style.rawValue)m\(text)\u{1b}[0m" : text
    }
}

/// A way of setting text apart: the parameters of the terminal's Select Graphic Rendition sequence.
enum TextStyle: String {
    case bold = "1"
    case faint = "2"
    case red = "31"
    case green = "32"
    case cyan = "36"
}
