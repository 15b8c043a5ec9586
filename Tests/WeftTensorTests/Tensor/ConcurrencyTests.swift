import Dispatch
import Synchronization
import Testing

@testable import WeftTensor

@Suite("Concurrent use")
struct ConcurrencyTests {
    @Test("Backward passes of many tasks add up in a leaf that they share")
    func sharedLeaf() async {
        let w = Tensor(ones: [64, 64], requiresGrad: true)
        let x = Tensor(ones: [8, 64])
        await withTaskGroup(of: Void.self) { group in
            for task in 1...16 {
                group.addTask { for _ in 0..<5 { (matmul(x, w) * Double(task)).sum().backward() } }
            }
        }
        // 8 rows, 5 passes, and the sum of 1 ... 16; whole numbers, so the order of the additions does not show.
        #expect(w.grad!.array() == [Float](repeating: 8 * 5 * 136, count: 64 * 64))
    }

    @Test("Passes over graphs of their own do not disturb one another")
    func disjointGraphs() async {
        let results = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<16 {
                group.addTask {
                    let w = Tensor(full: [40, 40], Double(task), requiresGrad: true)
                    let x = Tensor(full: [40, 40], 0.5)
                    for _ in 0..<10 { (w * x).square().sum().backward() }
                    return w.grad!.array() == [Float](repeating: Float(task) * 5, count: 1600)
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [Bool](repeating: true, count: 16))
    }

    @Test("A graph that is retained can be walked by many threads at once")
    func sharedGraph() {
        let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        let loss = (x.square() * x).sum()
        let wrong = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 64) { _ in
            let gradient = grad(of: loss, withRespectTo: [x], retainGraph: true)[0]
            if gradient.array() != [3, 12, 27] { wrong.add(1, ordering: .relaxed) }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }

    @Test("Of many passes through a graph that is not retained one succeeds and the others are refused")
    func racingPasses() {
        let x = Tensor([1.0], requiresGrad: true)
        let loss = x.square().sum()
        let succeeded = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            if (try? withTensorErrors { loss.backward() }) != nil { succeeded.add(1, ordering: .relaxed) }
        }
        #expect(succeeded.load(ordering: .relaxed) == 1)
        #expect(x.grad!.array() == [2])
    }

    @Test("Tensors that share memory can be changed on many threads")
    func sharedMemory() {
        let x = Tensor(zeros: [5000])
        let wrong = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 32) { thread in
            var mine = x
            for _ in 0..<10 { mine += Double(thread) }
            mine[0] = Tensor(-1.0)
            if mine[1...].array() != [Float](repeating: Float(10 * thread), count: 4999) {
                wrong.add(1, ordering: .relaxed)
            }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
        #expect(x.array() == [Float](repeating: 0, count: 5000))
    }

    @Test("Large operations of many callers give the bits that one caller gets")
    func sameBits() {
        let a = Tensor(uniform: [96, 300], generator: RandomGenerator(seed: 1))
        let b = Tensor(uniform: [300, 80], generator: RandomGenerator(seed: 2))
        @Sendable func compute() -> [Float] {
            (matmul(a, b).softmax(axis: 1) + a.sum().tanh()).array() + a.exp().mean(axis: 0).array()
        }
        let expected = compute()
        let wrong = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            for _ in 0..<4 where compute() != expected { wrong.add(1, ordering: .relaxed) }
        }
        #expect(wrong.load(ordering: .relaxed) == 0)
    }
}
