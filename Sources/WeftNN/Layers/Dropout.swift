public import WeftTensor

/// Sets elements to zero at random while training, and scales the others so that the mean stays.
///
/// Every element of the input, of any shape, is dropped with probability p, independently, or else multiplied by
/// `1 / (1 - p)` (Srivastava et al., 2014, in the form that leaves evaluation alone). In evaluation mode the output is
/// the input. See ``withMode(_:_:)``.
public final class Dropout: Layer {
    /// The probability with which an element is dropped.
    public let probability: Double

    /// Refused unless `probability` is from 0 to 1.
    public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
        self.probability = checkedProbability(probability, "Dropout", at: CallSite(file, line))
    }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        guard Mode.current == .training, probability > 0, !input.isFailed else { return input }
        let dtype = input.dtype.isFloatingPoint ? input.dtype : .float32
        let site = CallSite(file, line)
        return input * Tensor.dropoutMask(input.shape, dtype: dtype, probability: probability, at: site)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
