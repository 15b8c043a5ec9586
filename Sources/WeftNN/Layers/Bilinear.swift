public import WeftTensor

/// A bilinear map of two inputs' last axes: `y = x₁ᵀ W x₂ + b`, with a matrix W for each output.
public final class Bilinear: Module {
    public let firstFeatures: Int
    public let secondFeatures: Int
    public let outFeatures: Int
    /// W, of shape `[outFeatures, firstFeatures, secondFeatures]`.
    public let weight: Parameter
    /// b, of shape `[outFeatures]`; `nil` in a layer without a bias.
    public let bias: Parameter?

    /// Makes a layer whose weight and bias are drawn as PyTorch draws them: uniformly between -k and k, where k is
    /// `1 / sqrt(firstFeatures)`.
    ///
    /// Refused if a number of features is negative, or `firstFeatures` is 0.
    public init(
        _ firstFeatures: Int,
        _ secondFeatures: Int,
        _ outFeatures: Int,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if firstFeatures < 1 || secondFeatures < 0 || outFeatures < 0 {
            refuse(
                "Bilinear",
                "the numbers of features are \(firstFeatures), \(secondFeatures) and \(outFeatures); the first must be "
                    + "positive, and none negative",
                at: CallSite(file, line)
            )
        }
        let sizes = [max(firstFeatures, 1), max(secondFeatures, 0), max(outFeatures, 0)]
        (self.firstFeatures, self.secondFeatures, self.outFeatures) = (sizes[0], sizes[1], sizes[2])
        let bound = 1 / Double(sizes[0]).squareRoot()
        (weight, self.bias) = refusing(as: "Bilinear", at: CallSite(file, line)) {
            func draw(_ shape: [Int]) -> Parameter { Parameter(Tensor(uniform: shape, in: -bound..<bound)) }
            return (draw([sizes[2], sizes[0], sizes[1]]), bias ? draw([sizes[2]]) : nil)
        }
    }

    /// The output, of shape `[…, outFeatures]`, for inputs of shapes `[…, firstFeatures]` and `[…, secondFeatures]`.
    public func callAsFunction(
        _ first: Tensor,
        _ second: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let outer = Array(first.shape.dropLast())
        guard first.rank > 0, second.rank > 0, outer == second.shape.dropLast(), first.shape.last == firstFeatures,
            second.shape.last == secondFeatures
        else {
            refuse(
                "Bilinear",
                "inputs of shapes \(first.shape) and \(second.shape) do not fit: […, \(firstFeatures)] and […, "
                    + "\(secondFeatures)] are wanted, with the same sizes before",
                at: CallSite(file, line)
            )
            return Tensor(standIn: Layout(nearest: outer + [outFeatures]), dtype: first.dtype)
        }
        return bilinear(first, second, weight: weight.value, bias: bias?.value, file: file, line: line)
    }
}
