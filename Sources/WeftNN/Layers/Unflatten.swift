public import WeftTensor

/// Makes several neighbouring axes of one: the reverse of ``Flatten``.
public final class Unflatten: Layer {
    /// The axis to split; a negative one counts from the end.
    public let axis: Int
    /// The sizes of what it becomes, of which one may be -1 and follows from the others.
    public let sizes: [Int]

    public init(_ axis: Int, _ sizes: [Int]) {
        self.axis = axis
        self.sizes = sizes
    }

    /// The elements of `input` in their order.
    ///
    /// Refused if there is no such axis, or the sizes do not multiply to its size.
    public func callAsFunction(_ input: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let shape = input.shape
        let place = axis < 0 ? axis + shape.count : axis
        let known = sizes.filter { $0 != -1 }.reduce(1, *)
        guard shape.indices.contains(place), !sizes.isEmpty, sizes.allSatisfy({ $0 >= -1 }),
            sizes.count(where: { $0 == -1 }) <= 1,
            sizes.contains(-1) ? known > 0 && shape[place] % known == 0 : known == shape[place]
        else {
            refuse(
                "Unflatten",
                "axis \(axis) of shape \(shape) cannot be split into \(sizes)",
                at: CallSite(file, line)
            )
            return .failed(like: input)
        }
        let split = sizes.map { $0 == -1 ? shape[place] / known : $0 }
        return input.reshaped(shape[..<place] + split + shape[(place + 1)...], file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ input: Tensor) -> Tensor {
        callAsFunction(input, file: #fileID, line: #line)
    }
}
