import WeftRuntime

extension Tensor {
    /// Zeros, with these elements at the places that `maxPool1dWithIndices` gave.
    ///
    /// As `maxUnpool2d` with one dimension.
    public func maxUnpool1d(
        indices: Tensor,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        outputSize: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 1, kernelSize: kernelSize, stride: stride, padding: padding)
        return windows.undone(self, indices, outputSize, Call("maxUnpool1d", file, line))
    }

    /// Zeros, with these elements at the places that `maxPool2dWithIndices` gave, of shape `[…, c, h, w]`.
    ///
    /// - Parameters:
    ///   - indices: of this tensor's shape, int64: places in the planes of the result.
    ///   - kernelSize, stride, padding: those of the pooling.
    ///   - outputSize: the spatial sizes of the result; nil for the least that the pooling can have come from. They may
    ///     differ from those by less than a stride.
    ///
    /// Of elements with the same place the last stays. Refused where shapes do not match or a place is not in its plane.
    public func maxUnpool2d(
        indices: Tensor,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        outputSize: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 2, kernelSize: kernelSize, stride: stride, padding: padding)
        return windows.undone(self, indices, outputSize, Call("maxUnpool2d", file, line))
    }

    /// Zeros, with these elements at the places that `maxPool3dWithIndices` gave, of shape `[…, c, d, h, w]`.
    ///
    /// As `maxUnpool2d` with three dimensions.
    public func maxUnpool3d(
        indices: Tensor,
        kernelSize: SpatialSizes,
        stride: SpatialSizes? = nil,
        padding: SpatialSizes = 0,
        outputSize: [Int]? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let windows = PoolingWindows(rank: 3, kernelSize: kernelSize, stride: stride, padding: padding)
        return windows.undone(self, indices, outputSize, Call("maxUnpool3d", file, line))
    }
}

extension PoolingWindows {
    package func undone(_ x: Tensor, _ indices: Tensor, _ outputSize: [Int]?, _ call: Call) -> Tensor {
        let input = x.floatingPoint(at: call.site)
        return call.checked(standIn: nearestUndone(of: x, outputSize), input.dtype) { call throws(Refusal) in
            let sizes = try undoneSizes(of: x, outputSize, call)
            try call.require(
                indices.shape == x.shape,
                "indices of shape \(indices.shape) do not fit elements of shape \(x.shape)"
            )
            let before = Array(x.shape.dropLast(rank))
            let planes = before.reduce(1, *)
            let (inner, outer) = (x.shape.suffix(rank).reduce(1, *), sizes.reduce(1, *))
            try indices.requireIndices(call, extent: outer, allowsNegative: false)
            let target = try call.layout(before + sizes)
            let zeros = Tensor.filled(Layout(rowMajor: [planes, outer]), 0.0, dtype: input.dtype, at: call.site)
            let filled = zeros.scatter(
                axis: 1,
                indices.reshaped(to: Layout(rowMajor: [planes, inner])),
                input.reshaped(to: Layout(rowMajor: [planes, inner]))
            )
            let blocks = PlaneBlocks(input, planeRank: rank)
            return filled.reshaped(to: target).contiguous(blocks.format, at: call.site)
        }
    }

    private func undoneSizes(of x: Tensor, _ outputSize: [Int]?, _ call: Call) throws(Refusal) -> [Int] {
        try call.requirePlanes(x, rank: rank)
        let kernels = try call.sizes(kernelSize, rank, "kernelSize", least: 1)
        let strides = try call.sizes(stride ?? kernelSize, rank, "stride", least: 1)
        let paddings = try call.sizes(padding, rank, "padding", least: 0)
        let least = (0..<rank).map { place in
            (x.extent(x.rank - rank + place) - 1) * strides[place] - 2 * paddings[place] + kernels[place]
        }
        let sizes = Array((outputSize ?? least).suffix(rank))
        try call.require(
            sizes.count == rank && zip(sizes, zip(least, strides)).allSatisfy { abs($0 - $1.0) < $1.1 && $0 > 0 },
            "an outputSize of \(sizes) does not fit: less than a stride of \(strides) from \(least) is wanted"
        )
        return sizes
    }

    private func nearestUndone(of x: Tensor, _ outputSize: [Int]?) -> Layout {
        var shape = x.shape
        for (place, axis) in zip(0..<rank, Swift.max(0, shape.count - rank)..<shape.count) {
            let kernel = kernelSize.value(at: place)
            let least = (shape[axis] - 1) * (stride?.value(at: place) ?? kernel) - 2 * padding.value(at: place) + kernel
            let named = outputSize.flatMap { $0.count >= rank ? $0.suffix(rank)[$0.count - rank + place] : nil }
            shape[axis] = Swift.max(named ?? least, 1)
        }
        return Layout(nearest: shape)
    }
}
