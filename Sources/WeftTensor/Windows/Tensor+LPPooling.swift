import WeftRuntime

extension Tensor {
    /// The power-average of each window along the last dimension: `(Σ x^p)^(1/p)`.
    ///
    /// As `lpPool2d` with one dimension.
    public func lpPool1d(
        normType: Double,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 1, kernelSize: kernelSize, stride: stride, padding: 0, ceilMode: ceilMode)
        return windows.norms(of: self, normType, Call("lpPool1d", file, line))
    }

    /// The power-average of each window of the last two dimensions: `(Σ x^p)^(1/p)`, of shape `[…, c, h, w]`.
    ///
    /// A window that reaches beyond the input in `ceilMode` counts as a whole one: what is missing has the mean of the rest,
    /// as in PyTorch. Numbers whose powers are negative have no root: NaN. Integers are computed as float32. Refused where
    /// windows do not fit, and unless `normType`, the power, is positive and finite.
    public func lpPool2d(
        normType: Double,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 2, kernelSize: kernelSize, stride: stride, padding: 0, ceilMode: ceilMode)
        return windows.norms(of: self, normType, Call("lpPool2d", file, line))
    }

    /// The power-average of each window of the last three dimensions: `(Σ x^p)^(1/p)`, of shape `[…, c, d, h, w]`.
    ///
    /// As `lpPool2d` with three dimensions.
    public func lpPool3d(
        normType: Double,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 3, kernelSize: kernelSize, stride: stride, padding: 0, ceilMode: ceilMode)
        return windows.norms(of: self, normType, Call("lpPool3d", file, line))
    }

    /// The power `exponent`, a positive number.
    fileprivate func raised(to exponent: Double) -> Tensor {
        if exponent == 1 { return self }
        if exponent == 0.5 { return sqrt() }
        guard exponent == exponent.rounded(), exponent <= 8 else { return (log() * exponent).exp() }
        // By squares, as negative numbers have integral powers too.
        let half = raised(to: (exponent / 2).rounded(.down))
        return exponent.truncatingRemainder(dividingBy: 2) == 0
            ? half.square() : exponent == 3 ? square() * self : half.square() * self
    }
}

extension PoolingWindows {
    package func norms(of x: Tensor, _ power: Double, _ call: Call) -> Tensor {
        call.checked(standIn: nearestTarget(of: x), x.dtype.isFloatingPoint ? x.dtype : .float32) {
            call throws(Refusal) in
            try call.require(power > 0 && power.isFinite, "a normType of \(power) is not positive and finite")
            let count = try call.sizes(kernelSize, rank, "kernelSize", least: 1).reduce(1, *)
            let powers = x.raised(to: power)
            let means = means(of: powers, countIncludePad: true, divisorOverride: nil, call)
            return (means * Double(count)).raised(to: 1 / power)
        }
    }
}
