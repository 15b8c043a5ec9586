public import WeftTensor

/// Makes one axis of several neighbouring ones; by default, of all but the first.
public final class Flatten: Layer {
    /// The first and the last axis to join; negative ones count from the end.
    public let startAxis: Int
    public let endAxis: Int

    public init(startAxis: Int = 1, endAxis: Int = -1) {
        self.startAxis = startAxis
        self.endAxis = endAxis
    }

    /// The elements of `input` in their order. A scalar becomes a vector of one.
    ///
    /// Refused if the axes do not exist or come in the wrong order.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let shape = input.rank == 0 ? [1] : input.shape
        let start = startAxis < 0 ? startAxis + shape.count : startAxis
        let end = endAxis < 0 ? endAxis + shape.count : endAxis
        guard shape.indices.contains(start), shape.indices.contains(end), start <= end else {
            refuse(
                "Flatten",
                "axes \(startAxis) to \(endAxis) cannot be joined in shape \(input.shape)",
                at: CallSite(file, line)
            )
            return .failed(like: input)
        }
        let joined = shape[start...end].reduce(1, *)
        return input.reshaped(shape[..<start] + [joined] + shape[(end + 1)...], file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
