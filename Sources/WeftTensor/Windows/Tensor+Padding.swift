import WeftRuntime

/// What stands beside a tensor that is padded.
public enum PaddingMode: Sendable, Hashable {
    /// One value, everywhere.
    case constant
    /// The elements mirrored at the outermost ones, which are not repeated.
    case reflect
    /// The outermost element, again and again.
    case replicate
    /// The elements from the other end, of what is left where others are taken away.
    case circular
}

extension Tensor {
    /// This tensor with elements added around it, or taken away.
    ///
    /// - Parameters:
    ///   - padding: how many elements come before and behind the last dimension, then the one before it, and so on, as in
    ///     PyTorch: `[left, right, top, bottom]`. Negative numbers take elements away.
    ///   - mode: what the elements are; all but `.constant` take up to three dimensions.
    ///   - value: what `.constant` pads with.
    ///
    /// The gradient of an element is the sum of those of its copies. Refused unless the numbers come in pairs, no more than
    /// there are dimensions; where more would be taken away than there is; where `.reflect` would reach as far as the size of
    /// a dimension, `.circular` further than that, or `.replicate` has nothing to repeat.
    public func padded(
        _ padding: [Int],
        mode: PaddingMode = .constant,
        value: Double = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        padded(padding, mode, value, Call("padded", file, line))
    }

    /// As the public function, for a layer of so many spatial dimensions, whose `padding` is one number for all sides or one
    /// for each.
    package func padded(_ padding: SpatialSizes, rank: Int, mode: PaddingMode, value: Double, _ call: Call) -> Tensor {
        let numbers = padding.spread(over: 2 * rank)
        let target = nearestPadded(numbers ?? padding.numbers)
        return call.checked(standIn: target, dtype) { call throws(Refusal) in
            guard let numbers else {
                throw call.refusal(
                    "padding \(padding.numbers) has \(padding.numbers.count) numbers: 1 or \(2 * rank) are wanted"
                )
            }
            try call.requirePlanes(self, rank: rank)
            return padded(numbers, mode, value, call)
        }
    }

    private func padded(_ padding: [Int], _ mode: PaddingMode, _ value: Double, _ call: Call) -> Tensor {
        call.checked(standIn: nearestPadded(padding), dtype) { call throws(Refusal) in
            let pairs = padding.count / 2
            try call.require(
                padding.count % 2 == 0 && pairs <= rank && (mode == .constant || pairs <= 3),
                "padding \(padding) does not fit shape \(shape): a pair of numbers is wanted for each of the last dimensions, "
                    + (mode == .constant ? "no more than there are" : "at most three")
            )
            // Of the dimensions in their order.
            var axes: [WindowAxis] = []
            for pair in (0..<pairs).reversed() {
                let axis = rank - 1 - pair
                axes.append(try paddedAxis(axis, padding[2 * pair], padding[2 * pair + 1], mode, call))
            }
            let whole = WindowMap(axes, moves: true).target(of: layout)
            _ = try call.layout(whole.shape)
            return paddedAxes(axes, value, call)
        }
    }

    private func paddedAxes(_ axes: [WindowAxis], _ value: Double, _ call: Call) -> Tensor {
        if axes.isEmpty { return self }
        var result = mapped(WindowMap(axes.suffix(3), moves: true), filling: value, as: .pad, call)
        // The others one at a time, with all that is behind them as their last dimension.
        for (place, axis) in axes.dropLast(3).enumerated().reversed() {
            let dimension = rank - axes.count + place
            var shape = result.shape
            let rest = shape[(dimension + 1)...].reduce(1, *)
            let flat = result.reshaped(to: Layout(rowMajor: Array(shape[...dimension]) + [rest]))
            let map = WindowMap([axis, WindowAxis(unchanged: rest)], moves: true)
            shape[dimension] = axis.output
            result = flat.mapped(map, filling: value, as: .pad, call).reshaped(to: Layout(rowMajor: shape))
        }
        return result
    }

    private func paddedAxis(
        _ axis: Int,
        _ before: Int,
        _ behind: Int,
        _ mode: PaddingMode,
        _ call: Call
    ) throws(Refusal) -> WindowAxis {
        let size = extent(axis)
        let bounds = -(1 << 30)...(1 << 30)
        let length = bounds.contains(before) && bounds.contains(behind) ? size + before + behind : -1
        try call.require(
            size < 1 << 30 && length >= 0 && (before < 0 ? -before <= size : true)
                && (behind < 0 ? -behind <= size : true),
            "a padding of \(before) and \(behind) leaves nothing of size \(size) in shape \(shape), or too much"
        )
        let most = Swift.max(before, behind)
        // What is left where elements are taken away, which is done before anything is added.
        let (first, kept) = (Swift.max(-before, 0), size + Swift.min(before, 0) + Swift.min(behind, 0))
        switch mode {
        case .constant: break
        case .reflect:
            try call.require(
                most < size,
                "a reflecting padding of \(before) and \(behind) is not smaller than size \(size) in shape \(shape)"
            )
        case .replicate:
            try call.require(size > 0, "there is nothing to repeat in shape \(shape)")
        case .circular:
            try call.require(
                most <= kept,
                "a circular padding of \(before) and \(behind) is larger than size \(size) in shape \(shape)"
            )
        }
        var table = WindowAxis(input: size)
        for output in 0..<length {
            var place = output - before
            if mode == .circular {
                if place < first { place += kept } else if place >= first + kept { place -= kept }
            } else if place < 0 || place >= size {
                switch mode {
                case .constant, .circular: place = -1
                case .reflect: place = place < 0 ? -place : 2 * (size - 1) - place
                case .replicate: place = place < 0 ? 0 : size - 1
                }
            }
            if place >= 0 { table.append(place) }
            table.endOutput()
        }
        return table
    }

    private func nearestPadded(_ padding: [Int]) -> Layout {
        var sizes = shape
        for (pair, axis) in zip(0..<(padding.count / 2), sizes.indices.reversed()) {
            sizes[axis] = Swift.max(sizes[axis] &+ padding[2 * pair] &+ padding[2 * pair + 1], 0)
        }
        return Layout(nearest: sizes)
    }
}
