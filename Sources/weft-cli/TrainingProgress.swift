/// How far a training run over epochs has come, and how it goes.
struct TrainingProgress: Equatable, Sendable, ProgressReport {
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

    var fraction: Double {
        let total = Double(epochs) * Double(steps)
        return total > 0 ? min(1, max(0, (Double(epoch - 1) * Double(steps) + Double(step)) / total)) : 0
    }

    var label: String {
        let epochs = String(epochs)
        return "epoch \(String(epoch).leftPadded(to: epochs.count))/\(epochs)"
    }

    var figures: [String] {
        [
            "loss \(fixed(loss, digits: 4))",
            "acc \(percentage(accuracy, digits: 1).leftPadded(to: 7))",
            rate.leftPadded(to: 19),
        ]
    }

    /// What to say at the end of an epoch.
    func line(testLoss: Double, testAccuracy: Double) -> String {
        [
            label,
            "loss \(fixed(loss, digits: 4))",
            "accuracy \(fixed(accuracy, digits: 4))",
            "test loss \(fixed(testLoss, digits: 4))",
            "test accuracy \(fixed(testAccuracy, digits: 4))",
            rate,
        ].joined(separator: "  ")
    }

    private var rate: String { "\(grouped(Int(exactly: samplesPerSecond.rounded()) ?? 0)) samples/s" }
}
