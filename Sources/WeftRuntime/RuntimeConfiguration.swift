#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Lanes and the team inside each: `lanes` Dispatch queues, each running kernels on `team` OpenMP threads.
public struct LaneLayout: Sendable, Equatable, CustomStringConvertible {
    public let lanes: Int
    public let team: Int

    public var description: String { "\(lanes)x\(team)" }
}

/// An environment variable whose value makes no sense.
public struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    public let variable: String
    public let value: String
    /// What would have made sense.
    public let expectation: String

    public var description: String { "\(variable)=\(value) makes no sense: \(expectation)" }
}

/// How the runtime uses this machine. Read from the environment once, when the first kernel runs.
///
/// - `WEFT_THREADS=2` threads in all; by default every core that the process may use.
/// - `WEFT_LANES=2x1` lanes x team; by default one lane per last-level cache.
/// - `WEFT_ISA=avx2` instruction set; by default the best that the machine has.
/// - `WEFT_CACHE_LIMIT=512MiB` freed memory to keep for reuse; by default half of the memory.
/// - `WEFT_PROFILE=trace.json` a file to record every launch in; by default none is recorded.
public struct RuntimeConfiguration: Sendable {
    public let layout: LaneLayout
    public let isa: ISA
    /// The most bytes of freed memory that the allocator keeps.
    public let cacheLimit: Int
    /// The absolute path of the file that launches are recorded in, nil if they are not.
    public let profilePath: String?

    /// The configuration in force. A process whose environment makes no sense stops here with the message of
    /// the `ConfigurationError`; check with `fromEnvironment()` first to handle it.
    public static let current: RuntimeConfiguration = {
        do {
            return try fromEnvironment()
        } catch {
            StandardError.write("weft: \(error)\n")
            exit(configurationExitStatus)
        }
    }()

    /// What the process's environment asks for on this machine. See ``fromEnvironment(_:)``.
    ///
    /// - Throws: `ConfigurationError` for a variable whose value makes no sense.
    public static func fromEnvironment() throws(ConfigurationError) -> RuntimeConfiguration {
        let variables = ["WEFT_THREADS", "WEFT_LANES", "WEFT_ISA", "WEFT_CACHE_LIMIT", "WEFT_PROFILE"]
        let given = variables.compactMap { name in getenv(name).map { (name, String(cString: $0)) } }
        return try fromEnvironment(Dictionary(uniqueKeysWithValues: given))
    }

    /// What `environment` asks for on this machine. Whether a profile can be written is found out by making and
    /// removing a file beside it.
    ///
    /// - Throws: `ConfigurationError` for a variable whose value makes no sense.
    public static func fromEnvironment(
        _ environment: [String: String]
    ) throws(ConfigurationError) -> RuntimeConfiguration {
        RuntimeConfiguration(
            layout: try laneLayout(environment),
            isa: try isa(environment),
            cacheLimit: try cacheLimit(environment),
            profilePath: try profilePath(environment)
        )
    }

    /// More threads than this in all are taken for a slip of the finger.
    private static let mostThreads = 4096

    private static func laneLayout(_ environment: [String: String]) throws(ConfigurationError) -> LaneLayout {
        var threads: Int?
        if let value = environment["WEFT_THREADS"] {
            guard let count = Int(value), (1...mostThreads).contains(count) else {
                throw ConfigurationError(
                    variable: "WEFT_THREADS",
                    value: value,
                    expectation: "a number of threads from 1 to \(mostThreads) is wanted, for example WEFT_THREADS=2"
                )
            }
            threads = count
        }
        if let value = environment["WEFT_LANES"] {
            let parts = value.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
            guard parts.count == 2, let lanes = parts[0], let team = parts[1],
                (1...mostThreads).contains(lanes), (1...mostThreads).contains(team), lanes * team <= mostThreads
            else {
                throw ConfigurationError(
                    variable: "WEFT_LANES",
                    value: value,
                    expectation: "lanes x threads in each is wanted, for example WEFT_LANES=2x1"
                )
            }
            if let threads, lanes * team > threads {
                throw ConfigurationError(
                    variable: "WEFT_LANES",
                    value: value,
                    expectation: "it needs \(lanes * team) threads, but WEFT_THREADS=\(threads) allows fewer"
                )
            }
            return LaneLayout(lanes: lanes, team: team)
        }
        let budget = threads ?? CPUTopology.current.allowedCores
        // As many lanes as there are caches, or fewer where some cores would be left over.
        let lanes = (1...min(budget, CPUTopology.current.cacheGroups)).last { budget % $0 == 0 } ?? 1
        return LaneLayout(lanes: lanes, team: budget / lanes)
    }

    private static func isa(_ environment: [String: String]) throws(ConfigurationError) -> ISA {
        guard let value = environment["WEFT_ISA"] else { return .best }
        guard let isa = ISA(rawValue: value), isa.isAvailable else {
            let available = ISA.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
            throw ConfigurationError(
                variable: "WEFT_ISA",
                value: value,
                expectation: "this machine can run \(available)"
            )
        }
        return isa
    }

    private static func cacheLimit(_ environment: [String: String]) throws(ConfigurationError) -> Int {
        guard let value = environment["WEFT_CACHE_LIMIT"] else { return CPUTopology.current.memory / 2 }
        guard let bytes = ByteCount.parse(value) else {
            throw ConfigurationError(
                variable: "WEFT_CACHE_LIMIT",
                value: value,
                expectation: "a size is wanted, for example WEFT_CACHE_LIMIT=512MiB (units B, KiB, MiB, GiB)"
            )
        }
        return bytes
    }

    private static func profilePath(_ environment: [String: String]) throws(ConfigurationError) -> String? {
        guard let value = environment["WEFT_PROFILE"] else { return nil }
        var expectation = "a file that can be written is wanted, for example WEFT_PROFILE=trace.json"
        guard !value.isEmpty else {
            throw ConfigurationError(variable: "WEFT_PROFILE", value: value, expectation: expectation)
        }
        // The program may go to another directory before it writes.
        let path = value.hasPrefix("/") ? value : "\(workingDirectory)/\(value)"
        do throws(FileError) {
            try AtomicFile.check(replacing: path)
        } catch {
            expectation += ", but here \(error.message)"
            throw ConfigurationError(variable: "WEFT_PROFILE", value: value, expectation: expectation)
        }
        return path
    }
}

/// The absolute path of the working directory; a point where the system cannot tell it.
private var workingDirectory: String {
    guard let path = getcwd(nil, 0) else { return "." }
    defer { free(path) }
    return String(cString: path)
}

/// `EX_CONFIG` of sysexits(3).
private let configurationExitStatus: Int32 = 78
