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
    /// The median over all rounds of what was resident at most; nil where the row does not measure memory.
    public var weftBytes: Double?
    /// The same of each peer that was measured: bytes where the row measures memory, otherwise seconds.
    public var peers: [String: Double]
    /// The median over all rounds of the peer's time, or memory, over Weft's: above 1, Weft is better.
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

    /// How many rounds there were; nil where none was measured.
    public var rounds: Rounds?
    /// The median ratios of disturbed rounds, where they do not count and are enough for a median.
    public var ratioDisturbed: [String: Double]?

    /// Only rounds in which the cores were quiet count, if there are enough; otherwise all do.
    public struct Rounds: Codable, Equatable, Sendable {
        /// How many rounds found the cores quiet all the time: see `CoreProbe`.
        public var quiet: Int
        /// How many did not.
        public var disturbed: Int

        public init(quiet: Int, disturbed: Int) {
            self.quiet = quiet
            self.disturbed = disturbed
        }

        /// How many rounds make a median.
        static let enough = 5
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

    /// What the row measures of Weft in words: `1.23 ms`, `41.2 MB`; nil where there is nothing to tell.
    public var weftCost: String? {
        if let weftBytes { return Format.megabytes(Int(weftBytes)) }
        return weftSeconds.map(Format.seconds)
    }

    /// The peer that came closest to Weft, or before it.
    public var bestPeer: String? { RowResult.best(in: ratio)?.key }

    /// The ratio to that peer.
    public var bestRatio: Double? { bestPeer.flatMap { ratio[$0] } }

    /// In plain words, whom Weft is slower than: `slower than torch: 0.83x`; nil if nobody was faster.
    public var defeat: String? { defeat(in: ratio) }

    /// The same of the rounds that do not count: `slower than torch in disturbed rounds: 0.83x`.
    public var defeatDisturbed: String? { ratioDisturbed.flatMap { defeat(in: $0, " in disturbed rounds") } }

    private static func best(in ratio: [String: Double]) -> (key: String, value: Double)? {
        ratio.min { ($0.value, $0.key) < ($1.value, $1.key) }
    }

    private func defeat(in ratio: [String: Double], _ circumstance: String = "") -> String? {
        guard let best = RowResult.best(in: ratio), best.value < 1 else { return nil }
        let comparative = weftBytes == nil ? "slower" : "larger"
        return "\(comparative) than \(best.key)\(circumstance): \(Format.ratio(best.value))"
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

        let (quiet, disturbed) = measured.divided()
        self.rounds = Rounds(quiet: quiet.count, disturbed: disturbed.count)
        let rounds = quiet.count < Rounds.enough ? measured.rounds : quiet
        if min(quiet.count, disturbed.count) >= Rounds.enough {
            ratioDisturbed = Measured.ratios(in: disturbed).filter { peers.contains($0.key) }
                .mapValues { Format.rounded(Statistics.median($0)) }
        }
        let weft = rounds.compactMap { $0.times[RowResult.weft]?.cost }
        let median = Format.rounded(Statistics.median(weft))
        if row.measuresMemory { weftBytes = median } else { weftSeconds = median }
        for peer in peers {
            let times = rounds.compactMap { $0.times[peer]?.cost }
            guard !times.isEmpty else { continue }
            self.peers[peer] = Format.rounded(Statistics.median(times))
        }
        let ratios = Measured.ratios(in: rounds)
        for (peer, ratios) in ratios where peers.contains(peer) {
            ratio[peer] = Format.rounded(Statistics.median(ratios))
            spreads[peer] = Format.rounded(Statistics.spread(ratios))
        }
        spread = bestPeer.flatMap { spreads[$0] } ?? Format.rounded(Statistics.spread(weft))
        scaling = oneThread.flatMap { ratios[$0] }.map { Format.rounded(Statistics.median($0)) }
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
                throughput?[contestant] = Format.rounded(samples / Statistics.median(times.map(\.cost)))
                if let p50 = TurnTime.median(times.compactMap(\.p50)),
                    let p99 = TurnTime.median(times.compactMap(\.p99))
                {
                    latency?[contestant] = Latency(p50: Format.rounded(p50), p99: Format.rounded(p99))
                }
            }
        }
    }

    /// Weft's name among the contestants.
    public static let weft = "weft"
}

extension RowResult {
    private enum CodingKeys: String, CodingKey {
        case name, group, threads, date, peers, ratio, spread, spreads, limit, scaling, latency, throughput, missing
        case failure, problems, rounds
        case ratioDisturbed = "ratio_disturbed"
        case weftSeconds = "weft_seconds"
        case weftBytes = "weft_bytes"
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
        try keys.encodeIfPresent(weftBytes, forKey: .weftBytes)
        try keys.encode(peers, forKey: .peers)
        try keys.encode(ratio, forKey: .ratio)
        try keys.encode(spread, forKey: .spread)
        try keys.encode(spreads, forKey: .spreads)
        try keys.encode(limit, forKey: .limit)
        try keys.encodeIfPresent(rounds, forKey: .rounds)
        try keys.encodeIfPresent(ratioDisturbed, forKey: .ratioDisturbed)
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
