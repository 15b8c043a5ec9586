import WeftRuntime

/// The windows of a pooling as a user names them.
package struct PoolingWindows {
    /// The number of spatial dimensions.
    let rank: Int
    let kernelSize: SpatialSizes
    /// Nil for the kernel's size.
    let stride: SpatialSizes?
    let padding: SpatialSizes
    var dilation: SpatialSizes = 1
    var ceilMode = false

    package init(
        rank: Int,
        kernelSize: SpatialSizes,
        stride: SpatialSizes?,
        padding: SpatialSizes = 0,
        dilation: SpatialSizes = 1,
        ceilMode: Bool = false
    ) {
        self.rank = rank
        self.kernelSize = kernelSize
        self.stride = stride
        self.padding = padding
        self.dilation = dilation
        self.ceilMode = ceilMode
    }

    /// One of these along one dimension.
    struct Axis {
        let input: Int
        let kernel: Int
        let stride: Int
        let padding: Int
        let dilation: Int
        var output = 0

        /// How far a window reaches.
        var reach: Int { dilation * (kernel - 1) + 1 }

        fileprivate mutating func setOutput(ceilMode: Bool) {
            let room = input + 2 * padding - reach
            guard room >= 0 || (ceilMode && room + stride > 0) else { return }
            output = room < 0 ? 1 : (room + (ceilMode ? stride - 1 : 0)) / stride + 1
            // A window that begins in the padding behind the input has nothing.
            if ceilMode, (output - 1) * stride >= input + padding { output -= 1 }
        }

        /// The places of an output's window that the input has.
        func places(of output: Int) -> [Int] {
            let first = output * stride - padding
            return (0..<kernel).map { first + $0 * dilation }.filter { (0..<input).contains($0) }
        }
    }

    /// The dimensions of planes, which `x` has with channels and perhaps a batch before them.
    func axes(of x: Tensor, _ call: Call) throws(Refusal) -> [Axis] {
        try call.requirePlanes(x, rank: rank)
        let kernels = try call.sizes(kernelSize, rank, "kernelSize", least: 1)
        let strides = try stride.map { stride throws(Refusal) in try call.sizes(stride, rank, "stride", least: 1) }
        let paddings = try call.sizes(padding, rank, "padding", least: 0)
        let dilations = try call.sizes(dilation, rank, "dilation", least: 1)
        var axes: [Axis] = []
        for place in 0..<rank {
            var axis = Axis(
                input: x.extent(x.rank - rank + place),
                kernel: kernels[place],
                stride: (strides ?? kernels)[place],
                padding: paddings[place],
                dilation: dilations[place]
            )
            try call.require(
                axis.padding <= axis.reach / 2,
                "a padding of \(axis.padding) is more than half of a kernel that reaches over \(axis.reach)"
            )
            axis.setOutput(ceilMode: ceilMode)
            try call.require(
                axis.output > 0,
                "a kernel of size \(axis.kernel) with dilation \(axis.dilation) does not fit size \(axis.input) of shape "
                    + "\(x.shape) with padding \(axis.padding)"
            )
            axes.append(axis)
        }
        return axes
    }

    /// The sizes that a result would have, as far as they can be told.
    func nearestTarget(of x: Tensor) -> Layout {
        var shape = x.shape
        for (place, axis) in zip(0..<rank, Swift.max(0, shape.count - rank)..<shape.count) {
            func value(_ sizes: SpatialSizes, least: Int) -> Int { Swift.max(sizes.value(at: place), least) }
            let kernel = value(kernelSize, least: 1)
            var own = Axis(
                input: shape[axis],
                kernel: kernel,
                stride: stride.map { value($0, least: 1) } ?? kernel,
                padding: value(padding, least: 0),
                dilation: value(dilation, least: 1)
            )
            own.setOutput(ceilMode: ceilMode)
            shape[axis] = Swift.max(own.output, 1)
        }
        return Layout(nearest: shape)
    }
}

extension Call {
    /// Refuses unless `x` has planes of `rank` dimensions, with channels and perhaps a batch before them.
    func requirePlanes(_ x: Tensor, rank planeRank: Int) throws(Refusal) {
        try require(
            x.rank == planeRank + 1 || x.rank == planeRank + 2,
            "shape \(x.shape) has \(x.rank) dimensions: \(planeRank + 1) or \(planeRank + 2) are wanted, the last "
                + "\(planeRank) of them spatial"
        )
        for axis in (x.rank - planeRank)..<x.rank {
            try require(x.extent(axis) <= Int(Int32.max) / 2, "size \(x.extent(axis)) of shape \(x.shape) is too large")
        }
    }

    /// `sizes` for each of `rank` dimensions, none below `least`.
    func sizes(_ sizes: SpatialSizes, _ rank: Int, _ name: StaticString, least: Int) throws(Refusal) -> [Int] {
        let numbers = try spatial(sizes, name, axes: rank, atLeast: least)
        try require(numbers.allSatisfy { $0 < Int(Int32.max) / 2 }, "\(name) \(sizes.numbers) is too large")
        return numbers
    }
}

extension SpatialSizes {
    /// The number for dimension `place`; the last where there are fewer, 1 where there are none.
    func value(at place: Int) -> Int { place < numbers.count ? numbers[place] : numbers.last ?? 1 }
}
