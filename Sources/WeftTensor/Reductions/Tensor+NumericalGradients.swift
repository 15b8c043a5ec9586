import WeftRuntime

/// Slopes of a function along axes, told from its values at neighbouring places: second-order differences inside, which
/// take unequal distances into account, and at the ends differences of order `edgeOrder`, 1 or 2 (as `numpy.gradient`).
/// Integers are computed as float32. The result has a tensor of this one's shape for each axis.
///
/// Refused for another order, for axes named twice, and for fewer than `edgeOrder` + 1 elements along an axis.
extension Tensor {
    /// The slopes along `axes`, all of them if none are named.
    ///
    /// - Parameter spacing: how far neighbours are apart: one number for all axes, or one for each.
    public func numericalGradients(
        spacing: [Double] = [1],
        axes: [Int]? = nil,
        edgeOrder: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        let call = Call("numericalGradients", file, line)
        return slopes(axes, edgeOrder, spacing.count == 1 ? nil : spacing.count, call) { axis, place in
            let step = spacing[spacing.count == 1 ? 0 : place]
            return Tensor.filled(Layout(rowMajor: [extent(axis) - 1]), step, dtype: slopeDType, at: call.site)
        }
    }

    /// The slopes along `axes`, all of them if none are named.
    ///
    /// - Parameter coordinates: for each axis a vector with the places of its elements.
    public func numericalGradients(
        at coordinates: [Tensor],
        axes: [Int]? = nil,
        edgeOrder: Int = 1,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> [Tensor] {
        let call = Call("numericalGradients", file, line)
        return slopes(axes, edgeOrder, coordinates.count, call) { axis, place throws(Refusal) in
            let places = coordinates[place]
            try call.require(
                places.rank == 1 && places.count == extent(axis),
                "coordinates of shape \(places.shape) do not fit axis \(axis) of shape \(shape)"
            )
            return places.differences(file: file, line: line).to(slopeDType)
        }
    }

    private var slopeDType: DType { dtype.isFloatingPoint ? dtype : .float32 }

    private func slopes(
        _ axes: [Int]?,
        _ edgeOrder: Int,
        _ given: Int?,
        _ call: Call,
        steps: (_ axis: Int, _ place: Int) throws(Refusal) -> Tensor
    ) -> [Tensor] {
        let named = axes ?? Array(0..<rank)
        do throws(Refusal) {
            _ = try call.axes(Axes(named), of: self)
            try call.require(edgeOrder == 1 || edgeOrder == 2, "the order at the ends is 1 or 2, not \(edgeOrder)")
            if let given {
                try call.require(given == named.count, "\(given) spacings are given for \(named.count) axes")
            }
            var results: [Tensor] = []
            for (place, axis) in named.enumerated() {
                let axis = try call.axis(axis, of: self)
                try call.require(
                    rank > 0 && extent(axis) > edgeOrder,
                    "axis \(axis) of shape \(shape) has fewer than \(edgeOrder + 1) elements"
                )
                let x = floatingPoint(at: call.site)
                results.append(x.slope(axis, edgeOrder, try steps(axis, place)))
            }
            return results
        } catch {
            return named.map { _ in Tensor(standIn: layout.rowMajor, dtype: slopeDType) }
        }
    }

    /// The slopes along `axis`, whose elements are `steps` apart.
    private func slope(_ axis: Int, _ edgeOrder: Int, _ steps: Tensor) -> Tensor {
        let length = extent(axis)
        let shape = (0..<rank).map { $0 == axis ? -1 : 1 }
        func part(_ start: Int, _ count: Int) -> Tensor { sliced(axis: axis, start: start, count: count) }
        func step(_ start: Int, _ count: Int) -> Tensor {
            steps.sliced(axis: 0, start: start, count: count).reshaped(shape)
        }
        var first = (part(1, 1) - part(0, 1)) / step(0, 1)
        var last = (part(length - 1, 1) - part(length - 2, 1)) / step(length - 2, 1)
        if edgeOrder == 2 {
            let (a, b) = (step(0, 1), step(1, 1))
            first =
                part(1, 1) * ((a + b) / (a * b)) - part(0, 1) * ((a * 2 + b) / (a * (a + b)))
                - part(2, 1) * (a / (b * (a + b)))
            let (c, d) = (step(length - 3, 1), step(length - 2, 1))
            last =
                part(length - 3, 1) * (d / (c * (c + d))) - part(length - 2, 1) * ((c + d) / (c * d))
                + part(length - 1, 1) * ((d * 2 + c) / (d * (c + d)))
        }
        guard length > 2 else { return concatenated([first, last], axis: axis) }
        let (before, behind) = (step(0, length - 2), step(1, length - 2))
        let both = before + behind
        let lower = part(0, length - 2) * (behind / (before * both))
        let middle = part(1, length - 2) * ((behind - before) / (before * behind))
        let upper = part(2, length - 2) * (before / (behind * both))
        return concatenated([first, upper + middle - lower, last], axis: axis)
    }
}
