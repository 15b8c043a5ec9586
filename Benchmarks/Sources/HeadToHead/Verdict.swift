/// How Weft fared over many rows.
public struct Verdict: Equatable {
    /// Faster than every peer that was measured.
    public var won: [RowResult] = []
    /// Slower than a peer.
    public var lost: [RowResult] = []
    /// Measured, but without any peer: neither won nor lost.
    public var unopposed: [RowResult] = []
    /// Not in Weft yet.
    public var missing: [RowResult] = []
    /// With a wrong result or an error.
    public var failed: [RowResult] = []

    public init(of rows: [RowResult]) {
        for row in rows {
            if row.failure != nil {
                failed.append(row)
            } else if row.missing != nil {
                missing.append(row)
            } else if let ratio = row.bestRatio {
                if ratio < 1 { lost.append(row) } else { won.append(row) }
            } else {
                unopposed.append(row)
            }
        }
    }

    /// In one sentence: `40 rows: 30 faster than every peer, 5 slower than one, …`.
    public var sentence: String {
        let count = won.count + lost.count + unopposed.count + missing.count + failed.count
        let parts = [
            (won.count, "not slower than any peer"), (lost.count, "slower than a peer"),
            (unopposed.count, "without a peer"), (missing.count, "missing in Weft"), (failed.count, "failed"),
        ]
        let words = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return "\(count) \(count == 1 ? "row" : "rows"): " + words.joined(separator: ", ") + "."
    }
}
