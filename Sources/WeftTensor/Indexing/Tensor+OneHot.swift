import WeftRuntime

extension Tensor {
    /// For each class a row of zeros with a 1 in its place: int64, of the shape of these int64 classes with a new last
    /// dimension of size `classes`, by default one more than the greatest class.
    ///
    /// Refused for other dtypes, for classes out of range, and where there is no class to tell `classes` by.
    public func oneHot(classes: Int? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let nearest = Layout(nearest: shape + [classes ?? 1])
        return Call("oneHot", file, line).checked(standIn: nearest, .int64) { call throws(Refusal) in
            try call.require(dtype == .int64, "\(dtype) numbers are no classes: int64 is wanted")
            try call.require(
                count > 0 || classes != nil,
                "without elements nothing tells how many classes there are: say classes:"
            )
            let size = classes ?? (isFailed ? 1 : self.max().item(as: Int.self) + 1)
            try requireIndices(call, extent: size, what: "class", allowsNegative: false)
            let column = insertingAxis(try call.place(-1, in: self))
            return (column .== Tensor(arange: 0..<size)).converted(to: .int64, at: nil)
        }
    }
}
