// Tries blockings of matrix products and says how far those that the plan chooses are from the best: where the numbers
// in CKernels/gemm/plan.c come from, for the CPU and the instruction set (WEFT_ISA) that it runs on.
//
//   gemm-sweep                     the products that the benchmarks have
//   gemm-sweep 512 1024x512x128    these products, n or m x k x n
//
// Every blocking has a turn in each round, so that all of them see the machine at the same speed; what is told is the
// median over the rounds of the plan's time over the blocking's: above 1, the blocking is faster than the plan.
import Foundation
import HeadToHead
@_spi(Benchmarking) import Weft

let rounds = 9

struct Product {
    let name: String
    let m: Int
    let k: Int
    let n: Int

    /// Nil unless `name` is a positive number or three of them with `x` between.
    init?(_ name: String) {
        let sizes = name.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
        guard sizes.count == 1 || sizes.count == 3, sizes.allSatisfy({ $0 > 0 }) else { return nil }
        self.name = name
        (m, k, n) = (sizes[0], sizes[sizes.count / 2], sizes[sizes.count - 1])
    }
}

/// Blockings worth a try: blocks that leave every thread several, with B packed and in place.
func candidates(_ trial: BlockingTrial, _ product: Product) -> [MatrixProductBlocking] {
    func blocks(_ counts: [Int], of panel: Int, within extent: Int) -> [Int] {
        let least = (extent + panel - 1) / panel * panel
        return Array(Set(counts.map { min($0 * panel, least) })).sorted()
    }
    let rowBlocks = blocks([3, 5, 6, 7, 9, 12, 16], of: trial.panelRows, within: product.m)
    let columnBlocks = blocks([2, 4, 8, 16], of: trial.panelColumns, within: product.n)
    let depthBlocks = Array(Set([192, 256, 384, 512, 768].map { min($0, (product.k + 15) / 16 * 16) })).sorted()
    var result = [trial.planned]
    for packsB in [false, true] {
        for row in rowBlocks {
            for column in columnBlocks {
                for depth in depthBlocks {
                    let blocking = MatrixProductBlocking(
                        packsB: packsB,
                        rowBlock: row,
                        columnBlock: column,
                        depthBlock: depth
                    )
                    if blocking != trial.planned { result.append(blocking) }
                }
            }
        }
    }
    return result
}

func describe(_ blocking: MatrixProductBlocking) -> String {
    "\(blocking.packsB ? "packed  " : "in place") \(blocking.rowBlock) x \(blocking.columnBlock), depth \(blocking.depthBlock)"
}

/// Tries every candidate for `product`, first briefly, then the best of them at length.
func sweep(_ product: Product) {
    let trial = BlockingTrial(m: product.m, n: product.n, k: product.k)
    func ratios(_ blockings: [MatrixProductBlocking], rounds: Int) -> [Double] {
        var samples = [[Double]](repeating: [], count: blockings.count)
        for round in 0..<rounds {
            let plan = trial.seconds(trial.planned)
            for offset in blockings.indices {
                let index = (offset + round) % blockings.count
                samples[index].append(plan / trial.seconds(blockings[index]))
            }
        }
        return samples.map(Statistics.median)
    }
    _ = trial.seconds(trial.planned)
    let all = candidates(trial, product)
    let brief = ratios(all, rounds: 2)
    let finalists = all.indices.sorted { brief[$0] > brief[$1] }.prefix(7).map { all[$0] }
    let final = zip(finalists, ratios(finalists, rounds: rounds)).sorted { $0.1 > $1.1 }
    print("\(product.name): the plan is \(describe(trial.planned)); of \(all.count) blockings the best are")
    for (blocking, ratio) in final { print(String(format: "  %.3f  %@", ratio, describe(blocking))) }
}

let names = CommandLine.arguments.dropFirst()
let products = (names.isEmpty ? ["256", "512", "1024", "2048", "128x784x512", "1024x128x384", "1024x512x128"] : names)
    .map { name in
        guard let product = Product(name) else {
            FileHandle.standardError.write(Data("gemm-sweep: \(name) is no product: say n, or mxkxn\n".utf8))
            exit(2)
        }
        return product
    }
print("\(RuntimeInfo.current.cpu), \(RuntimeInfo.current.isa), lanes \(RuntimeInfo.current.layout)")
for product in products { sweep(product) }
