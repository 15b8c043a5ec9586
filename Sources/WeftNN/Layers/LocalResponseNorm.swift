public import WeftTensor

/// Divides each element by a power of what the channels around it are squared and added up: see
/// ``Tensor/localResponseNorm(size:alpha:beta:k:file:line:)``.
///
/// Takes tensors of shape `[n, c, …]` with at least three dimensions and gives the same.
public final class LocalResponseNorm: Layer {
    /// How many channels are added up.
    public let size: Int
    public let alpha, beta, k: Double

    /// Refused unless `size` is positive.
    public init(
        _ size: Int,
        alpha: Double = 1e-4,
        beta: Double = 0.75,
        k: Double = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if size < 1 {
            refuse(
                "LocalResponseNorm",
                "the size of the window is \(size); it must be positive",
                at: CallSite(file, line)
            )
        }
        self.size = max(size, 1)
        (self.alpha, self.beta, self.k) = (alpha, beta, k)
    }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.localResponseNorm(size: size, alpha: alpha, beta: beta, k: k, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
