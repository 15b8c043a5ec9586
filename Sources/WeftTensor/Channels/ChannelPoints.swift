import WeftRuntime

/// A tensor `[n, c, …]` as kernels of channels see it: images, channels, and positions, which all further dimensions are
/// joined to, row-major or channels-last.
struct ChannelPoints {
    /// The tensor, or a copy without gaps.
    let tensor: Tensor
    let format: MemoryFormat
    let images, channels, positions: Int
    /// The steps between images, channels and positions of everything that lies as the tensor does.
    private let strides: (Int, Int, Int)
    /// Groups of channels with statistics of their own in each image; 0 where statistics are those of a channel.
    private let groups: Int

    /// - Parameter groups: 0 where a channel's images may be gone through as if they were one.
    init(_ tensor: Tensor, groups: Int, at site: CallSite? = nil) {
        format = tensor.format ?? .rowMajor
        self.tensor = tensor.contiguous(format, at: site)
        self.groups = groups
        let layout = tensor.layout
        let (n, c) = (layout.sizes[0], layout.sizes[1])
        let plane = (2..<layout.rank).reduce(1) { $0 * layout.sizes[$1] }
        channels = c
        if plane == 1 && groups == 0 {
            // Of a matrix the rows are the positions, channels-last.
            (images, positions) = (1, n)
            strides = (0, 1, c)
        } else {
            (images, positions) = (n, plane)
            strides = format == .channelsLast || plane == 1 ? (c * plane, 1, c) : (c * plane, plane, 1)
        }
    }

    /// How many statistics there are.
    var statistics: Int { groups == 0 ? channels : images * groups }

    /// Parts of a channel, which are added in order: some images, or positions of one, as many as the sizes say.
    var parts: Int {
        guard images * positions > 0 else { return 0 }
        let perImage = (positions + Self.partPositions - 1) / Self.partPositions
        return (images + partImages - 1) / partImages * perImage
    }

    /// How many parts of channels each statistic is of.
    var sumsPerStatistic: Int { parts * channels / max(statistics, 1) }

    private static let lanes = 16
    private static let partPositions = 128 * lanes
    private var partImages: Int {
        groups == 0 ? max(1, 128 / max(1, (positions + Self.lanes - 1) / Self.lanes)) : 1
    }

    /// A launch whose items are channels of parts.
    func launch(_ handle: KernelHandle, nanosecondsPerPoint: Double) -> Launch {
        let partPoints = min(positions, Self.partPositions) * min(images, partImages)
        var result = launch(
            handle,
            items: parts * channels,
            nanosecondsPerItem: 20 + Double(partPoints) * nanosecondsPerPoint
        )
        // Channels that lie side by side are gone through side by side.
        if strides.2 != 1 { result.chunkMultiple = min(channels, 64) }
        return result
    }

    /// A launch whose items are something else.
    func launch(_ handle: KernelHandle, items: Int, nanosecondsPerItem: Double) -> Launch {
        var result = Launch(
            handle,
            shape: [images, channels, positions, 1, 1, 1, 1, 1],
            rank: 3,
            items: images * positions == 0 ? 0 : items,
            nanosecondsPerItem: nanosecondsPerItem
        )
        result.setInteger(0, groups)
        result.setInteger(1, partImages)
        result.setInteger(2, Self.partPositions)
        return result
    }

    /// Appends an operand that lies as the tensor does.
    func append(_ tensor: Tensor, to launch: inout Launch) {
        launch.append(tensor.isFailed ? nil : tensor.start, strides.0, strides.1, strides.2)
        if tensor.isFailed { launch.items = 0 }
    }

    /// A fresh tensor that lies as the tensor does.
    func uninitialized(_ dtype: DType, operation: StaticString, at site: CallSite? = nil) -> Tensor {
        .uninitialized(like: tensor.layout, format, dtype: dtype, operation: operation, at: site)
    }
}

extension Launch {
    /// Appends an operand with an element for each channel, or that a kernel numbers itself, and may do without.
    mutating func append(perChannel tensor: Tensor?) {
        append(tensor.flatMap { $0.isFailed ? nil : $0.start }, 0, 1, 0)
        if tensor?.isFailed == true { items = 0 }
    }
}
