import Foundation
import HeadToHead
import Testing

@Suite("CoreProbe")
struct CoreProbeTests {
    @Test("a line and some arithmetic take what they can take, where two cores can be told apart")
    func takes() throws {
        #if os(Linux)
            guard ProcessInfo.processInfo.activeProcessorCount > 1 else {
                #expect(CoreProbe.take() == nil)
                return
            }
            let probe = try #require(CoreProbe.take())
            #expect(probe.lineTransfer > 1e-10 && probe.lineTransfer < 1e-6)
            // A million operations of four elements, some at once.
            #expect(probe.arithmetic > 1e-5 && probe.arithmetic < 1e-1)
        #else
            #expect(CoreProbe.take() == nil)
        #endif
    }
}
