import Weft

/// Operations on so few elements that everything but their kernel is what they take.
extension MicroCase {
    static let tensors = [
        MicroCase("tensor/make-scalar", counted: 5000) {
            { _ = Tensor(1.0) }
        },
        MicroCase("tensor/add-scalars", counted: 5000) {
            let (a, b) = (Tensor(1.0), Tensor(2.0))
            return { _ = a + b }
        },
        MicroCase("tensor/add-number", counted: 5000) {
            let a = Tensor(1.0)
            return { _ = a + 2.0 }
        },
        MicroCase("tensor/add-in-place", counted: 5000) {
            var a = Tensor([1.0, 2.0, 3.0])
            let b = Tensor([1.0, 2.0, 3.0])
            return { a += b }
        },
        matrix("add-broadcast") { $0 + $0[0] },
        matrix("view-row") { $0[1] },
        matrix("view-range") { $0[1..<3] },
        matrix("transposed") { $0.T },
        matrix("reshaped") { $0.reshaped([2, 8]) },
        MicroCase("tensor/read-element", counted: 5000) {
            let x = Tensor(ones: [4, 4])
            return { _ = x[1, 2].item() }
        },
        MicroCase("tensor/write-element", counted: 5000) {
            var x = Tensor(ones: [4, 4])
            let value = Tensor(2.0)
            return { x[1, 2] = value }
        },
        matrix("matmul-4x4") { matmul($0, $0) },
    ]

    private static func matrix(_ name: String, _ operation: @escaping @Sendable (Tensor) -> Tensor) -> MicroCase {
        MicroCase("tensor/\(name)", counted: 5000) {
            let x = Tensor(ones: [4, 4])
            return { _ = operation(x) }
        }
    }
}
