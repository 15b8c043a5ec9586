import BenchmarkRows

/// What a run found out about a row: one element of `head-to-head.json`.
public struct RowResult: Codable, Equatable, Sendable {
    public var name: String
    public var group: String
    /// Of each contestant.
    public var threads: Int
    /// When the run began that measured the row; names the run in `machine.json`.
    public var date: String
    /// The median over all rounds of one iteration's time; nil where the row is missing or failed.
    public var weftSeconds: Double?
    /// The same of each peer that was measured.
    public var peers: [String: Double]
    /// The median over all rounds of the peer's time over Weft's: above 1, Weft is faster.
    public var ratio: [String: Double]
    /// The distance between the quartiles of the ratio to the best peer, as a fraction of its median; of Weft's
    /// own time where no peer was measured.
    public var spread: Double?
    /// The spread of the ratio to each peer.
    public var spreads: [String: Double]
    public var limit: Share
    /// The share of the rate of Weft's micro-kernel on data in the first-level cache, for rows bound by arithmetic.
    public var microkernelFraction: Double?
    /// How long the row's floating-point operations would take at the multiply-add peak.
    public var idealSeconds: Double?
    /// The time on one thread over the time on all.
    public var scaling: Double?
    /// Of a request's time and by contestant, for rows with concurrent callers.
    public var latency: [String: Latency]?
    /// Samples per second and by contestant, for rows with concurrent callers.
    public var throughput: [String: Double]?
    /// Why Weft does not have the row.
    public var missing: String?
    /// What is wrong with the row: a result that differs from a peer's, or Weft's own error.
    public var failure: String?
    /// Which peers could not be measured, though they have the row, and why.
    public var problems: [String: String]?

    /// How many rounds were measured, and in which of them the cores were near each other; nil in results from before
    /// that was measured.
    public var rounds: Rounds?
    /// The median ratios of the rounds that do not count, where there are enough for one.
    public var ratioApart: [String: Double]?

    /// Only rounds with the cores near each other count, if there are enough; otherwise all do.
    public struct Rounds: Codable, Equatable, Sendable {
        /// In how many rounds the cores were near each other all the time.
        public var near: Int
        /// In how many they were not.
        public var apart: Int

        public init(near: Int, apart: Int) {
            self.near = near
            self.apart = apart
        }

        /// How many rounds make a median.
        static let enough = 5

        /// Whether only those near count.
        var tellsApart: Bool { apart > 0 && near >= Rounds.enough }
    }

    /// Which of the machine's limits bounds the row, and how much of it Weft reached.
    public struct Share: Codable, Equatable, Sendable {
        /// A `Limit`, or `overhead` where nothing but overhead is measured.
        public var kind: String
        public var fraction: Double?

        public init(kind: String, fraction: Double? = nil) {
            self.kind = kind
            self.fraction = fraction
        }
    }

    /// Of one request, in seconds.
    public struct Latency: Codable, Equatable, Sendable {
        public var p50: Double
        public var p99: Double

        public init(p50: Double, p99: Double) {
            self.p50 = p50
            self.p99 = p99
        }
    }

    /// The peer that came closest to Weft, or before it.
    public var bestPeer: String? { RowResult.best(in: ratio)?.key }

    /// The ratio to that peer.
    public var bestRatio: Double? { bestPeer.flatMap { ratio[$0] } }

    /// In plain words, whom Weft is slower than: `slower than torch: 0.83x`; nil if nobody was faster.
    public var defeat: String? { RowResult.defeat(in: ratio) }

    /// The same of the rounds that do not count: `slower than torch with the cores apart: 0.83x`.
    public var defeatApart: String? { ratioApart.flatMap { RowResult.defeat(in: $0, " with the cores apart") } }

    private static func best(in ratio: [String: Double]) -> (key: String, value: Double)? {
        ratio.min { ($0.value, $0.key) < ($1.value, $1.key) }
    }

    private static func defeat(in ratio: [String: Double], _ circumstance: String = "") -> String? {
        guard let best = best(in: ratio), best.value < 1 else { return nil }
        return "slower than \(best.key)\(circumstance): \(Format.ratio(best.value))"
    }
}

extension RowResult {
    /// Draws the conclusions from what was measured.
    package init(_ row: Row, _ measured: Measured, peers: [String], oneThread: String?, threads: Int, date: String) {
        name = row.name
        group = row.group
        self.threads = threads
        self.date = date
        let limits = Limit.limits(of: row.work)
        limit = Share(kind: limits.first?.rawValue ?? "overhead")
        missing = measured.missing
        failure = measured.failure
        problems = measured.problems.isEmpty ? nil : measured.problems
        self.peers = [:]
        ratio = [:]
        spreads = [:]
        guard missing == nil, failure == nil, !measured.rounds.isEmpty else { return }

        let (near, apart) = (measured.rounds.filter(\.isNear), measured.rounds.filter { !$0.isNear })
        let split = Rounds(near: near.count, apart: apart.count)
        self.rounds = split
        let rounds = split.tellsApart ? near : measured.rounds
        if split.tellsApart, apart.count >= Rounds.enough {
            ratioApart = RowResult.ratios(to: peers, in: apart).mapValues { Format.rounded(Statistics.median($0)) }
        }
        let weft = rounds.compactMap { $0.times[RowResult.weft]?.seconds }
        weftSeconds = Format.rounded(Statistics.median(weft))
        for peer in peers {
            let times = rounds.compactMap { $0.times[peer]?.seconds }
            guard !times.isEmpty else { continue }
            self.peers[peer] = Format.rounded(Statistics.median(times))
        }
        for (peer, ratios) in RowResult.ratios(to: peers, in: rounds) {
            ratio[peer] = Format.rounded(Statistics.median(ratios))
            spreads[peer] = Format.rounded(Statistics.spread(ratios))
        }
        spread = bestPeer.flatMap { spreads[$0] } ?? Format.rounded(Statistics.spread(weft))
        if let oneThread {
            let times = rounds.compactMap { $0.times[oneThread]?.seconds }
            if !times.isEmpty { scaling = Format.rounded(Statistics.median(zip(times, weft).map { $0 / $1 })) }
        }
        for limit in limits {
            let ideals = rounds.compactMap { round in round.rates[limit].map { limit.seconds(of: row.work, rate: $0) } }
            let fraction = Format.rounded(Statistics.median(zip(ideals, weft).map { $0 / $1 }))
            switch limit {
            case .microkernel: microkernelFraction = fraction
            case .multiplyAdd:
                idealSeconds = Format.rounded(Statistics.median(ideals))
                fallthrough
            default: self.limit.fraction = fraction
            }
        }
        if let callers = row.sizes["callers"] {
            let samples = Double(callers * (row.sizes["batch"] ?? 1))
            latency = [:]
            throughput = [:]
            for contestant in [RowResult.weft] + peers {
                let times = rounds.compactMap { $0.times[contestant] }
                guard !times.isEmpty else { continue }
                throughput?[contestant] = Format.rounded(samples / Statistics.median(times.map(\.seconds)))
                if let p50 = TurnTime.median(times.compactMap(\.p50)),
                    let p99 = TurnTime.median(times.compactMap(\.p99))
                {
                    latency?[contestant] = Latency(p50: Format.rounded(p50), p99: Format.rounded(p99))
                }
            }
        }
    }

    /// Each peer's time over Weft's, round by round.
    private static func ratios(to peers: [String], in rounds: [Round]) -> [String: [Double]] {
        var ratios: [String: [Double]] = [:]
        for round in rounds {
            guard let weft = round.times[RowResult.weft] else { continue }
            for peer in peers {
                guard let time = round.times[peer] else { continue }
                ratios[peer, default: []].append(time.seconds / weft.seconds)
            }
        }
        return ratios
    }

    /// Weft's name among the contestants.
    public static let weft = "weft"
}

extension RowResult {
    private enum CodingKeys: String, CodingKey {
        case name, group, threads, date, peers, ratio, spread, spreads, limit, scaling, latency, throughput, missing
        case failure, problems, rounds
        case ratioApart = "ratio_apart"
        case weftSeconds = "weft_seconds"
        case microkernelFraction = "microkernel_fraction"
        case idealSeconds = "ideal_seconds"
    }

    /// Writes the keys that every row has even where they are null, and the others where there is something to say.
    public func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(name, forKey: .name)
        try keys.encode(group, forKey: .group)
        try keys.encode(threads, forKey: .threads)
        try keys.encode(date, forKey: .date)
        try keys.encode(weftSeconds, forKey: .weftSeconds)
        try keys.encode(peers, forKey: .peers)
        try keys.encode(ratio, forKey: .ratio)
        try keys.encode(spread, forKey: .spread)
        try keys.encode(spreads, forKey: .spreads)
        try keys.encode(limit, forKey: .limit)
        try keys.encodeIfPresent(rounds, forKey: .rounds)
        try keys.encodeIfPresent(ratioApart, forKey: .ratioApart)
        try keys.encodeIfPresent(microkernelFraction, forKey: .microkernelFraction)
        try keys.encodeIfPresent(idealSeconds, forKey: .idealSeconds)
        try keys.encodeIfPresent(scaling, forKey: .scaling)
        try keys.encodeIfPresent(latency, forKey: .latency)
        try keys.encodeIfPresent(throughput, forKey: .throughput)
        try keys.encodeIfPresent(missing, forKey: .missing)
        try keys.encodeIfPresent(failure, forKey: .failure)
        try keys.encodeIfPresent(problems, forKey: .problems)
    }
}

extension RowResult.Share {
    private enum CodingKeys: String, CodingKey { case kind, fraction }

    public func encode(to encoder: any Encoder) throws {
        var keys = encoder.container(keyedBy: CodingKeys.self)
        try keys.encode(kind, forKey: .kind)
        try keys.encode(fraction, forKey: .fraction)
    }
}
