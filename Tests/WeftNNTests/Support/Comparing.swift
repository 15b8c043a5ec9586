import Testing
import WeftTensor

/// Whether `a` and `b` have as many elements and differ by at most `tolerance`, relative to the greater of 1 and the
/// expected magnitude; float32 arithmetic in another order accounts for about 1e-6.
func areClose(_ a: [Float], _ b: [Double], tolerance: Double = 2e-6) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * max(1, abs($1)) }
}

/// The mistake that `body` makes; a failure of the test if it makes none.
func refusal(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
) -> TensorError? {
    #expect(throws: TensorError.self, sourceLocation: sourceLocation) { try withTensorErrors(body) }
}

/// The bits of a tensor's elements, for comparisons that must be exact.
func bits(_ tensor: Tensor) -> [UInt8] {
    tensor.withUnsafeBytes { Array($0) }
}
