import Weft

/// Recording and differentiating.
extension MicroCase {
    static let tape = [
        MicroCase("tape/100-adds/no-grad", counted: 50) {
            let (x, one) = (Tensor(0.0), Tensor(1.0))
            return { _ = chain(100, from: x, adding: one) }
        },
        MicroCase("tape/100-adds/forward", counted: 50) {
            let (x, one) = (Tensor(0.0, requiresGrad: true), Tensor(1.0))
            return { _ = chain(100, from: x, adding: one) }
        },
        MicroCase("tape/100-adds/forward-backward", counted: 50) {
            let (x, one) = (Tensor(0.0, requiresGrad: true), Tensor(1.0))
            return {
                chain(100, from: x, adding: one).backward()
                x.zeroGrad()
            }
        },
        longChain(10_000, counted: 1),
        longChain(1_000_000, counted: nil),
        MicroCase("tape/step-of-a-small-model", counted: 20) {
            let model = withRandomSeed(1) { Sequential(Linear(2, 16), Tanh(), Linear(16, 16), Tanh(), Linear(16, 1)) }
            let optimizer = SGD(model, learningRate: 0.01)
            let x = Tensor(normal: [32, 2], generator: RandomGenerator(seed: 2))
            let y = Tensor(normal: [32, 1], generator: RandomGenerator(seed: 3))
            return {
                mse(model(x), y).backward()
                optimizer.step()
                optimizer.zeroGrad()
            }
        },
    ]

    /// Recording, differentiating and freeing a graph that is as deep as it is large.
    private static func longChain(_ count: Int, counted: Int?) -> MicroCase {
        MicroCase("tape/chain-of-\(count)", counted: counted) {
            let (x, one) = (Tensor(0.0, requiresGrad: true), Tensor(1.0))
            return {
                chain(count, from: x, adding: one).backward()
                x.zeroGrad()
            }
        }
    }

    private static func chain(_ count: Int, from start: Tensor, adding one: Tensor) -> Tensor {
        var sum = start
        for _ in 0..<count { sum = sum + one }
        return sum
    }
}
