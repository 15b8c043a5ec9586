import Testing

@testable import WeftRuntime

@Suite("The configuration from the environment")
struct RuntimeConfigurationTests {
    @Test("Without variables the machine decides")
    func defaults() throws {
        let configuration = try RuntimeConfiguration.fromEnvironment([:])
        let threads = configuration.layout.lanes * configuration.layout.team
        #expect((1...CPUTopology.current.allowedCores).contains(threads))
        #expect(configuration.isa == .best)
        #expect(configuration.cacheLimit == CPUTopology.current.memory / 2)
    }

    @Test("Variables of others are not looked at")
    func others() throws {
        let configuration = try RuntimeConfiguration.fromEnvironment([
            "WEFT": "x", "OMP_NUM_THREADS": "none", "weft_threads": "?",
        ])
        #expect(configuration.isa == .best)
    }

    @Test("WEFT_THREADS bounds the threads", arguments: [1, 2, 7, 64, 4096])
    func threads(count: Int) throws {
        let layout = try RuntimeConfiguration.fromEnvironment(["WEFT_THREADS": "\(count)"]).layout
        #expect(layout.lanes >= 1 && layout.team >= 1)
        #expect(layout.lanes * layout.team <= count)
        #expect(layout.lanes * (layout.team + 1) > count, "no whole team is left out")
    }

    @Test(
        "A number of threads that makes no sense is an error that says what would",
        arguments: ["", "0", "-2", "two", "2.0", " 2", "2x1", "4097", "99999999999999999999"]
    )
    func badThreads(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_THREADS": value])
        }
        #expect(error?.variable == "WEFT_THREADS")
        #expect(error?.value == value)
        #expect(
            error?.description
                == "WEFT_THREADS=\(value) makes no sense: a number of threads from 1 to 4096 is wanted, for example WEFT_THREADS=2"
        )
    }

    @Test(
        "WEFT_LANES chooses lanes and their teams",
        arguments: [("1x1", 1, 1), ("2x1", 2, 1), ("1x2", 1, 2), ("3x4", 3, 4), ("64x64", 64, 64)]
    )
    func lanes(value: String, lanes: Int, team: Int) throws {
        let layout = try RuntimeConfiguration.fromEnvironment(["WEFT_LANES": value]).layout
        #expect(layout == LaneLayout(lanes: lanes, team: team))
        #expect(layout.description == value)
    }

    @Test(
        "A lane layout that makes no sense is an error that says what would",
        arguments: [
            "", "2", "x", "2x", "x2", "0x1", "1x0", "-1x2", "2X1", "2x1x1", "2 x 1", "axb", "65x64",
            "9223372036854775807x2",
        ]
    )
    func badLanes(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_LANES": value])
        }
        #expect(error?.variable == "WEFT_LANES")
        #expect(
            error?.description
                == "WEFT_LANES=\(value) makes no sense: lanes x threads in each is wanted, for example WEFT_LANES=2x1"
        )
    }

    @Test("Lanes must fit the threads where both are given")
    func lanesBeyondThreads() throws {
        let fits = try RuntimeConfiguration.fromEnvironment(["WEFT_LANES": "2x2", "WEFT_THREADS": "4"])
        #expect(fits.layout == LaneLayout(lanes: 2, team: 2))
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_LANES": "2x2", "WEFT_THREADS": "3"])
        }
        #expect(
            error?.description
                == "WEFT_LANES=2x2 makes no sense: it needs 4 threads, but WEFT_THREADS=3 allows fewer"
        )
    }

    @Test(
        "WEFT_ISA chooses any instruction set that the machine has",
        arguments: ISA.allCases.filter(\.isAvailable)
    )
    func isa(isa: ISA) throws {
        #expect(try RuntimeConfiguration.fromEnvironment(["WEFT_ISA": isa.rawValue]).isa == isa)
    }

    @Test("The baseline runs everywhere, and no better instruction set is available than the best")
    func availableISAs() {
        #expect(ISA.baseline.isAvailable)
        #expect(ISA.best.isAvailable)
        #expect(!(ISA.neon.isAvailable && ISA.avx2.isAvailable))
    }

    @Test(
        "An instruction set that is none, or that this machine lacks, is an error that lists those it has",
        arguments: ["", "AVX2", "sse9", "avx2 "]
            + ISA.allCases.filter { !$0.isAvailable }.map(\.rawValue)
    )
    func badISA(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_ISA": value])
        }
        let available = ISA.allCases.filter(\.isAvailable).map(\.rawValue).joined(separator: ", ")
        #expect(
            error?.description == "WEFT_ISA=\(value) makes no sense: this machine can run \(available)"
        )
    }

    @Test(
        "WEFT_CACHE_LIMIT takes sizes with units",
        arguments: [("0", 0), ("512MiB", 536_870_912), ("1 GiB", 1_073_741_824)]
    )
    func cacheLimit(value: String, bytes: Int) throws {
        #expect(
            try RuntimeConfiguration.fromEnvironment(["WEFT_CACHE_LIMIT": value]).cacheLimit == bytes
        )
    }

    @Test(
        "A cache limit that makes no sense is an error that says what would",
        arguments: ["", "lots", "-1", "1.5GiB", "512MB"]
    )
    func badCacheLimit(value: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_CACHE_LIMIT": value])
        }
        #expect(
            error?.description
                == "WEFT_CACHE_LIMIT=\(value) makes no sense: a size is wanted, for example WEFT_CACHE_LIMIT=512MiB (units B, KiB, MiB, GiB)"
        )
    }

    @Test("WEFT_PROFILE names a file, which is not made before there is something to write")
    func profile() throws {
        #expect(try RuntimeConfiguration.fromEnvironment([:]).profilePath == nil)
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/trace.json"
            #expect(try RuntimeConfiguration.fromEnvironment(["WEFT_PROFILE": path]).profilePath == path)
            #expect(try names(in: directory).isEmpty)
            try write([7], to: path)
            #expect(try RuntimeConfiguration.fromEnvironment(["WEFT_PROFILE": path]).profilePath == path)
            #expect(try bytes(ofFile: path) == [7], "an old profile stays until there is another")
        }
    }

    @Test(
        "A profile that cannot be written is an error that says why",
        arguments: [
            ("", ""),
            ("/no/such/folder/trace.json", ", but here cannot create a file beside it: No such file or directory"),
            ("/", ", but here it is not a regular file"), ("/dev/null", ", but here it is not a regular file"),
        ]
    )
    func badProfile(value: String, reason: String) {
        let error = #expect(throws: ConfigurationError.self) {
            try RuntimeConfiguration.fromEnvironment(["WEFT_PROFILE": value])
        }
        #expect(error?.variable == "WEFT_PROFILE")
        #expect(
            error?.description
                == "WEFT_PROFILE=\(value) makes no sense: a file that can be written is wanted, for example WEFT_PROFILE=trace.json\(reason)"
        )
    }

    @Test("The runtime's own description agrees with its configuration")
    func info() {
        let info = RuntimeInfo.current
        #expect(info.layout == RuntimeConfiguration.current.layout)
        #expect(info.isa == RuntimeConfiguration.current.isa)
        #expect(info.availableISAs.contains(info.isa))
        #expect(info.allowedCores >= 1)
        #expect(!info.cpu.isEmpty)
        #expect(info.openMPLibrary.contains("omp"))
        #expect(info.memoryLimit > 0 && info.memoryLimit <= CPUTopology.current.memory)
    }
}
