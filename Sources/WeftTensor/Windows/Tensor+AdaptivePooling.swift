import WeftRuntime

/// Windows that share the places of each dimension out evenly over a given number of outputs.
package struct AdaptiveWindows {
    let rank: Int
    /// One size for all dimensions, or one for each; nil keeps a dimension's own.
    let outputSize: [Int?]

    package init(rank: Int, outputSize: [Int?]) {
        self.rank = rank
        self.outputSize = outputSize
    }

    private func size(at place: Int) -> Int? { outputSize.count == 1 ? outputSize[0] : outputSize[place] }

    func axes(of x: Tensor, divided: Bool, _ call: Call) throws(Refusal) -> [WindowAxis] {
        try call.requirePlanes(x, rank: rank)
        try call.require(
            outputSize.count == 1 || outputSize.count == rank,
            "outputSize \(describe(outputSize)) has \(outputSize.count) numbers: one is wanted, or one for each of \(rank) "
                + "spatial dimensions"
        )
        try call.require(
            outputSize.allSatisfy { ($0 ?? 0) >= 0 && ($0 ?? 0) < 1 << 30 },
            "outputSize \(describe(outputSize)) has a number below 0, or too large a one"
        )
        var axes: [WindowAxis] = []
        for place in 0..<rank {
            let input = x.extent(x.rank - rank + place)
            let output = size(at: place) ?? input
            try call.require(input > 0 || output == 0, "there is nothing to pool in shape \(x.shape)")
            var axis = WindowAxis(input: input, divided: divided)
            for index in 0..<output {
                let (first, end) = (index * input / output, ((index + 1) * input + output - 1) / output)
                for place in first..<end { axis.append(place) }
                axis.endOutput(divisor: Double(end - first))
            }
            axes.append(axis)
        }
        return axes
    }

    /// The sizes that a result would have, as far as they can be told.
    func nearestTarget(of x: Tensor) -> Layout {
        var shape = x.shape
        for (place, axis) in zip(0..<rank, Swift.max(0, shape.count - rank)..<shape.count) {
            let size = outputSize.count == 1 || outputSize.count == rank ? size(at: place) : nil
            if let size { shape[axis] = Swift.max(size, 0) }
        }
        return Layout(nearest: shape)
    }

    package func means(of x: Tensor, _ call: Call) -> Tensor { means(of: x, as: .averagePool, call) }

    func means(of x: Tensor, as operation: RecordedOperation.Name, _ call: Call) -> Tensor {
        let input = x.floatingPoint(at: call.site)
        return call.checked(standIn: nearestTarget(of: x), input.dtype) { call throws(Refusal) in
            input.mapped(WindowMap(try axes(of: x, divided: true, call)), as: operation, call)
        }
    }

    package func maxima(of x: Tensor, indices wantsIndices: Bool, _ call: Call) -> (values: Tensor, indices: Tensor) {
        let input = x.floatingPoint(at: call.site)
        do throws(Refusal) {
            let axes = try axes(of: x, divided: false, call)
            let maxima = try MaxPooling(axes, call).maxima(of: input, indices: wantsIndices, at: call.site)
            return (maxima.0, maxima.1 ?? maxima.0)
        } catch {
            let target = nearestTarget(of: x)
            return (Tensor(standIn: target, dtype: input.dtype), Tensor(standIn: target, dtype: .int64))
        }
    }
}

/// Sizes as messages show them.
private func describe(_ sizes: [Int?]) -> String {
    "[" + sizes.map { $0.map(String.init) ?? "nil" }.joined(separator: ", ") + "]"
}

extension Tensor {
    /// The means of windows that share the last dimensions out evenly over `sizes`, recorded as `operation`.
    func adaptiveMeans(_ sizes: [Int], as operation: RecordedOperation.Name, _ call: Call) -> Tensor {
        AdaptiveWindows(rank: sizes.count, outputSize: sizes).means(of: self, as: operation, call)
    }

    /// The means of `outputSize` windows that share the last dimension out evenly, of shape `[…, c, l]`.
    public func adaptiveAvgPool1d(
        outputSize: Int?,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 1, outputSize: [outputSize]).means(of: self, Call("adaptiveAvgPool1d", file, line))
    }

    /// The means of `outputSize` windows that share the last two dimensions out evenly, of shape `[…, c, h, w]`: window
    /// `i` of `n` over `m` elements has those from `i·m/n`, rounded down, to `(i + 1)·m/n`, rounded up.
    ///
    /// - Parameter outputSize: one size for both dimensions, or one for each; nil keeps a dimension's own.
    public func adaptiveAvgPool2d(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 2, outputSize: outputSize).means(of: self, Call("adaptiveAvgPool2d", file, line))
    }

    /// As `adaptiveAvgPool2d` with one size for both dimensions.
    public func adaptiveAvgPool2d(outputSize: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        adaptiveAvgPool2d(outputSize: [outputSize], file: file, line: line)
    }

    /// The means of `outputSize` windows that share the last three dimensions out evenly, of shape `[…, c, d, h, w]`.
    ///
    /// - Parameter outputSize: one size for all three, or one for each; nil keeps a dimension's own.
    public func adaptiveAvgPool3d(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 3, outputSize: outputSize).means(of: self, Call("adaptiveAvgPool3d", file, line))
    }

    /// As `adaptiveAvgPool3d` with one size for all three dimensions.
    public func adaptiveAvgPool3d(outputSize: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        adaptiveAvgPool3d(outputSize: [outputSize], file: file, line: line)
    }

    /// The maxima of `outputSize` windows that share the last dimension out evenly, of shape `[…, c, l]`.
    public func adaptiveMaxPool1d(
        outputSize: Int?,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 1, outputSize: [outputSize])
            .maxima(of: self, indices: false, Call("adaptiveMaxPool1d", file, line)).values
    }

    /// The maxima of `outputSize` windows that share the last two dimensions out evenly, of shape `[…, c, h, w]`, as those
    /// of `adaptiveAvgPool2d`.
    ///
    /// - Parameter outputSize: one size for both dimensions, or one for each; nil keeps a dimension's own.
    public func adaptiveMaxPool2d(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 2, outputSize: outputSize)
            .maxima(of: self, indices: false, Call("adaptiveMaxPool2d", file, line)).values
    }

    /// As `adaptiveMaxPool2d` with one size for both dimensions.
    public func adaptiveMaxPool2d(outputSize: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        adaptiveMaxPool2d(outputSize: [outputSize], file: file, line: line)
    }

    /// The maxima of `outputSize` windows that share the last three dimensions out evenly, of shape `[…, c, d, h, w]`.
    ///
    /// - Parameter outputSize: one size for all three, or one for each; nil keeps a dimension's own.
    public func adaptiveMaxPool3d(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        AdaptiveWindows(rank: 3, outputSize: outputSize)
            .maxima(of: self, indices: false, Call("adaptiveMaxPool3d", file, line)).values
    }

    /// As `adaptiveMaxPool3d` with one size for all three dimensions.
    public func adaptiveMaxPool3d(outputSize: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        adaptiveMaxPool3d(outputSize: [outputSize], file: file, line: line)
    }

    /// As `adaptiveMaxPool1d`, with the place of each maximum along its dimension, int64.
    public func adaptiveMaxPool1dWithIndices(
        outputSize: Int?,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        AdaptiveWindows(rank: 1, outputSize: [outputSize])
            .maxima(of: self, indices: true, Call("adaptiveMaxPool1dWithIndices", file, line))
    }

    /// As `adaptiveMaxPool2d`, with the place of each maximum in its plane, row by row, int64.
    public func adaptiveMaxPool2dWithIndices(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        AdaptiveWindows(rank: 2, outputSize: outputSize)
            .maxima(of: self, indices: true, Call("adaptiveMaxPool2dWithIndices", file, line))
    }

    /// As `adaptiveMaxPool3d`, with the place of each maximum among the elements of its dimensions, int64.
    public func adaptiveMaxPool3dWithIndices(
        outputSize: [Int?],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, indices: Tensor) {
        AdaptiveWindows(rank: 3, outputSize: outputSize)
            .maxima(of: self, indices: true, Call("adaptiveMaxPool3dWithIndices", file, line))
    }
}
