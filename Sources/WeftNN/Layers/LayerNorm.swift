public import WeftTensor

/// Normalises the last axes of its input to mean 0 and variance 1, then scales and moves each of their elements by
/// learned numbers (Ba, Kiros and Hinton, 2016).
///
/// Takes tensors of shape `[…, normalizedShape…]` and gives the same.
public final class LayerNorm: Layer {
    /// The sizes of the last axes, which are normalised together.
    public let normalizedShape: [Int]
    /// What is added to the variance.
    public let epsilon: Double
    /// The factors, of shape `normalizedShape`, at first 1; `nil` in a layer that does not scale.
    public let weight: Parameter?
    /// The offsets, of shape `normalizedShape`, at first 0; `nil` in a layer without.
    public let bias: Parameter?

    /// - Parameters:
    ///   - affine: whether there are a weight and, if `bias`, offsets to learn.
    ///
    /// Refused unless `normalizedShape` has at least one size and none is negative.
    public init(
        _ normalizedShape: [Int],
        epsilon: Double = 1e-5,
        affine: Bool = true,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let shape = checkedNormalizedShape(normalizedShape, "LayerNorm", at: CallSite(file, line))
        self.normalizedShape = shape
        self.epsilon = epsilon
        (weight, self.bias) = refusing(as: "LayerNorm", at: CallSite(file, line)) {
            (affine ? Parameter(Tensor(ones: shape)) : nil, affine && bias ? Parameter(Tensor(zeros: shape)) : nil)
        }
    }

    /// A layer that normalises the last axis, of size `features`.
    public convenience init(
        _ features: Int,
        epsilon: Double = 1e-5,
        affine: Bool = true,
        bias: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init([features], epsilon: epsilon, affine: affine, bias: bias, file: file, line: line)
    }

    /// The output, of the shape of `input`, which ends in `normalizedShape`.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.layerNorm(
            normalizedShape,
            weight: weight?.value,
            bias: bias?.value,
            epsilon: epsilon,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}

/// `shape` if layers can normalise over it; otherwise, after refusing, something that they can.
func checkedNormalizedShape(_ shape: [Int], _ layer: String, at site: CallSite) -> [Int] {
    guard !shape.isEmpty, shape.allSatisfy({ $0 >= 0 }) else {
        refuse(layer, "the normalized shape \(shape) must have at least one size, and none negative", at: site)
        return [0]
    }
    return shape
}
