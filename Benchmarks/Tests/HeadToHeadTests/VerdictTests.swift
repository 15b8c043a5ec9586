import HeadToHead
import Testing

@Suite("Verdict")
struct VerdictTests {
    @Test("rows without a peer are neither won nor lost")
    func counts() {
        let verdict = Verdict(of: samples)
        #expect(verdict.won.map(\.name) == ["matmul/1"])
        #expect(verdict.lost.map(\.name) == ["matmul/2"])
        #expect(verdict.unopposed.map(\.name) == ["matmul/3"])
        #expect(verdict.missing.map(\.name) == ["matmul/4"])
        #expect(verdict.failed.map(\.name) == ["matmul/5"])
        #expect(
            verdict.sentence == "5 rows: 1 not slower than any peer, 1 slower than a peer, 1 without a peer, "
                + "1 missing in Weft, 1 failed."
        )
    }
}
