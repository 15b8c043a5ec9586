import Dispatch
import Synchronization
import Testing

@testable import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

@Suite("The scheduler")
struct SchedulerTests {
    static let layouts = [
        LaneLayout(lanes: 1, team: 1), LaneLayout(lanes: 1, team: 2), LaneLayout(lanes: 2, team: 1),
        LaneLayout(lanes: 2, team: 2),
    ]
    /// Enough work for all lanes and teams, and a last chunk that is not full.
    private static let count = 400_003

    @Test("Every layout writes every element, with the same bits", arguments: layouts)
    func sameBits(layout: LaneLayout) throws {
        let scheduler = Scheduler(layout: layout)
        let input = try Self.numbers(Self.count)
        for operation in ["exp_f32", "tanh_f32", "gelu_f32"] {
            let handle = try #require(KernelHandle(named: operation))
            let expected = try Self.pointwise(handle, input, on: Scheduler(layout: Self.layouts[0]))
            let result = try Self.pointwise(handle, input, on: scheduler)
            #expect(Self.bytes(result) == Self.bytes(expected), "\(operation)")
        }
    }

    @Test("Reductions have the same bits in every layout", arguments: layouts)
    func sameSums(layout: LaneLayout) throws {
        let input = try Self.numbers(Self.count)
        let expected = try Self.partialSums(input, on: Scheduler(layout: Self.layouts[0]))
        for _ in 0..<5 {
            #expect(try Self.partialSums(input, on: Scheduler(layout: layout)) == expected)
        }
        let exact = Self.floats(input).reduce(0.0) { $0 + Double($1) }
        #expect(abs(expected.reduce(0.0) { $0 + Double($1) } - exact) < 1e-2)
    }

    @Test(
        "Callers on many threads all get their own results, and none waits for ever",
        arguments: layouts
    )
    func concurrentCallers(layout: LaneLayout) throws {
        let scheduler = Scheduler(layout: layout)
        let input = try Self.numbers(60_000)
        let handle = try #require(KernelHandle(named: "exp_f32"))
        let expected = Self.bytes(
            try Self.pointwise(handle, input, on: Scheduler(layout: Self.layouts[0]))
        )
        let wrong = Atomic(0)
        let ran = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            for _ in 0..<20 {
                let result = try? Self.pointwise(handle, input, on: scheduler)
                if result.map({ Self.bytes($0) }) != expected { wrong.add(1, ordering: .relaxed) }
                ran.add(1, ordering: .relaxed)
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect(ran.load(ordering: .relaxed) == 320)
    }

    @Test(
        "A kernel over elements that lie side by side takes one to three inputs, and repeats those of one element",
        arguments: [1, 5, 1_000, 400_000]
    )
    func runsFlat(count: Int) throws {
        let input = try Self.numbers(count)
        let numbers = Self.floats(input)
        let each: FlatInput = (input.start, 1)
        let first: FlatInput = (input.start, 0)
        func run(_ name: String, _ a: FlatInput, _ b: FlatInput? = nil, _ c: FlatInput? = nil) throws -> [Float] {
            let output = try Elements(count: count)
            Scheduler.runFlat(
                try #require(KernelHandle(named: name)),
                elements: count,
                nanosecondsPerItem: 0.25,
                byteCount: count * 16,
                into: output.start,
                a,
                b,
                c
            )
            return Self.floats(output)
        }
        #expect(try run("neg_f32", each) == numbers.map { -$0 })
        #expect(try run("add_f32", each, first) == numbers.map { $0 + numbers[0] })
        let sums = try run("addcmul_f32", first, each, each)
        #expect(zip(sums, numbers).allSatisfy { abs($0 - (numbers[0] + $1 * $1)) <= 1e-6 * (abs($0) + $1 * $1) })
    }

    @Test("A launch from inside another lane's queue runs too")
    func nestedCallers() async throws {
        let scheduler = Scheduler(layout: LaneLayout(lanes: 2, team: 2))
        let handle = try #require(KernelHandle(named: "exp_f32"))
        let input = try Self.numbers(60_000)
        let expected = Self.bytes(
            try Self.pointwise(handle, input, on: Scheduler(layout: Self.layouts[0]))
        )
        let results = await withTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<12 {
                group.addTask {
                    (try? Self.pointwise(handle, input, on: scheduler)).map { Self.bytes($0) } ?? []
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0 == expected })
    }

    #if os(Linux)
        @Test("A forked child computes the same, serially")
        func forked() async {
            await #expect(processExitsWith: .success) {
                let scheduler = Scheduler(layout: LaneLayout(lanes: 2, team: 2))
                let handle = try #require(KernelHandle(named: "exp_f32"))
                let input = try Self.numbers(Self.count)
                let expected = Self.bytes(try Self.pointwise(handle, input, on: scheduler))
                let child = fork()
                if child == 0 {
                    // Nothing but an exit status leaves the child.
                    let result = try? Self.pointwise(handle, input, on: scheduler)
                    _exit(result.map { Self.bytes($0) } == expected ? 0 : 1)
                }
                var status: Int32 = -1
                #expect(waitpid(child, &status, 0) == child)
                #expect(status == 0)
                #expect(Self.bytes(try Self.pointwise(handle, input, on: scheduler)) == expected, "the parent runs on")
            }
        }
    #endif

    @Test("A launch of nothing does nothing")
    func empty() throws {
        let storage = try Storage(byteCount: 4)
        storage.start.storeBytes(of: 7, as: Float.self)
        let handle = try #require(KernelHandle(named: "fill_f32"))
        var shape = Extents(repeating: 1)
        shape[0] = 0
        var launch = Launch(handle, shape: shape, rank: 1, items: 0, nanosecondsPerItem: 1)
        launch.append(storage.start, strides: Extents(repeating: 1))
        launch.setNumber(0, 3)
        try Scheduler.shared.run(&launch)
        #expect(storage.start.load(as: Float.self) == 7)
    }

    @Test(
        "Scratch memory that cannot be had is an error, inline and across lanes",
        arguments: layouts,
        [1, 1_000_000]
    )
    func scratch(layout: LaneLayout, items: Int) throws {
        let handle = try #require(KernelHandle(named: "gemm_f32"))
        var launch = Launch(
            handle,
            shape: Extents(repeating: 1),
            rank: 4,
            items: items,
            nanosecondsPerItem: 1
        )
        launch.scratchByteCount = 1 << 52
        #expect(throws: OutOfMemory.self) { try Scheduler(layout: layout).run(&launch) }
    }

    // MARK: - Launches

    /// Memory for float32 numbers.
    private struct Elements: Sendable {
        let storage: Storage
        let count: Int

        var start: UnsafeMutableRawPointer { storage.start }

        init(count: Int) throws {
            storage = try Storage(byteCount: count * 4)
            self.count = count
        }
    }

    private static func numbers(_ count: Int) throws -> Elements {
        let storage = try Elements(count: count)
        for index in 0..<count {
            storage.start.storeBytes(
                of: Float((index &* 7919) % 2003 - 1001) / 250,
                toByteOffset: index * 4,
                as: Float.self
            )
        }
        return storage
    }

    private static func pointwise(_ handle: KernelHandle, _ input: Elements, on scheduler: Scheduler)
        throws -> Elements
    {
        let count = input.count
        let output = try Elements(count: input.count)
        output.start.initializeMemory(as: UInt8.self, repeating: 0xA5, count: input.count * 4)
        var shape = Extents(repeating: 1)
        shape[0] = count
        var strides = Extents(repeating: 0)
        strides[0] = 1
        var launch = Launch(handle, shape: shape, rank: 1, items: count, nanosecondsPerItem: 0.7)
        launch.chunkMultiple = 64
        launch.append(output.start, strides: strides)
        launch.append(input.start, strides: strides)
        try scheduler.run(&launch)
        withExtendedLifetime(input) {}
        return output
    }

    /// The sums of pieces of 4,096 numbers.
    private static func partialSums(_ input: Elements, on scheduler: Scheduler) throws -> [Float] {
        let handle = try #require(KernelHandle(named: "sum_f32"))
        let count = input.count
        let parts = (count + 4095) / 4096
        let output = try Elements(count: parts)
        var shape = Extents(repeating: 1)
        shape[0] = count
        var strides = Extents(repeating: 0)
        strides[0] = 1
        var launch = Launch(
            handle,
            shape: shape,
            rank: 1,
            items: parts,
            nanosecondsPerItem: 4096 * 0.15
        )
        launch.append(output.start, strides: Extents(repeating: 0))
        launch.append(input.start, strides: strides)
        launch.setInteger(0, 0)
        launch.setInteger(1, parts)
        launch.setInteger(2, 4096)
        launch.setNumber(0, 1)
        try scheduler.run(&launch)
        withExtendedLifetime(input) {}
        return floats(output)
    }

    private static func floats(_ storage: Elements) -> [Float] {
        defer { withExtendedLifetime(storage) {} }
        return (0..<storage.count).map {
            storage.start.load(fromByteOffset: $0 * 4, as: Float.self)
        }
    }

    private static func bytes(_ storage: Elements) -> [UInt8] {
        defer { withExtendedLifetime(storage) {} }
        return Array(UnsafeRawBufferPointer(start: storage.start, count: storage.count * 4))
    }
}
