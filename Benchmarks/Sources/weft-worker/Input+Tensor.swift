import BenchmarkRows
import Weft

extension Input {
    /// The tensor that this is the recipe of.
    func tensor() throws -> Tensor {
        // Made twice: as the array that is filled, and as the tensor.
        let most = Double(RuntimeInfo.current.memoryLimit / (2 * MemoryLayout<Int64>.size))
        guard shape.allSatisfy({ $0 >= 0 }), shape.reduce(1.0, { $0 * Double($1) }) <= most else {
            throw Mistake("input \(name) of shape \(shape) does not fit into memory")
        }
        switch fill {
        case .uniform: return floats().withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .float32) }
        case .integers:
            guard low < high, abs(low) <= 0x1p53, abs(high) <= 0x1p53 else {
                throw Mistake("input \(name) has no integers from \(low) to below \(high)")
            }
            return integers().withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .int64) }
        case .mask: return mask().withUnsafeBytes { Tensor(bytes: $0, shape: shape, dtype: .bool) }
        }
    }
}
