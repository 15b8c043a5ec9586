import Dispatch
import Foundation
import Testing

@testable import WeftRuntime

/// Each test profiles a process of its own: profiling is decided when a process's first kernel runs, and ends with it.
/// Those that look at what it printed call `exit` themselves: what is printed after a test's body is not passed on.
@Suite("Profiles of a process")
struct ProfilerTests {
    @Test("A launch is an event with its name, shape, bytes and floating-point operations")
    func launches() async throws {
        try await inTemporaryDirectory { directory async throws in
            let path = "\(directory)/trace.json"
            await #expect(processExitsWith: .success) { [path = path as String] in
                setenv("WEFT_PROFILE", path, 1)
                let values = try Storage(byteCount: 4096)
                // A row of four that is added to three rows, and a sum of them all.
                try Self.launch("add_f32", [3, 4], [(values, [4, 1]), (values, [4, 1]), (values, [0, 1])])
                try Self.launch("mul_i64", [5], [(values, [1]), (values, [1]), (values, [0])])
            }
            let trace = try TraceFile(path: path)
            #expect(trace.launches.map(\.name) == ["add_f32", "mul_i64"])
            #expect(trace.launches.map(\.args.shape) == [[3, 4], [5]])
            #expect(trace.launches.map(\.args.items) == [12, 5])
            #expect(trace.launches.map(\.args.bytes) == [4 * (12 + 12 + 4), 8 * (5 + 5 + 1)])
            #expect(trace.launches.map(\.args.flops) == [12, 0], "integers are no floating-point operations")
            #expect(trace.launches.allSatisfy { $0.args.chunks == 1 && $0.args.lanes == 1 && $0.args.team == 1 })
            #expect(trace.launches.allSatisfy { $0.begin >= 0 && $0.end >= $0.begin })
            #expect(trace.launches[1].begin >= trace.launches[0].end)
            #expect(trace.chunks.isEmpty, "what runs on its caller alone is one event")
            #expect(trace.otherData.droppedEvents == 0)
            #expect((trace.otherData.peak ?? 0) > 0 && (trace.otherData.bandwidth ?? 0) > 0)
            #expect(try names(in: directory) == ["trace.json"])
        }
    }

    @Test("Chunks show which thread ran what, inside their launch", arguments: ["1x2", "2x1", "2x2"])
    func chunks(lanes: String) async throws {
        try await inTemporaryDirectory { directory async throws in
            // On a machine that is busy with other things the caller may have done all before another thread woke.
            var mostThreads = 0
            for _ in 0..<20 where mostThreads < 2 {
                let path = "\(directory)/trace.json"
                await #expect(processExitsWith: .success) { [path = path as String, lanes = lanes as String] in
                    setenv("WEFT_PROFILE", path, 1)
                    setenv("WEFT_LANES", lanes, 1)
                    let values = try Storage(byteCount: 4_000_000)
                    for _ in 0..<20 { try Self.launch("exp_f32", [1_000_000], [(values, [1]), (values, [1])]) }
                }
                let trace = try TraceFile(path: path)
                #expect(trace.otherData.lanes == lanes)
                #expect(trace.launches.count == 20)
                let chunks = Dictionary(grouping: trace.chunks) { $0.args.launch ?? -1 }
                for launch in trace.launches {
                    let own = try #require(chunks[launch.args.launch ?? 0])
                    // Threads claim several chunks at a time, and record what they claimed.
                    #expect(own.count < launch.args.chunks! && own.count > 1)
                    #expect("\(launch.args.lanes!)x\(launch.args.team!)" == lanes)
                    #expect(own.allSatisfy { $0.name == "exp_f32" && $0.begin >= launch.begin && $0.end <= launch.end })
                    #expect(
                        own.allSatisfy { $0.args.lane! < launch.args.lanes! && $0.args.member! < launch.args.team! }
                    )
                    // Together they are the launch's items, each once.
                    let ranges = own.map { ($0.args.begin!, $0.args.begin! + $0.args.count!) }.sorted { $0.0 < $1.0 }
                    #expect(ranges.first?.0 == 0 && ranges.last?.1 == 1_000_000)
                    #expect(zip(ranges, ranges.dropFirst()).allSatisfy { $0.1 == $1.0 })
                }
                // On a thread nothing runs at the same time as something else.
                for events in Dictionary(grouping: trace.chunks, by: \.tid).values {
                    let inOrder = events.sorted { $0.begin < $1.begin }
                    #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0.end <= $1.begin })
                }
                let threads = Set(trace.chunks.map(\.tid))
                mostThreads = threads.count
                #expect(threads.isSubset(of: Set(trace.threadNames.keys)))
                #expect(threads.count < 2 || trace.threadNames.values.contains { $0.hasPrefix("lane ") })
            }
            #expect(mostThreads >= 2, "more than the caller took part")
        }
    }

    @Test("Every launch of many callers is recorded once, on the caller's thread")
    func callers() async throws {
        try await inTemporaryDirectory { directory async throws in
            let path = "\(directory)/trace.json"
            await #expect(processExitsWith: .success) { [path = path as String] in
                setenv("WEFT_PROFILE", path, 1)
                setenv("WEFT_LANES", "2x2", 1)
                DispatchQueue.concurrentPerform(iterations: 8) { caller in
                    for round in 0..<200 {
                        let count = round % 10 == 0 ? 100_000 : 10
                        guard let values = try? Storage(byteCount: 4 * count),
                            (try? Self.launch("tanh_f32", [count], [(values, [1]), (values, [1])])) != nil
                        else { exit(1) }
                    }
                }
            }
            let trace = try TraceFile(path: path)
            #expect(trace.launches.count == 1600)
            #expect(Set(trace.launches.map(\.args.launch)).count == 1600)
            #expect(trace.launches.filter { $0.args.items == 100_000 }.count == 160)
            for events in Dictionary(grouping: trace.launches, by: \.tid).values {
                let inOrder = events.sorted { $0.begin < $1.begin }
                #expect(zip(inOrder, inOrder.dropFirst()).allSatisfy { $0.end <= $1.begin })
            }
        }
    }

    @Test("The table has a line for each kernel, and the machine's limits")
    func table() async throws {
        try await inTemporaryDirectory { directory async throws in
            let path = "\(directory)/trace.json"
            let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
                [path = path as String] in
                setenv("WEFT_PROFILE", path, 1)
                setenv("WEFT_LANES", "1x2", 1)
                let values = try Storage(byteCount: 40_000)
                for _ in 0..<3 { try Self.launch("exp_f32", [10_000], [(values, [1]), (values, [1])]) }
                try Self.launch("fill_f32", [10_000], [(values, [1])])
                exit(0)
            }
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            let lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
            #expect(text.contains("weft: 4 launches"))
            #expect(text.contains("on 2 threads (1x2)"))
            let exp = try #require(lines.first { $0.first == "exp_f32" })
            #expect(exp[1] == "3")
            #expect(exp.contains("0.240") && exp.contains("MB"), "three times 80,000 bytes")
            #expect(exp.contains("0.630") && exp.contains("MFLOP"), "three times 210,000 operations")
            #expect(exp.suffix(2).first == "of")
            let fill = try #require(lines.first { $0.first == "fill_f32" })
            #expect(fill[1] == "1")
            #expect(text.contains("GFLOP/s of multiply-adds"))
            #expect(text.contains("The trace is in \(path)."))
        }
    }

    #if os(Linux)
        @Test("A forked child leaves the profile to its parent")
        func forked() async throws {
            try await inTemporaryDirectory { directory async throws in
                let path = "\(directory)/trace.json"
                let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
                    [path = path as String] in
                    setenv("WEFT_PROFILE", path, 1)
                    setenv("WEFT_LANES", "2x2", 1)
                    // Handlers run last in, first out: this one after the profiler's, before the sanitizers' and libomp's,
                    // which take what the parent's threads hold for leaks, or crash, in a child that has none of them.
                    atexit { if getenv("WEFT_TEST_CHILD") != nil { _exit(0) } }
                    let values = try Storage(byteCount: 400_000)
                    try Self.launch("exp_f32", [100_000], [(values, [1]), (values, [1])])
                    let child = fork()
                    if child == 0 {
                        setenv("WEFT_TEST_CHILD", "1", 1)
                        for _ in 0..<5 {
                            guard (try? Self.launch("log_f32", [100_000], [(values, [1]), (values, [1])])) != nil else {
                                _exit(1)
                            }
                        }
                        exit(0)
                    }
                    var status: Int32 = -1
                    #expect(waitpid(child, &status, 0) == child)
                    #expect(status == 0)
                    #expect(!FileManager.default.fileExists(atPath: path), "nothing is written before the parent ends")
                    try Self.launch("tanh_f32", [100_000], [(values, [1]), (values, [1])])
                    exit(0)
                }
                let trace = try TraceFile(path: path)
                #expect(trace.launches.map(\.name) == ["exp_f32", "tanh_f32"])
                let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
                #expect(text.components(separatedBy: "weft: ").count == 2, "one table")
            }
        }
    #endif

    @Test("A relative path is one in the directory that the process started in")
    func relativePath() async throws {
        try await inTemporaryDirectory { directory async throws in
            await #expect(processExitsWith: .success) { [directory = directory as String] in
                guard chdir(directory) == 0 else { exit(1) }
                setenv("WEFT_PROFILE", "trace.json", 1)
                let values = try Storage(byteCount: 64)
                try Self.launch("fill_f32", [4], [(values, [1])])
                guard chdir("/") == 0 else { exit(1) }
            }
            #expect(try TraceFile(path: "\(directory)/trace.json").launches.count == 1)
        }
    }

    @Test("A profile that can no longer be written is said, and no reason to fail")
    func unwritable() async throws {
        try await inTemporaryDirectory { directory async throws in
            let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
                [directory = directory as String] in
                setenv("WEFT_PROFILE", "\(directory)/trace.json", 1)
                let values = try Storage(byteCount: 64)
                try Self.launch("fill_f32", [4], [(values, [1])])
                try FileManager.default.removeItem(atPath: directory)
                exit(0)
            }
            let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
            #expect(text.contains("fill_f32"))
            #expect(text.contains("the trace could not be written to \(directory)/trace.json: cannot"))
        }
    }

    @Test("A path that cannot be written stops the process with a message before its first kernel")
    func badPath() async throws {
        let result = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            setenv("WEFT_PROFILE", "/no/such/folder/trace.json", 1)
            _ = Scheduler.shared
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(
            text.contains("weft: WEFT_PROFILE=/no/such/folder/trace.json makes no sense: a file that can be written")
        )
    }

    /// Runs a kernel whose items are elements.
    private static func launch(_ name: String, _ shape: [Int], _ operands: [(Storage, [Int])]) throws {
        let handle = try #require(KernelHandle(named: name))
        let count = shape.reduce(1, *)
        var launch = Launch(
            handle,
            shape: extents(shape),
            rank: shape.count,
            items: count,
            nanosecondsPerItem: 0.7
        )
        launch.chunkMultiple = 64
        for (storage, strides) in operands { launch.append(storage.start, strides: extents(strides)) }
        try Scheduler.shared.run(&launch)
        withExtendedLifetime(operands) {}
    }

    private static func extents(_ values: [Int]) -> Extents {
        var extents = Extents(repeating: 0)
        for (index, value) in values.enumerated() { extents[index] = value }
        return extents
    }
}
