public import WeftTensor

/// Every element where it is positive, else times a learned number: one for all, or one for each channel, which is axis 1
/// (He et al., 2015).
public final class PReLU: Layer {
    /// The slopes, of shape `[count]`.
    public let weight: Parameter

    /// - Parameters:
    ///   - count: the number of slopes: 1, or that of the channels.
    ///   - initial: what they start from.
    ///
    /// Refused unless `count` is positive.
    public init(_ count: Int = 1, initial: Double = 0.25, file: StaticString = #fileID, line: UInt = #line) {
        if count < 1 { refuse("PReLU", "there are \(count) slopes; at least 1 is needed", at: CallSite(file, line)) }
        weight = refusing(as: "PReLU", at: CallSite(file, line)) {
            Parameter(Tensor(full: [max(count, 1)], initial, dtype: .float32))
        }
    }

    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        input.prelu(weight.value, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
