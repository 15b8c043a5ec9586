/// Order statistics of the samples of a run.
public enum Statistics {
    /// The value below which `fraction` of the values lie, interpolated between neighbours.
    ///
    /// - Parameters:
    ///   - values: in any order, at least one.
    ///   - fraction: from 0, the smallest, to 1, the largest.
    public static func quantile(_ values: [Double], _ fraction: Double) -> Double {
        precondition(!values.isEmpty, "no values have no quantile")
        let sorted = values.sorted()
        let position = fraction * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
    }

    public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

    /// The distance between the quartiles as a fraction of the median: half of the values lie within this band.
    public static func spread(_ values: [Double]) -> Double {
        (quantile(values, 0.75) - quantile(values, 0.25)) / median(values)
    }
}
