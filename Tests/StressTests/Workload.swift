import Weft

/// A forward and a backward pass through many kinds of kernels, of shapes that depend on a number. The same number
/// always gives the same bits.
struct Workload {
    static let count = 24

    private let input: Tensor
    private let weight: Tensor
    private let labels: Tensor

    init(_ number: Int) {
        var random = SplitMix(seed: UInt64(number) &+ 1000)
        // From operations that run inline to ones that are spread over all lanes.
        let longest = [4, 40, 200, 500].randomElement(using: &random)!
        let rows = Int.random(in: 1...longest, using: &random)
        let inner = Int.random(in: 1...longest, using: &random)
        let columns = Int.random(in: 2...longest, using: &random)
        let generator = RandomGenerator(seed: UInt64(number))
        input = Tensor(uniform: [rows, inner], in: -1..<1, requiresGrad: true, generator: generator)
        weight = Tensor(normal: [columns, inner], requiresGrad: true, generator: generator)
        labels = Tensor((0..<rows).map { $0 % columns })
    }

    /// The bits of the results and gradients.
    func run() -> [UInt32] {
        let hidden = matmul(input, weight.T).gelu()
        let loss = (hidden * 2).crossEntropy(labels) + hidden.T.softmax(axis: 0).exp().mean() + input.max() * 0.5
        let gradients = grad(of: loss, withRespectTo: [input, weight])
        let tensors = [loss, hidden.sum(axis: 0), gradients[0].T.sum(axis: 0), gradients[1].tanh().sum(axis: 1)]
        return tensors.flatMap { $0.array().map(\.bitPattern) }
    }
}
