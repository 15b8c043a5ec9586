/// How well the ratios of two runs agree.
public struct Repeatability: Equatable {
    /// One ratio that both runs have.
    public struct Pair: Equatable {
        public var row: String
        public var peer: String
        public var first: Double
        public var second: Double

        /// By how much the larger ratio exceeds the smaller, as a fraction of it: the same whichever run came first.
        public var difference: Double { max(first, second) / min(first, second) - 1 }
    }

    /// Those further apart than is allowed, the furthest first.
    public var apart: [Pair] = []
    /// How many ratios both runs have.
    public var count = 0

    /// - Parameters:
    ///   - tolerance: how far apart two ratios may be, as in `Pair.difference`.
    ///   - seconds: rows that are quicker in either run are left out.
    public init(_ first: [RowResult], _ second: [RowResult], tolerance: Double, atLeast seconds: Double) {
        let others = Dictionary(second.map { ($0.name, $0) }) { $1 }
        for row in first {
            guard let other = others[row.name], let one = row.weftSeconds, let two = other.weftSeconds,
                min(one, two) >= seconds
            else { continue }
            for (peer, ratio) in row.ratio {
                guard let again = other.ratio[peer] else { continue }
                count += 1
                let pair = Pair(row: row.name, peer: peer, first: ratio, second: again)
                if pair.difference > tolerance { apart.append(pair) }
            }
        }
        apart.sort { ($1.difference, $0.row, $0.peer) < ($0.difference, $1.row, $1.peer) }
    }

    /// In one sentence: `50 of 53 ratios agree within 15 %.`
    public func sentence(tolerance: Double) -> String {
        "\(count - apart.count) of \(count) ratios agree within \(Format.percent(tolerance))."
    }
}
