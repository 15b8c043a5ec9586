import Foundation
import Synchronization
import Testing
import Weft

/// Many threads at once on the one runtime, each test in a process of its own because limits are the process's.
///
/// A second each by default, or as long as `WEFT_STRESS_SECONDS` says; the gate takes longer, under the address and
/// thread sanitizers.
@Suite("The runtime under stress", .serialized)
struct RuntimeStressTests {
    @Test("Callers that run different operations at once get the bits that each gets alone")
    func sameBits() async {
        await #expect(processExitsWith: .success) {
            let expected = (0..<Workload.count).map { Workload($0).run() }
            try hammer { _, random in
                let number = Int.random(in: 0..<Workload.count, using: &random)
                guard Workload(number).run() == expected[number] else {
                    throw WrongResult("workload \(number) has other bits")
                }
            }
        }
    }

    @Test("With memory running out again and again, operations are refused or right, and nothing is lost")
    func memoryLimit() async {
        await #expect(processExitsWith: .success) {
            let roomy = Memory.limit
            let expected = (0..<Workload.count).map { Workload($0).run() }
            Memory.releaseCache()
            let before = Memory.statistics.live
            let refused = Atomic(0)
            let succeeded = Atomic(0)
            try hammer { caller, random in
                if caller == 0 {
                    Memory.limit = Memory.statistics.live + Int.random(in: 0...(12 << 20), using: &random)
                    Memory.cacheLimit = Int.random(in: 0...(8 << 20), using: &random)
                    if Bool.random(using: &random) { Memory.releaseCache() }
                    Thread.sleep(forTimeInterval: 0.002)
                    return
                }
                let number = Int.random(in: 0..<Workload.count, using: &random)
                do {
                    let bits = try withTensorErrors { Workload(number).run() }
                    guard bits == expected[number] else { throw WrongResult("workload \(number) has other bits") }
                    succeeded.add(1, ordering: .relaxed)
                } catch let error as TensorError {
                    guard error.message.contains("out of memory") else { throw error }
                    refused.add(1, ordering: .relaxed)
                }
            }
            #expect(refused.load(ordering: .relaxed) > 0)
            #expect(succeeded.load(ordering: .relaxed) > 0)
            Memory.limit = roomy
            for number in 0..<Workload.count { #expect(Workload(number).run() == expected[number]) }
            // A lane that came late to a launch lets go of its scratch memory a moment after its caller went on.
            for _ in 0..<100 where Memory.statistics.live != before { try await Task.sleep(for: .milliseconds(10)) }
            #expect(Memory.statistics.live == before)
        }
    }

    @Test("Serving one model from many threads while others train gives the answers and the weights of quiet runs")
    func serveAndTrain() async {
        await #expect(processExitsWith: .success) {
            let model = withRandomSeed(1) { Sequential(Linear(64, 128), ReLU(), Linear(128, 10)) }
            let requests = (0..<6).map {
                Tensor(normal: [1 + 13 * $0, 64], generator: RandomGenerator(seed: UInt64($0)))
            }
            let answers = requests.map { request in noGrad { model(request).array() } }
            let trained = Self.train()
            try hammer { caller, random in
                if caller < 2 {
                    guard Self.train() == trained else { throw WrongResult("training gave other weights") }
                } else {
                    let number = Int.random(in: 0..<requests.count, using: &random)
                    guard noGrad({ model(requests[number]).array() }) == answers[number] else {
                        throw WrongResult("request \(number) got another answer")
                    }
                }
            }
        }
    }

    @Test("A parameter that many threads change is never seen half changed")
    func sharedParameter() async {
        await #expect(processExitsWith: .success) {
            let parameter = Parameter(Tensor(zeros: [5000]))
            let changes = Atomic(0)
            try hammer { caller, _ in
                if caller < 4 {
                    noGrad { parameter.update { $0 += 1 } }
                    changes.add(1, ordering: .relaxed)
                } else {
                    let values = parameter.value.detached().array()
                    guard values.allSatisfy({ $0 == values[0] }) else { throw WrongResult("seen half changed") }
                }
            }
            #expect(parameter.value.detached()[0].item() == Double(changes.load(ordering: .relaxed)))
        }
    }

    @Test("Graphs that threads share, extend and drop give exact gradients and free all memory")
    func sharedGraphs() async {
        await #expect(processExitsWith: .success) {
            let before = Memory.statistics.live
            try {
                let leaf = Tensor(ones: [1000], requiresGrad: true)
                let trunk = (leaf * 3).square()
                let passes = Atomic(0)
                try hammer { caller, random in
                    // Whole numbers, so that the order of additions does not show.
                    let length = Int.random(in: 1...200, using: &random)
                    let branch = (0..<length).reduce(trunk) { sum, _ in sum + trunk }
                    if caller < 2 { return }
                    let gradient = grad(of: branch.sum(), withRespectTo: [leaf], retainGraph: true)[0]
                    guard gradient.array() == [Float](repeating: Float(18 * (length + 1)), count: 1000) else {
                        throw WrongResult("a chain of \(length) has another gradient")
                    }
                    if passes.add(1, ordering: .relaxed).oldValue < 1000 {
                        (leaf * 2).sum().backward()
                    }
                }
                let added = Float(2 * min(1000, passes.load(ordering: .relaxed)))
                #expect(leaf.grad!.array() == [Float](repeating: added, count: 1000))
            }()
            #expect(Memory.statistics.live == before)
        }
    }

    /// The weights of a small model after a few steps, as bits.
    private static func train() -> [UInt32] {
        let model = withRandomSeed(2) { Sequential(Linear(16, 32), Tanh(), Linear(32, 4)) }
        let optimizer = AdamW(model.parameters, learningRate: 0.01)
        let input = Tensor(normal: [48, 16], generator: RandomGenerator(seed: 3))
        let labels = Tensor((0..<48).map { $0 % 4 })
        for _ in 0..<5 {
            optimizer.zeroGrad()
            crossEntropy(model(input), labels).backward()
            optimizer.step()
        }
        return model.parameters.flatMap { $0.value.detached().array().map(\.bitPattern) }
    }
}
