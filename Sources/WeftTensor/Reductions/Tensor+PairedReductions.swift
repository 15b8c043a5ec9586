/// Two reductions of the same elements at once.
extension Tensor {
    /// The smallest and the largest elements along `axis`, or of all if none is named; NaN where any is. Elements that
    /// share an extremum share its gradient. Refused where there is no element to choose.
    public func extrema(
        axis: Int? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (min: Tensor, max: Tensor) {
        let axes = axis.map { [$0] }
        return (
            min(axes: axes, keepDims: keepDims, file: file, line: line),
            max(axes: axes, keepDims: keepDims, file: file, line: line)
        )
    }

    /// The variances along `axes`, all of them if none are named, and the means that they are about.
    public func varianceAndMean(
        axes: [Int]? = nil,
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (variance: Tensor, mean: Tensor) {
        let named = axes ?? Array(0..<rank)
        return (
            variance(axes: named, correction: correction, keepDims: keepDims, file: file, line: line),
            mean(axes: named, keepDims: keepDims, file: file, line: line)
        )
    }

    /// The standard deviations along `axes`, all of them if none are named, and the means that they are about.
    public func standardDeviationAndMean(
        axes: [Int]? = nil,
        correction: Double = 1,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (deviation: Tensor, mean: Tensor) {
        let named = axes ?? Array(0..<rank)
        return (
            standardDeviation(axes: named, correction: correction, keepDims: keepDims, file: file, line: line),
            mean(axes: named, keepDims: keepDims, file: file, line: line)
        )
    }
}
