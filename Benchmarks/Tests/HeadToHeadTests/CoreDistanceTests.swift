import Foundation
import HeadToHead
import Testing

@Suite("CoreDistance")
struct CoreDistanceTests {
    @Test("a core takes a line over in some nanoseconds, which is known where two cores can be told apart")
    func measures() throws {
        #if os(Linux)
            guard ProcessInfo.processInfo.activeProcessorCount > 1 else {
                #expect(CoreDistance.measure() == nil)
                return
            }
            let seconds = try #require(CoreDistance.measure())
            #expect(seconds > 1e-10 && seconds < 1e-6)
        #else
            #expect(CoreDistance.measure() == nil)
        #endif
    }
}
