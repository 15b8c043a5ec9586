import WeftRuntime

extension Tensor {
    /// The covariances of variables, the rows of this matrix, whose columns are observations; a vector is one variable.
    /// Integers are computed as float32.
    ///
    /// - Parameters:
    ///   - correction: what the number of observations is lowered by to divide the sums of products.
    ///   - frequencyWeights: how often each observation occurs, integers.
    ///   - weights: how much each observation counts, floating point.
    ///
    /// Refused for more dimensions than two, and for weights of another dtype or number, or negative ones.
    public func covariance(
        correction: Int = 1,
        frequencyWeights: Tensor? = nil,
        weights: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let variables = rank < 2 ? 1 : extent(0)
        let standIn = variables == 1 ? Layout() : Layout(rowMajor: [variables, variables])
        let input = floatingPoint(at: CallSite(file, line))
        return Call("covariance", file, line).checked(standIn: standIn, input.dtype) { call throws(Refusal) in
            try call.require(rank <= 2, "shape \(shape) has more than two dimensions")
            let x = input.reshaped(to: Layout(rowMajor: [variables, rank == 0 ? 1 : extent(rank - 1)]))
            let observations = x.extent(1)
            try frequencyWeights?.requireWeights(observations, isFrequency: true, call)
            try weights?.requireWeights(observations, isFrequency: false, call)
            var shares: Tensor?
            if let frequencyWeights { shares = frequencyWeights.converted(to: .int64, at: call.site) }
            if let weights { shares = shares.map { $0 * weights } ?? weights }
            let total = shares.map { $0.sum() } ?? Tensor.scalar(Double(observations), dtype: x.dtype)
            let means = shares.map { (x * $0).sum(axis: 1, keepDims: true) / total } ?? x.mean(axis: 1, keepDims: true)
            var divisor = total - Double(correction)
            if correction != 0, let weights, let shares {
                divisor = total - (shares * weights).sum() * Double(correction) / total
            }
            divisor = `where`(divisor.detached() .< 0, Tensor.scalar(0.0, dtype: divisor.dtype), divisor)
            let distances = x - means
            let weighted = shares.map { distances * $0 } ?? distances
            let products = matmul(distances, weighted.T) / divisor
            return products.reshaped(to: standIn)
        }
    }

    /// The correlations of variables, the rows of this matrix, whose columns are observations, in -1 ... 1; a vector is
    /// one variable. Integers are computed as float32. NaN of a variable that does not vary.
    public func correlation(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let covariances = covariance(file: file, line: line)
        guard covariances.rank == 2 else { return covariances / covariances }
        let deviations = covariances.diagonalElements.sqrt()
        let scaled = covariances / deviations.unsqueezed(axis: 1) / deviations.unsqueezed(axis: 0)
        let (least, most) = (Tensor.scalar(-1.0, dtype: scaled.dtype), Tensor.scalar(1.0, dtype: scaled.dtype))
        return Tensor.maximum(Tensor.minimum(scaled, most), least)
    }

    /// The sum of the diagonal of a matrix; integers and truth values are summed as int64. Refused for other shapes.
    public func trace(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("trace", file, line).checked(standIn: Layout(), dtype.isNarrow ? .int64 : dtype) { call throws(Refusal) in
            try call.require(rank == 2, "a matrix is wanted, not shape \(shape)")
            return diagonalElements.sum()
        }
    }

    /// The diagonal of this matrix.
    private var diagonalElements: Tensor {
        let (rows, columns) = (extent(0), extent(1))
        let places = (0..<Swift.min(rows, columns)).map { $0 * (columns + 1) }
        return flattened().selecting(Tensor(places).reshaped([places.count]), axis: 0)
    }

    private func requireWeights(_ count: Int, isFrequency: Bool, _ call: Call) throws(Refusal) {
        let isInteger = !dtype.isFloatingPoint && dtype != .bool
        try call.require(
            rank <= 1 && self.count == count && (isFrequency ? isInteger : dtype.isFloatingPoint),
            "\(dtype) weights of shape \(shape) do not fit \(count) observations: one for each is wanted, integers for "
                + "frequencies and else floating point"
        )
        try call.require(count == 0 || isFailed || detached().min().item() >= 0, "a weight is negative")
    }
}
