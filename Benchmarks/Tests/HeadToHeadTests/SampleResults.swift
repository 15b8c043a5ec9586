import HeadToHead

/// Rows of every sort: won, lost, without a peer, missing, and failed.
let samples: [RowResult] = {
    var missing = Measured()
    missing.missing = "no <LSTM> yet"
    var failed = Measured()
    failed.failure = "torch and Weft disagree: element 0 | 1"
    func result(_ name: String, _ measured: Measured) -> RowResult {
        RowResult(.named(name), measured, peers: [], oneThread: nil, threads: 2, date: "then")
    }
    return [
        .named("matmul/1", weft: 0.001, ratio: ["torch": 2.5, "openblas": 1.25]),
        .named("matmul/2", weft: 0.002, ratio: ["torch": 0.834]), .named("matmul/3", weft: 0.003),
        result("matmul/4", missing), result("matmul/5", failed),
    ]
}()
