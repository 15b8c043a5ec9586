import WeftRuntime

/// The dimensions that a kernel walks, with each operand's stride along them. Dimensions that all operands
/// walk evenly are merged as they are added, so contiguous work of any rank becomes one dimension.
package struct IterationSpace<let operandCount: Int> {
    package private(set) var rank = 0
    package private(set) var sizes = Extents(repeating: 1)
    package private(set) var strides = InlineArray<operandCount, Extents>(repeating: Extents(repeating: 0))
    /// Dimensions before this one are not merged with later ones.
    private var barrier = 0

    package init() {}

    /// Adds a dimension inside of those added before; `stride` gives each operand's step along it.
    @inline(__always)
    package mutating func append(size: Int, stride: (Int) -> Int) {
        if size == 1 { return }
        if rank > barrier {
            var merges = true
            for operand in 0..<operandCount where strides[operand][rank - 1] != size &* stride(operand) {
                merges = false
            }
            if merges {
                sizes[rank - 1] &*= size
                for operand in 0..<operandCount { strides[operand][rank - 1] = stride(operand) }
                return
            }
        }
        sizes[rank] = size
        for operand in 0..<operandCount { strides[operand][rank] = stride(operand) }
        rank += 1
    }

    /// Adds a dimension of size 1 inside of those added before, for kernels that give a dimension a meaning.
    package mutating func appendUnit() { rank += 1 }

    /// Keeps dimensions added from now on apart from those before, and returns how many there are so far.
    package mutating func startGroup() -> Int {
        barrier = rank
        return rank
    }
}
