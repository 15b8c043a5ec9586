/// Sums and means of the elements that are not NaN, along `axes`, all of them if none are named, which disappear from
/// the shape or stay with size 1 if `keepDims`.
extension Tensor {
    /// The sums along `axes`, NaN counting as 0.
    public func nanSum(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        withoutNaN.sum(axes: axes, keepDims: keepDims, file: file, line: line)
    }

    /// The means along `axes` of the elements that are not NaN; NaN where all are.
    public func nanMean(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let input = floatingPoint(at: CallSite(file, line))
        let plain = input.detached()
        let numbers = (plain .== plain).sum(axes: axes, keepDims: keepDims, file: file, line: line)
        let sums = input.withoutNaN.widened.sum(axes: axes, keepDims: keepDims, file: file, line: line)
        return (sums / numbers.to(sums.dtype)).to(input.dtype)
    }

    /// These elements with 0 in the place of NaN, whose gradient is 0.
    private var withoutNaN: Tensor {
        guard dtype.isFloatingPoint else { return self }
        let plain = detached()
        return `where`(plain .== plain, self, Tensor.scalar(0.0, dtype: dtype))
    }
}
