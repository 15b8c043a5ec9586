import Foundation

/// A linear axis whose ends and ticks are round numbers: multiples of 1, 2 or 5 times a power of ten.
struct AxisScale: Equatable, Sendable {
    let lowerBound: Double
    let upperBound: Double
    let step: Double
    /// Digits after the point that tell neighbouring ticks apart.
    let fractionDigits: Int

    /// The smallest such axis that holds `values` with at most `maximumTicks` intervals.
    ///
    /// - Parameters:
    ///   - values: finite numbers; without any, the axis is 0 to 1.
    ///   - limit: a value that the axis does not go beyond, such as 1 for a share.
    ///   - smallestStep: no ticks closer than this, such as 1 for a count.
    init(
        containing values: [Double],
        maximumTicks: Int = 6,
        limit: Double = .infinity,
        smallestStep: Double = 0
    ) {
        let lowest = values.min() ?? 0
        let highest = min(values.max() ?? 1, limit)
        let size = max(abs(lowest), abs(highest))
        // A flat line gets an axis too: a tenth of its height.
        let isFlat = highest - lowest <= size * 1e-9
        let span = isFlat ? (size > 0 ? size / 10 : 1) : highest - lowest
        let step = max(Self.roundStep(atLeast: span / Double(maximumTicks)), smallestStep)
        let upper = min((highest / step - 1e-9).rounded(.up) * step, limit)
        let lower = (lowest / step + 1e-9).rounded(.down) * step
        lowerBound = lower < upper ? lower : upper - step
        upperBound = upper
        self.step = step
        fractionDigits = max(0, Int((-log10(step) - 1e-9).rounded(.up)))
    }

    var ticks: [Double] {
        let count = Int(((upperBound - lowerBound) / step + 1e-9).rounded(.down))
        return (0...count).map { lowerBound + Double($0) * step }
    }

    /// Where `value` lies, 0 at the lower bound and 1 at the upper one.
    func position(of value: Double) -> Double {
        (value - lowerBound) / (upperBound - lowerBound)
    }

    private static func roundStep(atLeast step: Double) -> Double {
        let magnitude = pow(10, log10(step).rounded(.down))
        let multiple = [1.0, 2, 5].first { $0 * magnitude >= step * (1 - 1e-9) } ?? 10
        return multiple * magnitude
    }
}
