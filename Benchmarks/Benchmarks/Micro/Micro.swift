// The micro benchmarks, for `swift package benchmark`: how long the cases take on this machine, now. What must not get
// worse is checked elsewhere, by counts that can be repeated: Benchmarks/Scripts/instruction-counts.
import Benchmark
import MicroCases

let benchmarks: @Sendable () -> Void = {
    for microCase in MicroCase.all {
        Benchmark(
            microCase.name,
            configuration: .init(
                metrics: [.wallClock, .throughput, .instructions, .peakMemoryResident],
                warmupIterations: 2,
                scalingFactor: microCase.isShort ? .kilo : .one,
                maxDuration: .milliseconds(500),
                maxIterations: 10_000
            )
        ) { benchmark, iteration in
            for _ in benchmark.scaledIterations { iteration() }
        } setup: {
            microCase.prepare()
        }
    }
}
