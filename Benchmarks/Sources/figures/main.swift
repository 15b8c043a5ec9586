// The sample figures of BENCHMARKS.md. Compared quantities are measured in turn, round by round, because a
// machine's speed drifts; medians are printed.
import CPeak
import Dispatch
import Weft

func microseconds(_ body: () -> Void) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    body()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1000
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The median over `rounds` of each body's time, in microseconds, the bodies taking turns.
func medians(rounds: Int, _ bodies: [() -> Void]) -> [Double] {
    for body in bodies { body() }
    var times = [[Double]](repeating: [], count: bodies.count)
    for _ in 0..<rounds {
        for (index, body) in bodies.enumerated() { times[index].append(microseconds(body)) }
    }
    return times.map(median)
}

let info = RuntimeInfo.current
print("\(info.cpu), \(info.isa), lanes \(info.layout)")

let leaf = Tensor(1.0, requiresGrad: true)
let one = Tensor(1.0)
func chain(from start: Tensor) -> Tensor { (0..<100).reduce(start) { sum, _ in sum + one } }
let additions = medians(
    rounds: 3001,
    [{ _ = chain(from: one) }, { _ = chain(from: leaf) }, { chain(from: leaf).backward() }]
)
print("100 scalar additions, no gradient          \(additions[0]) us")
print("100 scalar additions, forward              \(additions[1]) us")
print("100 scalar additions, forward and backward \(additions[2]) us")

let threads = info.layout.lanes * info.layout.team
let rounds: Int64 = 20_000_000
for size in [256, 512, 1024] {
    let a = Tensor(normal: [size, size])
    let b = Tensor(normal: [size, size])
    let times = medians(
        rounds: 15,
        [
            { _ = matmul(a, b) },
            {
                // The peak of as many threads as the product may use, started together.
                DispatchQueue.concurrentPerform(iterations: threads) { _ in _ = peak_multiply_adds(rounds) }
            },
        ]
    )
    let operations = peak_multiply_adds(1) * Double(rounds) * Double(threads)
    let rate = 2 * Double(size * size * size) / times[0] / 1000
    let peak = operations / times[1] / 1000
    print("matmul \(size): \(rate) GFLOP/s, \(rate / peak * 100) % of a multiply-add peak of \(peak)")
}
