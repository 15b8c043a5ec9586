// What the scheduler owes to programs that do more than one thing: kinds of work that alternate do not slow each
// other, many callers together get what one gets, and an idle process is idle. Prints each figure beside its bar and
// exits with 1 if one is missed.
import Foundation
import Synchronization
import Weft

// So many that medians of two runs differ by less than the bars leave: single rounds differ by a tenth.
let rounds = 45
let product = (a: Tensor(normal: [256, 256]), b: Tensor(normal: [256, 256]))
let elements = Tensor(normal: [200_000])

func multiply() { _ = matmul(product.a, product.b) }
func transform() { _ = elements.tanh() }

func seconds(_ body: () -> Void) -> Double {
    let start = ContinuousClock.now
    body()
    return (ContinuousClock.now - start) / .seconds(1)
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The processor time that this process has used, in seconds.
func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

/// How much longer products and pointwise operations take in turn than each kind by itself, in each of the rounds.
func interference() -> [Double] {
    let count = 60
    return (0..<rounds).map { _ in
        let apart = seconds { for _ in 0..<count { multiply() } } + seconds { for _ in 0..<count { transform() } }
        return seconds {
            for _ in 0..<count {
                multiply()
                transform()
            }
        } / apart - 1
    }
}

/// The throughput of `callers` threads at once.
func throughput(callers: Int) -> Double {
    let requests = 240 / callers
    let ready = DispatchGroup()
    let done = DispatchGroup()
    let start = DispatchSemaphore(value: 0)
    for _ in 0..<callers {
        ready.enter()
        done.enter()
        Thread {
            multiply()
            ready.leave()
            start.wait()
            for _ in 0..<requests {
                multiply()
                transform()
            }
            done.leave()
        }.start()
    }
    ready.wait()
    let time = seconds {
        for _ in 0..<callers { start.signal() }
        done.wait()
    }
    return Double(callers * requests) / time
}

/// The processor time used from 5 ms after the last launch on, over 100 ms, as a share of one core.
func idleShare() -> Double {
    for _ in 0..<20 {
        multiply()
        transform()
    }
    Thread.sleep(forTimeInterval: 0.005)
    let before = processorTime()
    Thread.sleep(forTimeInterval: 0.1)
    return (processorTime() - before) / 0.1
}

/// Prints a figure beside its bar, and gives back whether it is met.
func report(_ what: String, _ figure: Double, _ bar: String, isMet: Bool) -> Bool {
    print(String(format: "%@ %6.1f %%   bar %@   %@", what, figure * 100, bar, isMet ? "met" : "MISSED"))
    return isMet
}

let info = RuntimeInfo.current
print("\(info.cpu), \(info.isa), lanes \(info.layout)")
for _ in 0..<50 {
    multiply()
    transform()
}

let lost = median(interference())
var areMet = true
areMet = report("products and pointwise operations in turn lose    ", lost, "<=  5 %", isMet: lost <= 0.05) && areMet

let counts = [1, 2, 4, 8]
var rates = [[Double]](repeating: [], count: counts.count)
for round in 0..<rounds {
    for step in counts.indices {
        let index = (step + round) % counts.count
        rates[index].append(throughput(callers: counts[index]))
    }
}
for index in counts.indices.dropFirst() {
    let kept = median(zip(rates[index], rates[0]).map { $0 / $1 })
    let label = "\(counts[index]) callers keep, of one caller's throughput,        "
    areMet = report(label, kept, ">= 95 %", isMet: kept >= 0.95) && areMet
}

let idle = median((0..<rounds).map { _ in idleShare() })
areMet = report("a core is busy, from 5 ms after the last launch,  ", idle, "<=  1 %", isMet: idle <= 0.01) && areMet
exit(areMet ? 0 : 1)
