public import WeftTensor

/// An affine map of the last axis: `y = x Wᵀ + b`.
///
/// Takes tensors of shape `[…, inFeatures]` and gives `[…, outFeatures]`.
public final class Linear: Layer {
    public let inFeatures: Int
    public let outFeatures: Int
    /// W, of shape `[outFeatures, inFeatures]`.
    public let weight: Parameter
    /// b, of shape `[outFeatures]`; `nil` in a layer without a bias.
    public let bias: Parameter?

    /// Makes a layer whose weight and bias are drawn as PyTorch draws them: uniformly between -k and k, where k is
    /// `1 / sqrt(inFeatures)`.
    ///
    /// Refused if a number of features is negative.
    public init(
        _ inFeatures: Int,
        _ outFeatures: Int,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if inFeatures < 0 || outFeatures < 0 {
            refuse(
                "Linear",
                "the numbers of features are \(inFeatures) and \(outFeatures); they cannot be negative",
                at: CallSite(file, line)
            )
        }
        let (inFeatures, outFeatures) = (max(inFeatures, 0), max(outFeatures, 0))
        self.inFeatures = inFeatures
        self.outFeatures = outFeatures

        // PyTorch's default, kaiming_uniform_(a: sqrt(5)), has this bound for the weight too. Without inputs there are
        // no weights to draw, and the bias is 0.
        let bound = inFeatures == 0 ? 0 : 1 / Double(inFeatures).squareRoot()
        func draw(_ shape: [Int]) -> Parameter {
            Parameter(bound == 0 ? Tensor(zeros: shape) : Tensor(uniform: shape, in: -bound..<bound))
        }
        self.weight = draw([outFeatures, inFeatures])
        self.bias = bias ? draw([outFeatures]) : nil
    }

    /// The output, of shape `[…, outFeatures]`, for `input` of shape `[…, inFeatures]`; float64 for a float64
    /// input, float32 for any other.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        guard input.rank > 0, input.size(input.rank - 1) == inFeatures else {
            refuse(
                "Linear",
                "the last axis must have \(inFeatures) features; the input has shape \(input.shape)",
                at: CallSite(file, line)
            )
            return .failed(like: input)
        }
        if input.rank == 2 { return product(input, file: file, line: line) }
        // All axes but the last are one batch to the matrix product.
        let shape = input.shape
        let rows = shape.dropLast().reduce(1, *)
        return product(input.reshaped([rows, inFeatures], file: file, line: line), file: file, line: line)
            .reshaped(shape.dropLast() + [outFeatures], file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    /// The output for a matrix.
    private func product(_ input: Tensor, file: StaticString, line: UInt) -> Tensor {
        let (weight, bias) = (weight.value, bias?.value)
        let isOneDType = input.dtype == weight.dtype && bias.map { $0.dtype == input.dtype } ?? true
        if isOneDType { return input.linear(weight, bias, at: CallSite(file, line)) }
        // Converted as by any operation.
        guard let bias else { return matmul(input, weight.T, file: file, line: line) }
        return addmm(bias, input, weight.T, file: file, line: line)
    }
}
