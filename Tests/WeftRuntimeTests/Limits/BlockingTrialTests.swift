import Testing

@_spi(Benchmarking) @testable import WeftRuntime

@Suite("Trials of blockings")
struct BlockingTrialTests {
    @Test("Blockings that kernels cannot run with are refused")
    func impossibleBlockings() {
        let trial = BlockingTrial(m: 40, n: 50, k: 30)
        let (rows, columns) = (trial.panelRows, trial.panelColumns)
        func isPossible(_ packsB: Bool, _ row: Int, _ column: Int, _ depth: Int) -> Bool {
            trial.isPossible(
                MatrixProductBlocking(packsB: packsB, rowBlock: row, columnBlock: column, depthBlock: depth)
            )
        }
        #expect(trial.isPossible(trial.planned))
        #expect(isPossible(true, 2 * rows, columns, 16))
        #expect(!isPossible(true, 2 * rows + 1, columns, 16))
        #expect(!isPossible(true, rows, columns + 1, 16))
        #expect(isPossible(false, 1, 1, 1))
        for packsB in [false, true] {
            #expect(!isPossible(packsB, 0, columns, 16))
            #expect(!isPossible(packsB, rows, -columns, 16))
            #expect(!isPossible(packsB, rows, columns, 0))
        }
    }
}
