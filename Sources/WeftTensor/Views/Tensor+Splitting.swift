import WeftRuntime

/// Tensors cut into parts along an axis, which share memory until one is written.
extension Tensor {
    /// Parts of the given sizes along `axis`. Refused unless these add up to the axis' own.
    public func split(
        sizes: [Int],
        axis: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        cut(axis, parts: sizes.count, Call("split", file, line)) { size, call throws(Refusal) in
            let total = sizes.reduce(0, &+)
            try call.require(
                total == size && sizes.allSatisfy { (0...size).contains($0) },
                "sizes \(sizes) do not add up to the \(size) elements along axis \(axis) of shape \(shape)"
            )
            return sizes
        }
    }

    /// Parts of `size` elements along `axis`, the last one shorter if need be. Refused for sizes below 1, but for 0 of
    /// nothing.
    public func split(
        size: Int,
        axis: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        cut(axis, parts: 1, Call("split", file, line)) { whole, call throws(Refusal) in
            try call.require(size > 0 || (size == 0 && whole == 0), "parts of \(size) elements are not possible")
            if whole == 0 { return [0] }
            return Swift.stride(from: 0, to: whole, by: size).map { Swift.min(size, whole - $0) }
        }
    }

    /// At most `count` parts along `axis`, all of one size but the last, which may be shorter. Refused below 1.
    public func chunked(
        into count: Int,
        axis: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        cut(axis, parts: count, Call("chunked", file, line)) { whole, call throws(Refusal) in
            try call.require(count > 0, "\(count) parts are not possible")
            if whole == 0 { return Array(repeating: 0, count: count) }
            let size = (whole - 1) / count + 1
            return Swift.stride(from: 0, to: whole, by: size).map { Swift.min(size, whole - $0) }
        }
    }

    /// Exactly `count` parts along `axis`, the first of which have one element more if it does not divide evenly.
    /// Refused below 1.
    public func tensorSplit(
        into count: Int,
        axis: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        cut(axis, parts: count, Call("tensorSplit", file, line)) { whole, call throws(Refusal) in
            try call.require(count > 0, "\(count) parts are not possible")
            return (0..<count).map { whole / count + ($0 < whole % count ? 1 : 0) }
        }
    }

    /// The parts along `axis` that `places` separate, one more than those. Negative places count from the end, and
    /// those beyond either end mean that end; a place before the last one leaves nothing between the two.
    public func tensorSplit(
        at places: [Int],
        axis: Int = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        Call("tensorSplit", file, line).checkedList(standIns: places.count + 1, of: layout, dtype) {
            call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(rank > 0, "a scalar cannot be split")
            return separated(at: places, axis)
        }
    }

    /// The slices along `axis`, which disappears: the reverse of `stacked`. Refused for a scalar.
    public func unstacked(axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        let parts = cut(axis, parts: 1, Call("unstacked", file, line)) { whole, _ in Array(repeating: 1, count: whole) }
        guard rank > 0, let positive = shape.indices.first(where: { $0 == axis || $0 == axis + rank }) else {
            return parts
        }
        return parts.map { $0.removingAxis(positive) }
    }

    /// Even parts along the second dimension, of a vector along its only one. Refused unless `count` divides its size.
    public func hsplit(into count: Int, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        evenly(count, axis: rank == 1 ? 0 : 1, least: 1, Call("hsplit", file, line))
    }

    /// The parts along the second dimension, of a vector along its only one, that `places` separate.
    public func hsplit(at places: [Int], file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        separated(places, axis: rank == 1 ? 0 : 1, least: 1, Call("hsplit", file, line))
    }

    /// Even parts along the first of two dimensions or more. Refused unless `count` divides its size.
    public func vsplit(into count: Int, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        evenly(count, axis: 0, least: 2, Call("vsplit", file, line))
    }

    /// The parts along the first of two dimensions or more that `places` separate.
    public func vsplit(at places: [Int], file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        separated(places, axis: 0, least: 2, Call("vsplit", file, line))
    }

    /// Even parts along the third dimension. Refused unless `count` divides its size.
    public func dsplit(into count: Int, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        evenly(count, axis: 2, least: 3, Call("dsplit", file, line))
    }

    /// The parts along the third dimension that `places` separate.
    public func dsplit(at places: [Int], file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
        separated(places, axis: 2, least: 3, Call("dsplit", file, line))
    }

    // MARK: - Shared

    /// The parts along `axis` of the sizes that `sizes` makes of the axis' own.
    private func cut(
        _ axis: Int,
        parts: Int,
        _ call: Call,
        _ sizes: (Int, Call) throws(Refusal) -> [Int]
    ) -> [Tensor] {
        call.checkedList(standIns: parts, of: layout, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            try call.require(rank > 0, "a scalar cannot be split")
            var start = 0
            return try sizes(extent(axis), call).map { size in
                defer { start += size }
                return sliced(axis: axis, start: start, count: size)
            }
        }
    }

    private func separated(at places: [Int], _ axis: Int) -> [Tensor] {
        let size = extent(axis)
        var start = 0
        return (places + [size]).map { place in
            let end = clippedBound(place, size)
            defer { start = end }
            return sliced(axis: axis, start: start, count: Swift.max(end - start, 0))
        }
    }

    private func evenly(_ count: Int, axis: Int, least: Int, _ call: Call) -> [Tensor] {
        call.checkedList(standIns: count, of: layout, dtype) { call throws(Refusal) in
            try call.require(rank >= least, "at least \(least) dimensions are wanted, not shape \(shape)")
            let size = extent(axis)
            try call.require(
                count > 0 && size % count == 0,
                "the \(size) elements along axis \(axis) of shape \(shape) do not make \(count) even parts"
            )
            return (0..<count).map { sliced(axis: axis, start: $0 * (size / count), count: size / count) }
        }
    }

    private func separated(_ places: [Int], axis: Int, least: Int, _ call: Call) -> [Tensor] {
        call.checkedList(standIns: places.count + 1, of: layout, dtype) { call throws(Refusal) in
            try call.require(rank >= least, "at least \(least) dimensions are wanted, not shape \(shape)")
            return separated(at: places, axis)
        }
    }
}
