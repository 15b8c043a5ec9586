import CLineTransfer

/// How far from each other the machine's cores are.
///
/// The cores of a virtual machine are moved among those of its host. Where two share a last-level cache, each takes a
/// line over from the other in a third of the time that it needs where they do not; but then they share its way to
/// memory as well. Whatever passes data from core to core, or waits for memory, has another ratio in either case.
package enum CoreDistance {
    /// Up to this many seconds a line, cores are near each other.
    ///
    /// Where this was chosen a line took 3.5 to 5 ns at times and 12 to 14 at others, and hardly ever anything between.
    static let near = 8e-9

    /// The time in which a core takes over a cache line that another has read; nil where that cannot be measured.
    package static func measure() -> Double? {
        let seconds = line_transfer_seconds()
        return seconds < 0 ? nil : seconds
    }
}
