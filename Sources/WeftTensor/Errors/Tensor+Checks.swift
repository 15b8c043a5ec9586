public import WeftRuntime

extension Tensor {
    /// The tensor itself, if it has this shape and dtype; for what has come from outside and is looked at before it is
    /// computed with, as by a request's handler.
    ///
    /// Unlike operations, which refuse what does not fit, this throws, inside and outside of `withTensorErrors`:
    ///
    /// ```swift
    /// let images = try request.images.checked(shape: [nil, 784], dtype: .float32)
    /// ```
    ///
    /// - Parameters:
    ///   - shape: a size for each dimension, nil for one of any size.
    ///   - dtype: the elements' type, nil for any.
    /// - Throws: `TensorError` for another shape or dtype, and for a tensor that has no values because an operation
    ///   that it comes from was refused: then that operation's own, if it is known.
    @discardableResult
    public func checked(
        shape expected: [Int?],
        dtype expectedDType: DType? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) throws(TensorError) -> Tensor {
        func failure(_ message: String) -> TensorError {
            TensorError(operation: "checked", message: message, place: .given(CallSite(file, line)))
        }
        if isFailed {
            throw ErrorRecorder.current?.error
                ?? failure("the tensor of shape \(shape) is the result of an operation that was refused")
        }
        let fits = rank == expected.count && zip(shape, expected).allSatisfy { $1 == nil || $0 == $1 }
        guard fits else {
            let sizes = expected.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw failure("shape \(shape) is not [\(sizes)]")
        }
        if let expectedDType, dtype != expectedDType { throw failure("the dtype is \(dtype), not \(expectedDType)") }
        return self
    }
}
