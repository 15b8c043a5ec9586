import WeftRuntime

extension PoolingWindows {
    /// The maxima of `x`, and their places in their planes if `indices` are wanted.
    package func maxima(
        of x: Tensor,
        indices wantsIndices: Bool,
        _ call: Call
    ) -> (values: Tensor, indices: Tensor) {
        // Integers up to 2^53 are numbers of float64.
        if !x.dtype.isFloatingPoint {
            let found = maxima(of: x.converted(to: .float64, at: call.site), indices: wantsIndices, call)
            return (found.values.converted(to: .int64, at: call.site), found.indices)
        }
        do throws(Refusal) {
            let axes = try axes(of: x, call)
            try call.require(x.extent(x.rank - rank - 1) > 0, "shape \(x.shape) has no channels")
            let windows = axes.map { axis in
                var table = WindowAxis(input: axis.input)
                for output in 0..<axis.output {
                    for place in axis.places(of: output) { table.append(place) }
                    table.endOutput()
                }
                return table
            }
            let maxima = try MaxPooling(windows, call).maxima(of: x, indices: wantsIndices, at: call.site)
            return (maxima.0, maxima.1 ?? maxima.0)
        } catch {
            let target = nearestTarget(of: x)
            return (Tensor(standIn: target, dtype: x.dtype), Tensor(standIn: target, dtype: .int64))
        }
    }

    /// The means of `x`; of integers rounded towards 0.
    ///
    /// - Parameters:
    ///   - countIncludePad: whether the padding's zeros count among the elements of a window.
    ///   - divisorOverride: what sums are divided by instead of numbers of elements.
    package func means(of x: Tensor, countIncludePad: Bool, divisorOverride: Int?, _ call: Call) -> Tensor {
        let dtype = x.dtype.isFloatingPoint ? x.dtype : .int64
        return call.checked(standIn: nearestTarget(of: x), dtype) { call throws(Refusal) in
            try call.require(divisorOverride != 0, "a divisorOverride of 0 divides by zero")
            let axes = try axes(of: x, call)
            let divisors = axes.enumerated().map { place, axis in
                (0..<axis.output).map { output in
                    if let divisorOverride { return place == 0 ? Double(divisorOverride) : 1 }
                    let first = output * axis.stride - axis.padding
                    let reach = Swift.min(first + axis.kernel, axis.input + axis.padding) - first
                    return Double(Swift.max(countIncludePad ? reach : axis.places(of: output).count, 1))
                }
            }
            let isDivided = x.dtype.isFloatingPoint
            let tables = zip(axes, divisors).map { axis, divisors in
                var table = WindowAxis(input: axis.input, divided: true)
                for output in 0..<axis.output {
                    for place in axis.places(of: output) { table.append(place) }
                    table.endOutput(divisor: isDivided ? divisors[output] : 1)
                }
                return table
            }
            if isDivided { return x.mapped(WindowMap(tables), as: .averagePool, call) }
            let sums = x.converted(to: .float64, at: call.site).mapped(WindowMap(tables), as: .averagePool, call)
            return sums.quotients(by: divisors).converted(to: .int64, at: call.site)
        }
    }
}

extension Tensor {
    /// These sums divided by the product of a number for each place along each of the last axes.
    fileprivate func quotients(by divisors: [[Double]]) -> Tensor {
        let whole = divisors.enumerated().map { axis, numbers in
            Tensor(numbers, dtype: .float64)
                .reshaped([numbers.count] + Array(repeating: 1, count: divisors.count - 1 - axis))
        }
        return self / whole.dropFirst().reduce(whole[0]) { $0 * $1 }
    }

    // MARK: - Maxima

    /// The greatest element of each window along the last dimension, of shape `[…, c, l]`.
    ///
    /// As `maxPool2d` with one dimension.
    public func maxPool1d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        PoolingWindows(1, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: false, Call("maxPool1d", file, line)).values
    }

    /// The greatest element of each window of the last two dimensions, of shape `[…, c, h, w]` with a batch or without.
    ///
    /// - Parameters:
    ///   - kernelSize: the size of a window.
    ///   - stride: from one window to the next; nil for the kernel's size.
    ///   - padding: elements before and behind each dimension that are smaller than any, at most half of what a window
    ///     reaches over.
    ///   - dilation: from one element of a window to the next.
    ///   - ceilMode: whether windows that reach beyond the padding count, unless they begin there.
    ///
    /// NaN is greater than any number. The gradient goes to the first of equal elements, and to the last NaN. Integers stay
    /// integers, exact up to 2^53. Refused where windows do not fit, and without channels.
    public func maxPool2d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        PoolingWindows(2, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: false, Call("maxPool2d", file, line)).values
    }

    /// The greatest element of each window of the last three dimensions, of shape `[…, c, d, h, w]`.
    ///
    /// As `maxPool2d` with three dimensions.
    public func maxPool3d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        PoolingWindows(3, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: false, Call("maxPool3d", file, line)).values
    }

    /// As `maxPool1d`, with the place of each maximum along its dimension, int64.
    public func maxPool1dWithIndices(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        PoolingWindows(1, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: true, Call("maxPool1dWithIndices", file, line))
    }

    /// As `maxPool2d`, with the place of each maximum in its plane, row by row: int64, which `maxUnpool2d` takes. Of a
    /// window without elements it is -1.
    public func maxPool2dWithIndices(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        PoolingWindows(2, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: true, Call("maxPool2dWithIndices", file, line))
    }

    /// As `maxPool3d`, with the place of each maximum among the elements of its dimensions, int64.
    public func maxPool3dWithIndices(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        PoolingWindows(3, kernelSize, stride, padding, dilation, ceilMode)
            .maxima(of: self, indices: true, Call("maxPool3dWithIndices", file, line))
    }

    // MARK: - Means

    /// The mean of each window along the last dimension, of shape `[…, c, l]`.
    ///
    /// As `avgPool2d` with one dimension.
    public func avgPool1d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        ceilMode: Bool = false,
        countIncludePad: Bool = true,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(1, kernelSize, stride, padding, 1, ceilMode)
        let call = Call("avgPool1d", file, line)
        return windows.means(of: self, countIncludePad: countIncludePad, divisorOverride: nil, call)
    }

    /// The mean of each window of the last two dimensions, of shape `[…, c, h, w]` with a batch or without.
    ///
    /// - Parameters:
    ///   - kernelSize: the size of a window.
    ///   - stride: from one window to the next; nil for the kernel's size.
    ///   - padding: zeros before and behind each dimension, at most half of the kernel.
    ///   - ceilMode: whether windows that reach beyond the padding count, unless they begin there.
    ///   - countIncludePad: whether the padding's zeros count among the elements of a window.
    ///   - divisorOverride: what sums are divided by instead of numbers of elements.
    ///
    /// Integers stay integers, exact up to 2^53 and rounded towards 0. Refused where windows do not fit.
    public func avgPool2d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        ceilMode: Bool = false,
        countIncludePad: Bool = true,
        divisorOverride: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(2, kernelSize, stride, padding, 1, ceilMode)
        let call = Call("avgPool2d", file, line)
        return windows.means(of: self, countIncludePad: countIncludePad, divisorOverride: divisorOverride, call)
    }

    /// The mean of each window of the last three dimensions, of shape `[…, c, d, h, w]`.
    ///
    /// As `avgPool2d` with three dimensions.
    public func avgPool3d(
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        ceilMode: Bool = false,
        countIncludePad: Bool = true,
        divisorOverride: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(3, kernelSize, stride, padding, 1, ceilMode)
        let call = Call("avgPool3d", file, line)
        return windows.means(of: self, countIncludePad: countIncludePad, divisorOverride: divisorOverride, call)
    }
}

extension PoolingWindows {
    fileprivate init(
        _ rank: Int,
        _ kernelSize: SpatialSizes,
        _ stride: SpatialSizes?,
        _ padding: SpatialSizes,
        _ dilation: SpatialSizes,
        _ ceilMode: Bool
    ) {
        self.init(
            rank: rank,
            kernelSize: kernelSize,
            stride: stride,
            padding: padding,
            dilation: dilation,
            ceilMode: ceilMode
        )
    }
}
