import Foundation

/// How much of the machine other programs use, which would spoil what is measured.
public enum MachineLoad {
    /// How many cores were busy on average during `seconds`, in which this process sleeps; nil where the system does
    /// not say.
    public static func busyCores(during seconds: Double) -> Double? {
        guard let before = read() else { return nil }
        usleep(UInt32(seconds * 1e6))
        guard let after = read(), after.total > before.total else { return nil }
        let cores = Double(ProcessInfo.processInfo.processorCount)
        return cores * Double(after.busy - before.busy) / Double(after.total - before.total)
    }

    private static func read() -> (busy: Int, total: Int)? {
        (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)).flatMap(ticks)
    }

    /// The ticks of all cores together since the system started, out of `/proc/stat`.
    package static func ticks(inStatistics text: String) -> (busy: Int, total: Int)? {
        // cpu  user nice system idle iowait irq softirq steal guest guest_nice; guests are counted in user and nice.
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let values = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
        guard values.count >= 5 else { return nil }
        let total = values.reduce(0, +)
        return (total - values[3] - values[4], total)
    }
}
