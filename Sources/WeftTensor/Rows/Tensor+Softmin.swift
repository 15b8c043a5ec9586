extension Tensor {
    /// exp(-x) / Σ exp(-x) along `axis`: the softmax of the negated values.
    public func softmin(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        (-floatingPoint(at: CallSite(file, line))).softmax(axis: axis, file: file, line: line)
    }
}
