import HeadToHead
import Testing

@Suite("MachineLoad")
struct MachineLoadTests {
    @Test("cores are busy while they neither idle nor wait for disks")
    func ticks() throws {
        let text = "cpu  10 20 30 400 50 6 7 8 9 1\ncpu0 1 2 3 4 5 6 7 8 9 1\n"
        let ticks = try #require(MachineLoad.ticks(inStatistics: text))
        #expect(ticks.busy == 81 && ticks.total == 531)
        #expect(MachineLoad.ticks(inStatistics: "") == nil)
        #expect(MachineLoad.ticks(inStatistics: "intr 1 2 3") == nil)
    }
}
