public import WeftTensor

/// Divides the last axes of its input by the root of their mean square, then scales each of their elements by a learned
/// number (Zhang and Sennrich, 2019).
///
/// Takes tensors of shape `[…, normalizedShape…]` and gives the same.
public final class RMSNorm: Layer {
    /// The sizes of the last axes, which are normalised together.
    public let normalizedShape: [Int]
    /// What is added to the mean square; `nil` for the distance of the input's numbers at 1.
    public let epsilon: Double?
    /// The factors, of shape `normalizedShape`, at first 1; `nil` in a layer that does not scale.
    public let weight: Parameter?

    /// Refused unless `normalizedShape` has at least one size and none is negative.
    ///
    /// - Parameter affine: whether there is a weight to learn.
    public init(
        _ normalizedShape: [Int],
        epsilon: Double? = nil,
        affine: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let shape = checkedNormalizedShape(normalizedShape, "RMSNorm", at: CallSite(file, line))
        self.normalizedShape = shape
        self.epsilon = epsilon
        weight = refusing(as: "RMSNorm", at: CallSite(file, line)) {
            affine ? Parameter(Tensor(ones: shape)) : nil
        }
    }

    /// A layer that normalises the last axis, of size `features`.
    public convenience init(
        _ features: Int,
        epsilon: Double? = nil,
        affine: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init([features], epsilon: epsilon, affine: affine, file: file, line: line)
    }

    /// The output, of the shape of `input`, which ends in `normalizedShape`.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.rmsNorm(normalizedShape, weight: weight?.value, epsilon: epsilon, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
