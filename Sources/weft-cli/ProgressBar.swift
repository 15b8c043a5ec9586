/// How far a training run has come, and how it goes.
struct TrainingProgress: Equatable, Sendable {
    /// The epoch under way, from 1.
    var epoch: Int
    var epochs: Int
    /// Steps done in this epoch.
    var step = 0
    var steps: Int
    /// Means over this epoch so far.
    var loss = 0.0
    var accuracy = 0.0
    /// Over the whole run so far.
    var samplesPerSecond = 0.0

    /// The share of the run that is done, 0 to 1.
    var fraction: Double {
        let total = Double(epochs) * Double(steps)
        return total > 0 ? min(1, max(0, (Double(epoch - 1) * Double(steps) + Double(step)) / total)) : 0
    }
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
    mutating func update(_ progress: TrainingProgress, now: ContinuousClock.Instant = .now) {
        guard console.isInteractive else { return }
        if let lastDrawn, now - lastDrawn < Self.redrawInterval { return }
        lastDrawn = now
        redraw(progress)
    }

    /// Takes note of an epoch's end.
    mutating func finishEpoch(_ progress: TrainingProgress, testLoss: Double, testAccuracy: Double) {
        if console.isInteractive {
            redraw(progress)
        } else {
            emit(Self.epochLine(progress, testLoss: testLoss, testAccuracy: testAccuracy) + "\n")
        }
    }

    /// Leaves the last state of the bar on a line of its own. Also called when training fails, so that the error does
    /// not stand in the middle of the bar.
    mutating func finish() {
        guard console.isInteractive, lastDrawn != nil else { return }
        emit("\n")
        lastDrawn = nil
    }

    private func redraw(_ progress: TrainingProgress) {
        // Back to the first column, the line, and whatever a longer line left behind it erased.
        emit("\r" + Self.line(progress, width: console.width, style: console.styled) + "\u{1b}[K")
    }

    // MARK: - Layout

    private static let widestBar = 32
    private static let narrowestBar = 8

    /// The bar with its figures, in fewer than `width` columns: in the last column some terminals wrap at once, and a
    /// wrapped line cannot be drawn over. Where room is short, figures go first and the bar after them.
    static func line(
        _ progress: TrainingProgress,
        width: Int,
        style: (String, TextStyle) -> String = { text, _ in text }
    ) -> String {
        let room = max(0, width - 1)
        let label = epochLabel(progress)
        var figures = [
            "loss \(fixed(progress.loss, digits: 4))",
            "acc \(percentage(progress.accuracy, digits: 1).leftPadded(to: 7))",
            "\(grouped(rate(progress))) samples/s".leftPadded(to: 19),
        ]
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

    static func epochLine(_ progress: TrainingProgress, testLoss: Double, testAccuracy: Double) -> String {
        [
            epochLabel(progress),
            "loss \(fixed(progress.loss, digits: 4))",
            "accuracy \(fixed(progress.accuracy, digits: 4))",
            "test loss \(fixed(testLoss, digits: 4))",
            "test accuracy \(fixed(testAccuracy, digits: 4))",
            "\(grouped(rate(progress))) samples/s",
        ].joined(separator: "  ")
    }

    private static func epochLabel(_ progress: TrainingProgress) -> String {
        let epochs = String(progress.epochs)
        return "epoch \(String(progress.epoch).leftPadded(to: epochs.count))/\(epochs)"
    }

    private static func rate(_ progress: TrainingProgress) -> Int {
        Int(exactly: progress.samplesPerSecond.rounded()) ?? 0
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
