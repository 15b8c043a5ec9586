/// How far some work has come, and how it goes.
protocol ProgressReport {
    /// What stands before the bar.
    var label: String { get }
    /// What stands behind the bar, the most telling first: where room is short, the last ones are left out.
    var figures: [String] { get }
    /// The share of the work that is done, 0 to 1.
    var fraction: Double { get }
}

/// Shows training as it happens: one line drawn over and over on a terminal, a line for each epoch elsewhere.
struct ProgressBar {
    private let console: Console
    private let emit: (String) -> Void
    private var lastDrawn: ContinuousClock.Instant?

    /// Terminals show no more than this, and drawing more often would only slow down the training.
    private static let redrawInterval = Duration.milliseconds(50)

    /// - Parameter emit: receives the text to print; the console itself unless told otherwise.
    init(console: Console, emit: ((String) -> Void)? = nil) {
        self.console = console
        self.emit = emit ?? { console.write($0) }
    }

    /// Takes note of a step.
    mutating func update(_ progress: some ProgressReport, now: ContinuousClock.Instant = .now) {
        guard console.isInteractive else { return }
        if let lastDrawn, now - lastDrawn < Self.redrawInterval { return }
        lastDrawn = now
        redraw(progress)
    }

    /// Takes note of the end of a part of the work, of which `line` says how it went.
    mutating func finishPart(_ progress: some ProgressReport, line: @autoclosure () -> String) {
        if console.isInteractive {
            // So that `finish` knows that there is a line to end, however soon the part ended.
            lastDrawn = .now
            redraw(progress)
        } else {
            emit(line() + "\n")
        }
    }

    /// Leaves the last state of the bar on a line of its own. Also called when training fails, so that the error does
    /// not stand in the middle of the bar.
    mutating func finish() {
        guard console.isInteractive, lastDrawn != nil else { return }
        emit("\n")
        lastDrawn = nil
    }

    private func redraw(_ progress: some ProgressReport) {
        // Back to the first column, the line, and whatever a longer line left behind it erased.
        emit("\r" + Self.line(progress, width: console.width, style: console.styled) + "\u{1b}[K")
    }

    // MARK: - Layout

    private static let widestBar = 32
    private static let narrowestBar = 8

    /// The bar with its figures, in fewer than `width` columns: in the last column some terminals wrap at once, and a
    /// wrapped line cannot be drawn over. Where room is short, figures go first and the bar after them.
    static func line(
        _ progress: some ProgressReport,
        width: Int,
        style: (String, TextStyle) -> String = { text, _ in text }
    ) -> String {
        let room = max(0, width - 1)
        let label = progress.label
        var figures = progress.figures
        while true {
            let figuresWidth = figures.reduce(0) { $0 + 2 + $1.count }
            let bar = min(widestBar, room - label.count - 1 - figuresWidth)
            if bar >= narrowestBar {
                let (done, rest) = blocks(fraction: progress.fraction, width: bar)
                return label + " " + style(done, .cyan) + style(rest, .faint) + figures.map { "  " + $0 }.joined()
            }
            if figures.popLast() == nil {
                return String(label.prefix(room))
            }
        }
    }

    /// A bar of `width` columns in eighths of a column, split where the done part ends.
    private static func blocks(fraction: Double, width: Int) -> (done: String, rest: String) {
        let partial: [Character] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        let eighths = Int((fraction * Double(width) * 8).rounded(.down))
        var done = String(repeating: "█", count: eighths / 8)
        if eighths % 8 > 0 { done.append(partial[eighths % 8 - 1]) }
        return (done, String(repeating: "·", count: width - done.count))
    }
}
