import Foundation

/// A trace as a viewer reads it.
struct TraceFile: Decodable {
    struct Event: Decodable {
        let ph: String
        let cat: String?
        let name: String
        let pid: Int
        let tid: Int
        let ts: Double?
        let dur: Double?
        let args: Arguments

        /// Nanoseconds, which a double of microseconds holds exactly enough to compare.
        var begin: Int { Int(((ts ?? -1) * 1000).rounded()) }
        var end: Int { begin + Int(((dur ?? -1) * 1000).rounded()) }
    }

    struct Arguments: Decodable {
        let name: String?
        let launch, items, chunks, lanes, team, bytes, flops, begin, count, lane, member: Int?
        let shape: [Int]?
    }

    struct Other: Decodable {
        let isa: String
        let lanes: String
        let droppedEvents: Int
        let peak: Double?
        let bandwidth: Double?

        enum CodingKeys: String, CodingKey {
            case isa, lanes
            case droppedEvents = "dropped events"
            case peak = "peak FLOP/s"
            case bandwidth = "bandwidth bytes/s"
        }
    }

    let traceEvents: [Event]
    let otherData: Other

    init(path: String) throws {
        self = try JSONDecoder().decode(TraceFile.self, from: Data(contentsOf: URL(filePath: path)))
    }

    var launches: [Event] { traceEvents.filter { $0.ph == "X" && $0.cat == "launch" } }
    var chunks: [Event] { traceEvents.filter { $0.ph == "X" && $0.cat == "chunk" } }
    /// By thread.
    var threadNames: [Int: String] {
        let events = traceEvents.filter { $0.ph == "M" && $0.name == "thread_name" }
        return Dictionary(uniqueKeysWithValues: events.map { ($0.tid, $0.args.name ?? "") })
    }
}
