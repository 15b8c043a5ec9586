import WeftRuntime

/// The windows of planes as columns, and back.
extension Tensor {
    /// The elements of each window of the last two dimensions as a column: `[n, c, h, w]` becomes `[n, c·kh·kw, windows]`,
    /// without a batch `[c·kh·kw, windows]`.
    ///
    /// - Parameters:
    ///   - kernelSize: the size of a window.
    ///   - dilation: from one element of a window to the next.
    ///   - padding: zeros before and behind each dimension.
    ///   - stride: from one window to the next.
    ///
    /// Refused where no window fits.
    public func unfolded(
        kernelSize: SpatialSizes,
        dilation: SpatialSizes = 1,
        padding: SpatialSizes = 0,
        stride: SpatialSizes = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let columns = UnfoldedWindows(kernelSize: kernelSize, dilation: dilation, padding: padding, stride: stride)
        let call = Call("unfolded", file, line)
        return call.checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.requirePlanes(self, rank: 2)
            let places = try columns.places(in: shape.suffix(2), call)
            let before = Array(shape.dropLast(2))
            let planes = before.reduce(1, *)
            let around = places.padding
            let plane = padded([around[1], around[1], around[0], around[0]])
                .reshaped(to: Layout(rowMajor: [planes, places.padded[0] * places.padded[1]]))
            let target = Array(before.dropLast()) + [before.last! * places.kernelCount, places.windowCount]
            return plane.selecting(places.indices, axis: 1, at: call.site).reshaped(to: try call.layout(target))
        }
    }

    /// Planes of `outputSize` in which the columns of this tensor, `[n, c·kh·kw, windows]` with a batch or without, are added
    /// up where their windows lie: `[n, c, h, w]`. The reverse of `unfolded`, but for elements of several windows.
    ///
    /// Refused where shapes do not match.
    public func folded(
        outputSize: SpatialSizes,
        kernelSize: SpatialSizes,
        dilation: SpatialSizes = 1,
        padding: SpatialSizes = 0,
        stride: SpatialSizes = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let columns = UnfoldedWindows(kernelSize: kernelSize, dilation: dilation, padding: padding, stride: stride)
        let call = Call("folded", file, line)
        return call.checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(
                (rank == 2 || rank == 3) && dtype.isFloatingPoint,
                "\(dtype) of shape \(shape) does not fit: 2 or 3 dimensions of floating point are wanted"
            )
            let sizes = try call.sizes(outputSize, 2, "outputSize", least: 1)
            let places = try columns.places(in: sizes[...], call)
            let (rows, windows) = (extent(rank - 2), extent(rank - 1))
            try call.require(
                windows == places.windowCount && rows % places.kernelCount == 0,
                "shape \(shape) does not fit: a multiple of \(places.kernelCount) rows and \(places.windowCount) columns, one "
                    + "for each window, are wanted"
            )
            let before = Array(shape.dropLast(2)) + [rows / places.kernelCount]
            let planes = before.reduce(1, *)
            let flat = reshaped(to: Layout(rowMajor: [planes, places.kernelCount * windows]))
            let whole = Layout(rowMajor: [planes, places.padded[0] * places.padded[1]])
            let around = places.padding
            return flat.addedUp(places.indices, axis: 1, in: whole)
                .reshaped(to: try call.layout(before + places.padded))
                .padded([-around[1], -around[1], -around[0], -around[0]])
        }
    }
}

/// The windows of an unfolding as a user names them.
private struct UnfoldedWindows {
    let kernelSize, dilation, padding, stride: SpatialSizes

    /// Where the elements of all windows lie in a padded plane, in the order of columns' rows and then of windows.
    func places(in sizes: ArraySlice<Int>, _ call: Call) throws(Refusal) -> (
        indices: Tensor, kernelCount: Int, windowCount: Int, padding: [Int], padded: [Int]
    ) {
        let kernel = try call.sizes(kernelSize, 2, "kernelSize", least: 1)
        let dilation = try call.sizes(dilation, 2, "dilation", least: 1)
        let padding = try call.sizes(padding, 2, "padding", least: 0)
        let stride = try call.sizes(stride, 2, "stride", least: 1)
        let sizes = Array(sizes)
        let padded = (0..<2).map { sizes[$0] + 2 * padding[$0] }
        let room = (0..<2).map { padded[$0] - dilation[$0] * (kernel[$0] - 1) - 1 }
        try call.require(
            room.allSatisfy { $0 >= 0 },
            "a kernel of size \(kernel) with dilation \(dilation) does not fit planes of \(sizes) with padding \(padding)"
        )
        let counts = (0..<2).map { room[$0] / stride[$0] + 1 }
        var indices: [Int] = []
        indices.reserveCapacity(kernel[0] * kernel[1] * counts[0] * counts[1])
        for i in 0..<kernel[0] {
            for j in 0..<kernel[1] {
                for row in 0..<counts[0] {
                    let start = (row * stride[0] + i * dilation[0]) * padded[1] + j * dilation[1]
                    for column in 0..<counts[1] { indices.append(start + column * stride[1]) }
                }
            }
        }
        return (Tensor(indices), kernel[0] * kernel[1], counts[0] * counts[1], padding, padded)
    }
}
