internal import CKernels
import Dispatch
import Synchronization

/// Runs launches on the process's one budget of threads: small ones inline on the caller, medium ones on one
/// team of OpenMP threads, large ones across lanes (Dispatch queues) with a team in each.
///
/// A launch is cut into chunks by its shape alone, and a kernel's results do not depend on the cut, so every
/// layout gives the same bits. Callers that run at the same time share the budget: each gets fewer threads,
/// none waits for another's kernel.
package final class Scheduler: Sendable {
    package static let shared = Scheduler(
        layout: RuntimeConfiguration.current.layout,
        profiler: RuntimeConfiguration.current.profilePath.map(Profiler.start)
    )

    package let layout: LaneLayout
    private let profiler: Profiler?

    /// Below this much work, handing chunks to a team brings little even when its threads are still awake.
    private static let smallestTeamWork = 5_000.0
    /// Below this much work, handing chunks to a team brings little when its threads must be woken first.
    private static let smallestWakingWork = 8_000.0
    /// Below this much work, handing chunks to other lanes costs more than it brings.
    private static let smallestLaneWork = 60_000.0
    /// The work that a chunk should hold at least, so that claiming it is cheap beside running it.
    private static let chunkWork = 2_000.0
    /// Chunks beyond this many bring no better balance.
    private static let mostChunks = 256

    /// Launches of less work are run by their caller with no more ado. None are where launches are recorded, so that
    /// looking whether they are costs the small ones nothing.
    private let plainWork: Double
    private let lanes: [DispatchQueue]
    /// Launches in flight that are not inline.
    private let callers = Atomic(0)

    /// - Parameter profiler: what launches are recorded by, if they are.
    package convenience init(layout: LaneLayout) { self.init(layout: layout, profiler: nil) }

    init(layout: LaneLayout, profiler: Profiler?) {
        self.layout = layout
        self.profiler = profiler
        plainWork = profiler == nil ? Self.smallestTeamWork : 0
        // The caller's own thread serves as the first lane.
        lanes = (1..<max(1, layout.lanes)).map { DispatchQueue(label: "weft.lane.\($0)", qos: .userInitiated) }
    }

    /// Runs `launch` to its end on the process's threads.
    ///
    /// Other modules call this rather than a method of `shared`, which they would retain first: an atomic operation on
    /// one word for all threads, at every launch.
    ///
    /// - Throws: `OutOfMemory` if the scratch memory that the kernel needs cannot be had.
    package static func run(_ launch: inout Launch) throws(OutOfMemory) { try shared.run(&launch) }

    /// As `run`, of a kernel that reads neither attributes nor scratch memory, and so cannot fail, over `count`
    /// elements that lie side by side in `output`. The launch is made where it is run from.
    ///
    /// - Parameter byteCount: what is read and written.
    package static func runFlat(
        _ handle: KernelHandle,
        elements count: Int,
        nanosecondsPerItem: Double,
        byteCount: Int,
        into output: UnsafeMutableRawPointer,
        _ a: FlatInput,
        _ b: FlatInput?,
        _ c: FlatInput?
    ) {
        withUnsafeTemporaryAllocation(of: Launch.self, capacity: 1) { places in
            let place = places.baseAddress!
            Launch.makeFlat(
                at: place,
                handle,
                elements: count,
                nanosecondsPerItem: nanosecondsPerItem,
                into: output,
                a,
                b,
                c
            )
            place.pointee.streamBeyondCaches(byteCount: byteCount)
            try! shared.run(&place.pointee)
        }
    }

    /// Runs `launch` to its end.
    ///
    /// - Throws: `OutOfMemory` if the scratch memory that the kernel needs cannot be had.
    package func run(_ launch: inout Launch) throws(OutOfMemory) {
        guard launch.items > 0 else { return }
        let work = Double(launch.items) * launch.nanosecondsPerItem
        if work < plainWork {
            try runInline(&launch)
        } else {
            try runWithCare(&launch, work: work)
        }
    }

    /// Runs a launch that is worth more looks. Out of line, so that the small ones do not save its registers.
    @inline(never)
    private func runWithCare(_ launch: inout Launch, work: Double) throws(OutOfMemory) {
        if ck_in_forked_child() {
            try runInline(&launch)
        } else if let profiler {
            try profiler.record(&launch) { launch, number throws(OutOfMemory) in
                try runAnywhere(&launch, work: work, number: number)
            }
        } else {
            _ = try runAnywhere(&launch, work: work, number: 0)
        }
    }

    @inline(__always)
    private func runInline(_ launch: inout Launch) throws(OutOfMemory) {
        if launch.scratchByteCount == 0 {
            launch.handle.tile(&launch.raw, 0, Int64(launch.items), nil)
        } else {
            try runInlineWithScratch(&launch)
        }
    }

    /// Out of line, so that launches without scratch memory do not save its registers.
    @inline(never)
    private func runInlineWithScratch(_ launch: inout Launch) throws(OutOfMemory) {
        if launch.scratchByteCount <= CK_STACK_SCRATCH_BYTES {
            ck_run_on_stack(launch.handle.tile, &launch.raw, Int64(launch.items))
        } else {
            let scratch = try Storage(byteCount: launch.scratchByteCount)
            launch.handle.tile(&launch.raw, 0, Int64(launch.items), scratch.start)
            withExtendedLifetime(scratch) {}
        }
    }

    /// - Parameter number: the launch's number if its chunks are recorded, 0 if not.
    /// - Returns: what the launch was cut into and shared out over.
    private func runAnywhere(_ launch: inout Launch, work: Double, number: Int64) throws(OutOfMemory) -> LaunchSpread {
        let isForTeam = work >= Self.smallestTeamWork && layout.lanes * layout.team > 1
        guard isForTeam, work >= Self.smallestWakingWork || ck_team_is_awake() else {
            try runInline(&launch)
            return .inline
        }
        let concurrentCallers = callers.add(1, ordering: .relaxed).newValue
        defer { callers.subtract(1, ordering: .relaxed) }
        let budget = layout.lanes * layout.team / concurrentCallers
        let grain = Self.grain(of: launch, work: work)
        let chunks = (launch.items + grain - 1) / grain
        let laneCount = work < Self.smallestLaneWork ? 1 : max(1, min(layout.lanes, budget, chunks))
        let team = max(1, min(layout.team, budget / laneCount, (chunks + laneCount - 1) / laneCount))
        guard laneCount * team > 1 else {
            try runInline(&launch)
            return .inline
        }

        if laneCount == 1 {
            try runOnTeam(&launch, grain: grain, team: team, number: number)
        } else {
            let job = try LaneJob(launch, grain: grain, lanes: laneCount, team: team, number: number)
            for lane in 1..<laneCount {
                lanes[lane - 1].async { job.work(lane: lane) }
            }
            job.work(lane: 0)
            job.waitUntilDone()
        }
        return LaunchSpread(chunks: chunks, lanes: laneCount, team: team)
    }

    private func runOnTeam(_ launch: inout Launch, grain: Int, team: Int, number: Int64) throws(OutOfMemory) {
        let scratchStride = launch.scratchByteCountPerThread
        let scratch = scratchStride == 0 ? nil : try Storage(byteCount: scratchStride * team)
        ck_run_on_team(
            launch.handle.tile,
            &launch.raw,
            Int64(launch.items),
            Int64(grain),
            Int32(team),
            scratch?.start,
            Int64(scratchStride),
            number,
            launch.handle.kernel
        )
        withExtendedLifetime(scratch) {}
    }

    /// Items per chunk; depends on the launch's shape alone.
    private static func grain(of launch: Launch, work: Double) -> Int {
        let chunks = max(1, min(mostChunks, Int(work / chunkWork), launch.items))
        let grain = (launch.items + chunks - 1) / chunks
        return (grain + launch.chunkMultiple - 1) / launch.chunkMultiple * launch.chunkMultiple
    }
}

/// What a launch was cut into, and how many lanes and threads of each could claim a part.
struct LaunchSpread {
    let chunks: Int
    let lanes: Int
    let team: Int

    /// All of it on the caller's thread.
    static let inline = LaunchSpread(chunks: 1, lanes: 1, team: 1)
}

/// A launch that several lanes claim chunks of. The caller claims too, so it never waits for a lane that has
/// not started, only for chunks that are being run; a lane that comes too late finds nothing left and touches
/// none of the launch's operands.
///
/// Sendable: `job` is written before the job is shared, and from then on only its claim counters change,
/// through atomic operations in C; `scratch` is cut into one piece per thread.
private final class LaneJob: @unchecked Sendable {
    private let job: UnsafeMutablePointer<ck_job>
    private let items: Int
    private let team: Int
    private let scratch: Storage?
    private let scratchStride: Int
    private let done = Atomic(0)
    private let finished = DispatchSemaphore(value: 0)

    init(_ launch: Launch, grain: Int, lanes: Int, team: Int, number: Int64) throws(OutOfMemory) {
        items = launch.items
        self.team = team
        scratchStride = launch.scratchByteCountPerThread
        scratch = scratchStride == 0 ? nil : try Storage(byteCount: scratchStride * lanes * team)
        // Typed memory would be aligned as `ck_job` is, which threads that claim from different ranges would share
        // cache lines of.
        job = UnsafeMutableRawPointer.allocate(byteCount: MemoryLayout<ck_job>.size, alignment: Int(CK_CACHE_LINE))
            .bindMemory(to: ck_job.self, capacity: 1)
        var raw = launch.raw
        ck_job_start(job, launch.handle.tile, &raw, Int64(launch.items), Int64(grain), Int32(lanes * team))
        job.pointee.number = number
        job.pointee.kernel = launch.handle.kernel
    }

    deinit { UnsafeMutableRawPointer(job).deallocate() }

    func work(lane: Int) {
        let ownScratch = scratch.map { $0.start + lane * team * scratchStride }
        let ran = Int(ck_job_work(job, Int32(lane), Int32(team), ownScratch, Int64(scratchStride)))
        guard ran > 0 else { return }
        if done.add(ran, ordering: .acquiringAndReleasing).newValue == items { finished.signal() }
    }

    func waitUntilDone() { finished.wait() }
}
