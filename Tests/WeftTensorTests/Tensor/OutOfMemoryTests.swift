import Testing

@testable import WeftTensor

/// The memory limit is the process's, so these tests have processes of their own.
@Suite("Running out of memory")
struct OutOfMemoryTests {
    @Test("An operation without memory for its result is refused and says how much was asked of how much")
    func refused() async {
        await #expect(processExitsWith: .success) {
            let x = Tensor(ones: [1 << 20])
            Memory.limit = 5 << 20
            let error = #expect(throws: TensorError.self) { try withTensorErrors { _ = x + 1 } }
            #expect(error?.operation == "add")
            #expect(error?.message == "out of memory: asked for 4 MiB, with 4 MiB in use of the 5 MiB allowed")
            Memory.limit = 16 << 20
            #expect((x + 1)[0].item() == 2)
        }
    }

    @Test("What is cached makes room before anything is refused")
    func cacheMakesRoom() async {
        await #expect(processExitsWith: .success) {
            Memory.limit = 24 << 20
            for megabytes in [4, 6, 8, 10, 12, 16, 20] {
                #expect(Tensor(ones: [megabytes << 18])[0].item() == 1)
            }
            #expect(Memory.statistics.live == 0)
        }
    }

    @Test("Every operation that runs out of memory in its middle is refused, and none crashes")
    func everywhere() async {
        await #expect(processExitsWith: .success) {
            let n = 192
            let x = Tensor(uniform: [n, n], in: 0.5..<2, requiresGrad: true, generator: RandomGenerator(seed: 1))
            let integers = (x.detached() * 50).to(.int64)
            let truths = integers .> 50
            let index = Tensor(arange: 0..<n).expanded(to: [n, n]).contiguous()
            let labels = Tensor(arange: 0..<n)
            let parts = x.reshaped([2, 96, 2, 96])
            let operations: [@Sendable () -> Tensor] = [
                { x / integers }, { truths * x }, { integers.exp() }, { x.gelu() }, { x.relu() },
                { integers.mean(axis: 0) }, { x.T.reshaped([n * n]).square() }, { x.max(axis: 0).values * x },
                { parts.permuted([0, 2, 1, 3]).indexSelect(axis: 1, Tensor([0, 1, 0])) },
                { x.gather(axis: 1, index) }, { x.T.logSoftmax(axis: 1) },
                { x.T.crossEntropy(labels, reduction: .none, labelSmoothing: 0.1) }, { matmul(x.T, integers) },
                { matmul(parts, parts.transposed(2, 3)) }, { addmm(integers, x, integers) },
                { `where`(truths, integers, x.T) }, { x.logicalAnd(integers) }, { Tensor.maximum(x, integers) },
                { x.T.layerNorm([n], weight: x[0], bias: x[1]) }, { x.rmsNorm([n], weight: x[0]) },
                { x.T.variance(axis: 0) }, { x.standardDeviation() }, { integers.cumulativeSum(axis: 0) * x },
                { concatenated([x.T, integers], axis: 1) }, { x.scatterAdd(axis: 0, index, x.T) },
                { x.scatter(axis: 1, index, x.T) }, { x.T.indexAdd(axis: 1, labels, x) },
                { x.embedding(index, paddingIndex: 3) },
                {
                    var y = x * 1
                    y += x
                    y[0] = x[1]
                    y[.ellipsis, 3] *= x[2]
                    return y
                },
                {
                    var y = x.detached()
                    y[1...] = integers[1...]
                    y -= x.detached().T
                    return y
                },
            ]
            var refusals = 0
            var successes = 0
            for operation in operations {
                // From no memory at all in steps up to enough, so that each allocation is the one to fail.
                for step in [0, 1, 2, 3, 5, 8, 20] {
                    Memory.releaseCache()
                    Memory.limit = Memory.statistics.live + Memory.statistics.cached + step * (72 << 10)
                    do {
                        try withTensorErrors {
                            let result = operation()
                            if result.requiresGrad {
                                let first = grad(
                                    of: result.sum(),
                                    withRespectTo: [x],
                                    createGraph: true,
                                    allowUnused: true
                                )
                                if first[0].requiresGrad { first[0].square().sum().backward() }
                            }
                            _ = result.array()
                            _ = result.description
                        }
                        successes += 1
                    } catch let error as TensorError {
                        refusals += 1
                        #expect(error.message.contains("out of memory"), "\(error)")
                    } catch {
                        Issue.record(error)
                    }
                    x.zeroGrad()
                }
            }
            #expect(refusals > 50)
            #expect(successes > 0)
            Memory.limit = 1 << 30
            #expect(operations.allSatisfy { !$0().isFailed })
        }
    }

    @Test("What was not converted for want of memory makes no tensor")
    func conversions() async {
        await #expect(processExitsWith: .success) {
            let x = Tensor(ones: [1 << 20])
            let integers = x.to(.int64)
            let truths = integers .> 0
            let operations: [@Sendable () -> Tensor] = [
                { addcmul(integers, x, x) }, { `where`(truths, integers, x) }, { `where`(truths, x, integers) },
            ]
            for operation in operations {
                // Room for one of the conversion and the result.
                Memory.releaseCache()
                Memory.limit = Memory.statistics.live + Memory.statistics.cached + 5 << 20
                var result: Tensor?
                #expect(throws: TensorError.self) { try withTensorErrors { result = operation() } }
                #expect(result?.isFailed == true)
            }
        }
    }

    @Test("A steady loop takes nothing more from the system")
    func steady() async {
        await #expect(processExitsWith: .success) {
            let w = Tensor(normal: [300, 300], requiresGrad: true)
            let x = Tensor(normal: [200, 300])
            func taken(after steps: Int) -> Int {
                for _ in 0..<steps {
                    matmul(x, w).relu().softmax(axis: 1).square().mean().backward()
                    w.zeroGrad()
                }
                return Memory.statistics.live + Memory.statistics.cached
            }
            // A lane that came late to a launch may hold its scratch memory for a moment longer, and the next launch
            // takes another piece; that happens a few times at most, a leak in every step.
            let before = taken(after: 10)
            let after = taken(after: 40)
            #expect(after - before <= 4 << 20)
        }
    }
}
