import CCoreProbe

/// What two of the machine's cores were like at a moment, whoever takes turns on them.
///
/// The cores of a virtual machine are moved among those of its host, and share them with other machines. Where two lie
/// in different last-level caches, passing data between them takes three times as long, but each has a way to memory
/// of its own. Where another machine uses the other half of a core, or both are halves of the same one, arithmetic takes
/// twice as long. Ratios differ with either.
package struct CoreProbe: Equatable {
    /// The seconds that a core takes to write a cache line which another has read.
    package var lineTransfer: Double
    /// The seconds that a fixed amount of arithmetic took on the slower core.
    package var arithmetic: Double

    package init(lineTransfer: Double, arithmetic: Double) {
        self.lineTransfer = lineTransfer
        self.arithmetic = arithmetic
    }

    /// Probes the cores now; nil where that cannot be done.
    package static func take() -> CoreProbe? {
        var probe = core_probe()
        guard core_probe(&probe) == 0 else { return nil }
        return CoreProbe(lineTransfer: probe.line_transfer, arithmetic: probe.arithmetic)
    }

    /// Whether the cores were near each other and at full speed.
    ///
    /// - Parameter arithmetic: what the arithmetic takes on cores that nobody else uses.
    func isQuiet(arithmetic fastest: Double) -> Bool {
        lineTransfer <= CoreProbe.nearestTransfer && arithmetic <= fastest * CoreProbe.slowestArithmetic
    }

    /// Where this was chosen, a line took 3.5 to 5 ns at times and 12 to 19 at others, and hardly ever anything between.
    private static let nearestTransfer = 8e-9
    /// There the arithmetic took 1 to 1.15 times as long as the quickest, or 1.7 times and more.
    private static let slowestArithmetic = 1.3
}
