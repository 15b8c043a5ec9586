import Foundation
import Synchronization
import Testing

@testable import WeftRuntime

@Suite("The caching allocator")
struct CachingAllocatorTests {
    private static let roomy = 1 << 30

    #if os(Linux)
        @Test(
            "A child forked while other threads allocate can allocate",
            .enabled(if: !isThreadSanitized, "the thread sanitizer keeps children from using static properties")
        )
        func forkedAmidAllocations() async {
            await #expect(processExitsWith: .success) {
                // The allocator is there before anyone forks: nothing can help a child forked in the midst of making it.
                _ = try Storage(byteCount: 4096)
                let isOver = Atomic(false)
                let threads = DispatchGroup()
                for _ in 0..<3 {
                    threads.enter()
                    Thread {
                        while !isOver.load(ordering: .relaxed) { _ = try? Storage(byteCount: 4096) }
                        threads.leave()
                    }.start()
                }
                for _ in 0..<100 {
                    let child = fork()
                    if child == 0 {
                        // Ends the child if it waits for a lock that nobody will give back. Dispatch's threads, which
                        // tests run on, block signals.
                        var alarms = sigset_t()
                        sigemptyset(&alarms)
                        sigaddset(&alarms, SIGALRM)
                        pthread_sigmask(SIG_UNBLOCK, &alarms, nil)
                        alarm(20)
                        _exit((try? Storage(byteCount: 4096)) == nil ? 1 : 0)
                    }
                    var status: Int32 = -1
                    #expect(waitpid(child, &status, 0) == child)
                    #expect(status == 0)
                    if status != 0 { break }
                }
                isOver.store(true, ordering: .relaxed)
                threads.wait()
            }
        }
    #endif

    @Test(
        "Blocks are aligned to 64 bytes and writable to the end",
        arguments: [1, 513, 4096, 100_000, 262_144, 262_145, 3 << 20]
    )
    func alignment(byteCount: Int) throws {
        let allocator = CachingAllocator(cacheLimit: 0, memoryLimit: Self.roomy)
        for _ in 0..<3 {
            let (block, sizeClass) = try allocator.allocate(byteCount)
            defer { allocator.free(block, sizeClass: sizeClass) }
            #expect(UInt(bitPattern: block) % 64 == 0)
            block.storeBytes(of: 1, toByteOffset: 0, as: UInt8.self)
            block.storeBytes(of: 2, toByteOffset: byteCount - 1, as: UInt8.self)
            #expect(block.load(fromByteOffset: byteCount - 1, as: UInt8.self) == 2)
        }
    }

    @Test(
        "A freed block serves the next request of about its size",
        arguments: [600, 200_000, 300_000, 5 << 20]
    )
    func reuse(byteCount: Int) throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: Self.roomy)
        let (first, sizeClass) = try allocator.allocate(byteCount)
        allocator.free(first, sizeClass: sizeClass)
        let taken = allocator.statistics.cached
        let (second, _) = try allocator.allocate(byteCount - 10)
        #expect(second == first)
        #expect(
            allocator.statistics.cached + allocator.statistics.live == taken,
            "nothing new was taken"
        )
        allocator.free(second, sizeClass: sizeClass)
    }

    @Test("Live blocks never overlap")
    func disjoint() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: Self.roomy)
        var blocks: [(block: UnsafeMutableRawPointer, sizeClass: Int, byteCount: Int)] = []
        var random = SystemRandomNumberGenerator()
        for round in 0..<600 {
            let byteCount = [700, 5000, 70_000, 262_144, 300_000].randomElement(using: &random)!
            let (block, sizeClass) = try allocator.allocate(byteCount)
            blocks.append((block, sizeClass, byteCount))
            if round % 3 == 2 {
                let freed = blocks.remove(at: Int.random(in: blocks.indices, using: &random))
                allocator.free(freed.block, sizeClass: freed.sizeClass)
            }
        }
        let sorted = blocks.sorted { $0.block < $1.block }
        for (one, next) in zip(sorted, sorted.dropFirst()) {
            #expect(one.block + one.byteCount <= next.block)
        }
        for (block, sizeClass, _) in blocks { allocator.free(block, sizeClass: sizeClass) }
        #expect(allocator.statistics.live == 0)
        allocator.releaseCache()
        #expect(allocator.statistics.cached == 0)
    }

    @Test("Statistics count what is live, cached, and was live at most")
    func statistics() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: Self.roomy)
        #expect(allocator.statistics == MemoryStatistics(live: 0, cached: 0, peak: 0))
        let (a, classOfA) = try allocator.allocate(4 << 20)
        let (b, classOfB) = try allocator.allocate(2 << 20)
        #expect(allocator.statistics == MemoryStatistics(live: 6 << 20, cached: 0, peak: 6 << 20))
        allocator.free(a, sizeClass: classOfA)
        #expect(allocator.statistics == MemoryStatistics(live: 2 << 20, cached: 4 << 20, peak: 6 << 20))
        allocator.resetPeak()
        #expect(allocator.statistics.peak == 2 << 20)
        allocator.free(b, sizeClass: classOfB)
        #expect(allocator.statistics == MemoryStatistics(live: 0, cached: 6 << 20, peak: 2 << 20))
    }

    @Test("Released memory is gone from the cache, and what lives stays intact")
    func release() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: Self.roomy)
        let (kept, classOfKept) = try allocator.allocate(1000)
        kept.storeBytes(of: 42, as: Int.self)
        let (freed, classOfFreed) = try allocator.allocate(8 << 20)
        allocator.free(freed, sizeClass: classOfFreed)
        allocator.releaseCache()
        // The slab that holds the live block cannot go back yet.
        #expect(allocator.statistics.cached < 2 << 20)
        #expect(kept.load(as: Int.self) == 42)
        allocator.free(kept, sizeClass: classOfKept)
        allocator.releaseCache()
        #expect(
            allocator.statistics == MemoryStatistics(live: 0, cached: 0, peak: allocator.statistics.peak)
        )
    }

    @Test("No more than the cache limit stays idle", arguments: [0, 3 << 20, 10 << 20])
    func cacheLimit(limit: Int) throws {
        let allocator = CachingAllocator(cacheLimit: limit, memoryLimit: Self.roomy)
        let blocks = try (0..<8).map { _ in try allocator.allocate(2 << 20) }
        for (block, sizeClass) in blocks {
            allocator.free(block, sizeClass: sizeClass)
            #expect(allocator.statistics.cached <= limit)
        }
        #expect(allocator.statistics.cached > limit - 2 << 20, "what fits is kept")
    }

    @Test("Lowering the cache limit gives back what is over")
    func loweringTheCacheLimit() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: Self.roomy)
        let blocks = try (0..<8).map { _ in try allocator.allocate(2 << 20) }
        for (block, sizeClass) in blocks { allocator.free(block, sizeClass: sizeClass) }
        #expect(allocator.statistics.cached == 16 << 20)
        allocator.cacheLimit = 4 << 20
        #expect(allocator.statistics.cached == 4 << 20)
        #expect(allocator.cacheLimit == 4 << 20)
    }

    @Test("A request past the memory limit fails and says how much was asked of how much")
    func memoryLimit() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: 8 << 20)
        let (block, sizeClass) = try allocator.allocate(6 << 20)
        let error = #expect(throws: OutOfMemory.self) { _ = try allocator.allocate(4 << 20) }
        #expect(error == OutOfMemory(requested: 4 << 20, live: 6 << 20, limit: 8 << 20))
        #expect(
            error.map { "\($0)" }
                == "out of memory: asked for 4 MiB, with 6 MiB in use of the 8 MiB allowed"
        )
        allocator.free(block, sizeClass: sizeClass)
        // Now the idle block goes back before anything fails.
        let (next, nextClass) = try allocator.allocate(8 << 20)
        #expect(allocator.statistics.cached == 0)
        allocator.free(next, sizeClass: nextClass)
    }

    @Test("Idle slabs go back before a request fails")
    func slabsGiveWay() throws {
        let allocator = CachingAllocator(cacheLimit: Self.roomy, memoryLimit: 8 << 20)
        for byteCount in [1000, 10_000, 100_000, 250_000] {
            let (block, sizeClass) = try allocator.allocate(byteCount)
            allocator.free(block, sizeClass: sizeClass)
        }
        #expect(allocator.statistics.cached == 8 << 20)
        let (block, sizeClass) = try allocator.allocate(8 << 20)
        allocator.free(block, sizeClass: sizeClass)
    }

    @Test("Raising the memory limit lets a refused request through")
    func raisingTheMemoryLimit() throws {
        let allocator = CachingAllocator(cacheLimit: 0, memoryLimit: 1 << 20)
        #expect(throws: OutOfMemory.self) { _ = try allocator.allocate(2 << 20) }
        allocator.memoryLimit = 2 << 20
        let (block, sizeClass) = try allocator.allocate(2 << 20)
        allocator.free(block, sizeClass: sizeClass)
    }

    @Test("Absurd requests fail without being tried", arguments: [1 << 50, 1 << 60, Int.max])
    func absurd(byteCount: Int) {
        let allocator = CachingAllocator(cacheLimit: 0, memoryLimit: Int.max)
        let error = #expect(throws: OutOfMemory.self) { _ = try allocator.allocate(byteCount) }
        #expect(error?.requested == byteCount)
        #expect(allocator.statistics == MemoryStatistics(live: 0, cached: 0, peak: 0))
    }

    @Test("Many threads allocate, write and free without treading on each other")
    func manyThreads() {
        let allocator = CachingAllocator(cacheLimit: 16 << 20, memoryLimit: Self.roomy)
        let faults = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            var held: [(block: UnsafeMutableRawPointer, sizeClass: Int, mark: Int)] = []
            for round in 0..<400 {
                let byteCount = [600, 3000, 40_000, 300_000][(round + thread) % 4]
                guard let (block, sizeClass) = try? allocator.allocate(byteCount) else {
                    faults.add(1, ordering: .relaxed)
                    continue
                }
                let mark = thread << 32 | round
                block.storeBytes(of: mark, as: Int.self)
                block.storeBytes(of: mark, toByteOffset: byteCount - 8, as: Int.self)
                held.append((block, sizeClass, mark))
                if held.count > 6 {
                    let (block, sizeClass, mark) = held.removeFirst()
                    if block.load(as: Int.self) != mark { faults.add(1, ordering: .relaxed) }
                    allocator.free(block, sizeClass: sizeClass)
                }
            }
            for (block, sizeClass, mark) in held {
                if block.load(as: Int.self) != mark { faults.add(1, ordering: .relaxed) }
                allocator.free(block, sizeClass: sizeClass)
            }
        }
        #expect(faults.load(ordering: .relaxed) == 0)
        #expect(allocator.statistics.live == 0)
        allocator.releaseCache()
        #expect(allocator.statistics.cached == 0)
    }
}
