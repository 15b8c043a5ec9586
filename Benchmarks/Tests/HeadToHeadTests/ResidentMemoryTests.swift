import Foundation
import HeadToHead
import Testing

@Suite("Resident memory")
struct ResidentMemoryTests {
    private let status = """
        Name:\tweft-worker
        VmPeak:\t  900000 kB
        VmHWM:\t  300000 kB
        VmRSS:\t  250000 kB
        RssAnon:\t  200000 kB
        RssFile:\t   49000 kB
        RssShmem:\t    1000 kB
        """

    @Test("what Linux tells of a process is read")
    func reading() throws {
        let memory = try #require(ResidentMemory(status: status))
        #expect(memory.anonymous == 200_000 * 1024 && memory.peak == 300_000 * 1024 && memory.files == 50_000 * 1024)
        #expect(ResidentMemory(status: "VmHWM:\t1 kB") == nil)
    }

    @Test("what counts is what was written, at its peak, and not the code that was read")
    func added() throws {
        let start = try #require(ResidentMemory(status: status.replacing("200000", with: "90000")))
        let end = try #require(ResidentMemory(status: status))
        #expect(end.added(since: start) == (300_000 - 50_000 - 90_000) * 1024)
    }

    #if os(Linux)
        @Test("this process has memory") func own() throws {
            let memory = try #require(ResidentMemory(of: getpid()))
            #expect(memory.anonymous > 0 && memory.peak >= memory.anonymous)
        }
    #endif
}
