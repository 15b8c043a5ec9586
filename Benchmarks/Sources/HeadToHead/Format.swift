import Foundation

/// Numbers in words.
public enum Format {
    /// A duration with a fitting unit: `1.23 ms`.
    public static func seconds(_ seconds: Double) -> String {
        for (unit, factor) in [("ns", 1e9), ("µs", 1e6), ("ms", 1e3)] where seconds * factor < 999.5 {
            return significant(seconds * factor, 3) + " " + unit
        }
        return significant(seconds, 3) + " s"
    }

    /// How many times as long: `1.83x`.
    public static func ratio(_ ratio: Double) -> String {
        (ratio < 9.995 ? String(format: "%.2f", ratio) : significant(ratio, 3)) + "x"
    }

    /// A fraction in percent: `83 %`.
    public static func percent(_ fraction: Double) -> String {
        fraction < 0.0995 ? String(format: "%.1f %%", fraction * 100) : String(format: "%.0f %%", fraction * 100)
    }

    /// Operations or bytes per second: `243 GFLOP/s`.
    public static func rate(_ rate: Double, _ unit: String) -> String { significant(rate / 1e9, 3) + " G\(unit)/s" }

    /// A size in megabytes: `41.2 MB`.
    public static func megabytes(_ bytes: Int) -> String { significant(Double(bytes) / 1e6, 3) + " MB" }

    /// Minutes and seconds: `2:05`.
    public static func clock(_ seconds: Double) -> String {
        let whole = Int(seconds.rounded())
        return String(format: "%d:%02d", whole / 60, whole % 60)
    }

    /// The number with so many significant digits, without an exponent from thousandths to millions.
    public static func significant(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
        // The exponent of the rounded number, which may be one more than that of the number.
        let scientific = String(format: "%.\(digits - 1)e", value)
        let magnitude = scientific.split(separator: "e").last.flatMap { Int($0) } ?? 0
        if magnitude < -3 || magnitude > 6 { return scientific }
        return String(format: "%.\(max(0, digits - 1 - magnitude))f", value)
    }

    /// The value rounded to so many significant digits, so that files do not hold digits that mean nothing.
    static func rounded(_ value: Double, _ digits: Int = 5) -> Double {
        Double(String(format: "%.\(digits)g", value)) ?? value
    }
}
