public import WeftTensor

/// An affine map of the last axis, and an activation of what it gives: `y = f(x Wᵀ + b)`.
///
/// Takes tensors of shape `[…, inFeatures]` and gives `[…, outFeatures]`.
///
/// ```swift
/// let hidden = Linear(784, 512, activation: .relu)
/// ```
public final class Linear: Layer, ActivatedLayer {
    public let inFeatures: Int
    public let outFeatures: Int
    /// W, of shape `[outFeatures, inFeatures]`.
    public let weight: Parameter
    /// b, of shape `[outFeatures]`; `nil` in a layer without a bias.
    public let bias: Parameter?
    /// f, computed while the product is at hand and so quicker than by a layer of its own, with the same bits; `nil` for
    /// none.
    public let activation: Activation?

    /// Makes a layer whose weight and bias are drawn as PyTorch draws them: uniformly between -k and k, where k is
    /// `1 / sqrt(inFeatures)`.
    ///
    /// Refused if a number of features is negative.
    public init(
        _ inFeatures: Int,
        _ outFeatures: Int,
        bias: Bool = true,
        activation: Activation? = nil,
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
        self.activation = activation

        // PyTorch's default, kaiming_uniform_(a: sqrt(5)), has this bound for the weight too. Without inputs there are
        // no weights to draw, and the bias is 0.
        let bound = inFeatures == 0 ? 0 : 1 / Double(inFeatures).squareRoot()
        func draw(_ shape: [Int]) -> Parameter {
            refusing(as: "Linear", at: CallSite(file, line)) {
                Parameter(bound == 0 ? Tensor(zeros: shape) : Tensor(uniform: shape, in: -bound..<bound))
            }
        }
        self.weight = draw([outFeatures, inFeatures])
        self.bias = bias ? draw([outFeatures]) : nil
    }

    /// The output, of shape `[…, outFeatures]`, for `input` of shape `[…, inFeatures]`; float64 for a float64
    /// input, float32 for any other.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        output(for: input, activation, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }

    /// The output with `activation` in place of the layer's own.
    func output(for input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor {
        guard input.rank > 0, input.extent(input.rank - 1) == inFeatures else {
            refuse(
                "Linear",
                "the last axis must have \(inFeatures) features; the input has shape \(input.shape)",
                at: CallSite(file, line)
            )
            let sizes = input.shape.dropLast() + [outFeatures]
            return Tensor(standIn: Layout(nearest: Array(sizes)), dtype: input.dtype == .float64 ? .float64 : .float32)
        }
        if input.rank == 2 { return product(input, activation, file: file, line: line) }
        // All axes but the last are one batch to the matrix product.
        let shape = input.shape
        let rows = shape.dropLast().reduce(1, *)
        let matrix = input.reshaped([rows, inFeatures], file: file, line: line)
        return product(matrix, activation, file: file, line: line)
            .reshaped(shape.dropLast() + [outFeatures], file: file, line: line)
    }

    /// The output for a matrix.
    private func product(_ input: Tensor, _ activation: Activation?, file: StaticString, line: UInt) -> Tensor {
        let (weight, bias) = (weight.value, bias?.value)
        let isOneDType = input.dtype == weight.dtype && bias.map { $0.dtype == input.dtype } ?? true
        if isOneDType { return input.linear(weight, bias, activation, at: CallSite(file, line)) }
        // Converted as by any operation.
        let sum =
            if let bias {
                addmm(bias, input, weight.T, file: file, line: line)
            } else {
                matmul(input, weight.T, file: file, line: line)
            }
        return activation.map { sum.applying($0, file: file, line: line) } ?? sum
    }
}
