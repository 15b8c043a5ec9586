import Foundation

/// One run of the benchmarks: what was true of all its rows.
public struct Run: Codable, Equatable, Sendable {
    /// When it began, as in ISO 8601; rows name their run by it.
    public var date: String
    /// The commit of Weft; nil outside of a checkout.
    public var commit: String?
    public var machine: MachineDescription
    public var settings: Settings
    /// Of everything that was measured, by contestant.
    public var versions: [String: [String: String]]
    /// Peers that were not measured, and why.
    public var absent: [String: String]
    /// The machine's limits as measured at the run's start, in operations or bytes per second.
    public var limits: [String: Double]
    /// The bytes of a release binary that holds Weft and all of Swift, stripped; nil if it was not built.
    public var staticBinary: Int?

    /// How many cores other programs kept busy before the run; nil where the system does not say.
    public var busyCores: Double?

    private enum CodingKeys: String, CodingKey {
        case date, commit, machine, settings, versions, absent, limits
        case busyCores = "busy_cores"
        case staticBinary = "static_binary_bytes"
    }

    /// Whether other programs took so much of the machine that the ratios will hardly repeat.
    public var isDisturbed: Bool { (busyCores ?? 0) > 0.2 }

    public init(
        date: String,
        commit: String?,
        machine: MachineDescription,
        settings: Settings,
        versions: [String: [String: String]] = [:],
        absent: [String: String] = [:],
        limits: [String: Double] = [:]
    ) {
        self.date = date
        self.commit = commit
        self.machine = machine
        self.settings = settings
        self.versions = versions
        self.absent = absent
        self.limits = limits
    }
}

/// The folder with the latest result of each row.
///
/// `head-to-head.json` is an array of rows, `machine.json` one of the runs that they come from, the latest last. Both
/// are replaced whole or not at all.
public struct ResultsFolder {
    public let folder: URL

    public init(_ folder: URL) { self.folder = folder }

    private var rowsFile: URL { folder.appendingPathComponent("head-to-head.json") }
    private var runsFile: URL { folder.appendingPathComponent("machine.json") }

    /// The picture of a group.
    public func picture(of group: String) -> URL { folder.appendingPathComponent("\(group).svg") }

    /// The rows of earlier runs; none if there were none.
    public func rows() throws -> [RowResult] { try read([RowResult].self, rowsFile) }

    /// The runs that those rows come from.
    public func runs() throws -> [Run] { try read([Run].self, runsFile) }

    private func read<Element: Decodable>(_: [Element].Type, _ file: URL) throws -> [Element] {
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        do {
            return try JSONDecoder().decode([Element].self, from: Data(contentsOf: file))
        } catch {
            throw ResultsError("\(file.path) cannot be read; delete it to start anew: \(error)")
        }
    }

    /// Puts the rows of a run in the place of earlier ones of the same name, and keeps the others.
    ///
    /// - Parameters:
    ///   - order: all names of the catalog; rows that it no longer has are dropped.
    ///   - run: what was true of the new rows.
    public func merge(_ rows: [RowResult], of run: Run, order: [String]) throws {
        let merged = ResultsFolder.merge(rows, into: try self.rows(), order: order)
        let dates = Set(merged.map(\.date))
        let runs = try self.runs().filter { dates.contains($0.date) && $0.date != run.date } + [run]
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // The runs come first: a row must never name a run that is not there.
        try write(runs, runsFile)
        try write(merged, rowsFile)
    }

    static func merge(_ rows: [RowResult], into earlier: [RowResult], order: [String]) -> [RowResult] {
        let latest = Dictionary((earlier + rows).map { ($0.name, $0) }) { $1 }
        return order.compactMap { latest[$0] }
    }

    /// Writes an array with one element a line, which makes readable differences.
    private func write(_ elements: [some Encodable], _ file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let lines = try elements.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let text = lines.isEmpty ? "[]\n" : "[\n" + lines.joined(separator: ",\n") + "\n]\n"
        try Data(text.utf8).write(to: file, options: .atomic)
    }
}

/// What is wrong with a folder of results.
public struct ResultsError: Error, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}
