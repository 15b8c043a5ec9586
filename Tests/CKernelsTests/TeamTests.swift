import CKernels
import Foundation
import Testing

@Suite("Whether a team is awake")
struct TeamTests {
    /// What `body` gives on a thread that has never had a team.
    private func onFreshThread(_ body: @escaping @Sendable () -> Bool) async -> Bool {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }

    @Test("A single small launch does not wake it")
    func first() async {
        #expect(await !onFreshThread { ck_team_is_awake() })
    }

    @Test("Launches that follow one another closely do")
    func manyInARow() async {
        // A thread that loses its core for a while has to begin again.
        #expect(await onFreshThread { (0..<10_000).contains { _ in ck_team_is_awake() } })
    }

    @Test("It is for a while after a launch, and a pause lets it fall asleep")
    func afterLaunch() async {
        #expect(
            await onFreshThread {
                (0..<100).contains { _ in
                    var launch = ck_launch()
                    let nothing: ck_tile = { _, _, _, _ in }
                    ck_run_on_team(nothing, &launch, 2, 1, 2, nil, 0, 0, CK_add_f32)
                    return ck_team_is_awake()
                }
            }
        )
        #expect(
            await !onFreshThread {
                var launch = ck_launch()
                ck_run_on_team({ _, _, _, _ in }, &launch, 2, 1, 2, nil, 0, 0, CK_add_f32)
                usleep(5000)
                return ck_team_is_awake()
            }
        )
    }

    @Test("A launch on a team runs each item once, on every thread's own scratch", arguments: [1, 2, 3, 4] as [Int32])
    func items(threads: Int32) {
        let items = 1000
        let counts = UnsafeMutablePointer<UInt8>.allocate(capacity: items)
        counts.initialize(repeating: 0, count: items)
        defer { counts.deallocate() }
        let stride = 64
        let scratch = UnsafeMutableRawPointer.allocate(byteCount: stride * Int(threads), alignment: 64)
        scratch.initializeMemory(as: UInt8.self, repeating: 0, count: stride * Int(threads))
        defer { scratch.deallocate() }
        var launch = ck_launch()
        launch.operands.0.data = UnsafeMutableRawPointer(counts)
        ck_run_on_team(
            { launch, begin, end, scratch in
                let counts = launch!.pointee.operands.0.data.assumingMemoryBound(to: UInt8.self)
                for item in begin..<end { counts[Int(item)] += 1 }
                scratch!.assumingMemoryBound(to: Int64.self).pointee += end - begin
            },
            &launch,
            Int64(items),
            7,
            threads,
            scratch,
            Int64(stride),
            0,
            CK_add_f32
        )
        #expect((0..<items).allSatisfy { counts[$0] == 1 })
        let shares = (0..<Int(threads)).map { scratch.load(fromByteOffset: $0 * stride, as: Int64.self) }
        #expect(shares.reduce(0, +) == Int64(items))
    }
}
