import Weft

/// Operations on so many elements that their kernel is most of what they take.
extension MicroCase {
    static let kernels = [
        pointwise("copy-transposed") { $0.reshaped([64, 64]).T.contiguous() },
        pointwise("add") { $0 + $0 },
        pointwise("exp") { $0.exp() },
        pointwise("log") { $0.log() },
        pointwise("tanh") { $0.tanh() },
        pointwise("gelu") { $0.gelu() },
        pointwise("to-int64") { $0.to(.int64) },
        pointwise("compare") { $0 .< 0 },
        pointwise("sum") { $0.sum() },
        pointwise("sum-columns") { $0.reshaped([64, 64]).sum(axis: 0) },
        pointwise("argmax-rows") { $0.reshaped([64, 64]).argmax(axis: 1) },
        pointwise("softmax-rows") { $0.reshaped([64, 64]).softmax(axis: 1) },
        MicroCase("kernel/normal/4096", counted: 50) {
            { _ = Tensor(normal: [4096]) }
        },
        product(32, counted: 100),
        product(128, counted: 5),
        product(384, counted: 1),
    ]

    private static func pointwise(_ name: String, _ operation: @escaping @Sendable (Tensor) -> Tensor) -> MicroCase {
        MicroCase("kernel/\(name)/4096", counted: 100) {
            let x = Tensor(uniform: [4096], in: 0.5..<4, generator: RandomGenerator(seed: 1))
            return { _ = operation(x) }
        }
    }

    private static func product(_ size: Int, counted: Int) -> MicroCase {
        MicroCase("kernel/matmul/\(size)", counted: counted) {
            let a = Tensor(normal: [size, size], generator: RandomGenerator(seed: 1))
            let b = Tensor(normal: [size, size], generator: RandomGenerator(seed: 2))
            return { _ = matmul(a, b) }
        }
    }
}
