import WeftRuntime

/// One call of an operation: its name and the caller's line, which every refusal names, and the checks of arguments
/// that operations have in common.
///
/// An operation checks inside `checked`, where the first mistake ends it:
///
/// ```swift
/// Call("gather", file, line).checked(standIn: index.layout, dtype) { call throws(Refusal) in
///     let axis = try call.axis(axis, of: self)
///     try call.require(index.rank == rank, "…")
///     return …
/// }
/// ```
///
/// Operands that were refused earlier need no check: launches over them run nothing, and results recorded from them are
/// refused in turn.
package struct Call: Sendable {
    package let operation: StaticString
    /// Nil where an operator was called, whose line is looked for on the call stack.
    package let site: CallSite?

    package init(_ operation: StaticString, _ file: StaticString, _ line: UInt) {
        self.operation = operation
        site = CallSite(file, line)
    }

    package init(_ operation: StaticString, at site: CallSite?) {
        self.operation = operation
        self.site = site
    }

    /// What `body` returns, or, if it refused something, a tensor that stands for a result of `layout` and `dtype`:
    /// those that the right call would have had.
    @inline(__always)
    package func checked(
        standIn layout: @autoclosure () -> Layout,
        _ dtype: @autoclosure () -> DType,
        _ body: (Call) throws(Refusal) -> Tensor
    ) -> Tensor {
        do throws(Refusal) { return try body(self) } catch { return Tensor(standIn: layout(), dtype: dtype()) }
    }

    /// Refuses the call.
    @inline(never)
    package func refusal(_ message: String) -> Refusal {
        refuse(operation, message, at: site)
        return Refusal()
    }

    /// Refuses the call unless `condition` holds.
    @inline(__always)
    package func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(Refusal) {
        if !condition { throw refusal(message()) }
    }

    /// `axis` counted from the front, where a negative one counts from the back. A scalar is treated as having one
    /// dimension, as PyTorch does.
    @inline(__always)
    package func axis(_ axis: Int, of tensor: Tensor) throws(Refusal) -> Int {
        let rank = Swift.max(tensor.rank, 1)
        let positive = axis < 0 ? axis &+ rank : axis
        guard positive >= 0, positive < rank else { throw noAxis(axis, of: tensor) }
        return positive
    }

    // Out of line, so that axes that there are cost no more than two comparisons.
    @inline(never)
    private func noAxis(_ axis: Int, of tensor: Tensor) -> Refusal {
        let rank = Swift.max(tensor.rank, 1)
        return refusal("axis \(axis) is out of range for shape \(tensor.shape): -\(rank) ... \(rank - 1) are valid")
    }

    /// The place of a new dimension before dimension `axis`, where a negative one counts from behind the last.
    package func place(_ axis: Int, in tensor: Tensor) throws(Refusal) -> Int {
        let rank = tensor.rank
        try require(
            rank < Layout.maximumRank,
            "shape \(tensor.shape) already has the most dimensions, \(Layout.maximumRank)"
        )
        try require(
            axis >= -rank - 1 && axis <= rank,
            "axis \(axis) is out of range for shape \(tensor.shape): \(-rank - 1) ... \(rank) are valid"
        )
        return axis < 0 ? axis + rank + 1 : axis
    }

    /// The set of `axes`, none of which is named twice.
    package func axes(_ axes: Axes, of tensor: Tensor) throws(Refusal) -> AxisSet {
        var set = AxisSet()
        switch axes {
        case .all: return AxisSet(allOf: tensor.rank)
        case .one(let axis):
            let positive = try self.axis(axis, of: tensor)
            if tensor.rank > 0 { set.insert(positive) }
        case .several(let axes):
            for axis in axes {
                let positive = try self.axis(axis, of: tensor)
                try require(!set.contains(positive), "axis \(axis) is named twice in \(axes)")
                if tensor.rank > 0 { set.insert(positive) }
            }
        }
        return set
    }

    /// The row-major layout of a shape that a user gave.
    package func layout(_ shape: [Int]) throws(Refusal) -> Layout {
        guard let layout = Layout.checked(shape, operation: operation, at: site) else { throw Refusal() }
        return layout
    }

    /// The layout that three tensors broadcast to.
    package func broadcast(_ a: Tensor, _ b: Tensor, _ c: Tensor) throws(Refusal) -> Layout {
        if let layout = Layout.broadcast(a.layout, b.layout, c.layout) { return layout }
        throw refusal(Self.mismatch([a, b, c]))
    }

    /// What is said of tensors that do not broadcast.
    static func mismatch(_ tensors: [Tensor]) -> String {
        let shapes = tensors.map { "\($0.shape)" }
        return "shapes \(shapes.dropLast().joined(separator: ", ")) and \(shapes.last!) do not match: aligned at the "
            + "last dimension, sizes must be equal or 1"
    }

    /// The kernel of `family` for `dtype`.
    package func kernel(_ family: KernelFamily, for dtype: DType) throws(Refusal) -> KernelHandle {
        if let handle = family[dtype] { return handle }
        throw refusal("dtype \(dtype) is not among those it takes: \(family.acceptedDTypes)")
    }
}

/// What ends an operation that has refused its arguments. The mistake itself is recorded, or has stopped the process.
package struct Refusal: Error {
    package init() {}
}

extension Layout {
    /// The row-major layout with the sizes of a shape that was refused, as far as there can be such a tensor: negative
    /// sizes count as 1, what is one dimension too many is left out, and what cannot be counted is empty.
    package init(nearest shape: [Int]) {
        let sizes = shape.prefix(Layout.maximumRank).map { $0 < 0 ? 1 : $0 }
        var count = 8
        for size in sizes where size > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            if overflow {
                self.init(rowMajor: sizes.map { _ in 0 })
                return
            }
            count = product
        }
        self.init(rowMajor: sizes)
    }

    /// The sizes that `a` and `b` would broadcast to if they matched: where they do not, those of `a`.
    static func nearestBroadcast(_ a: Layout, _ b: Layout) -> Layout {
        if let layout = broadcast(a, b) { return layout }
        let rank = Swift.max(a.rank, b.rank)
        let sizes = (0..<rank).map { axis in
            let (i, j) = (axis - rank + a.rank, axis - rank + b.rank)
            return i < 0 || (a.sizes[i] == 1 && j >= 0) ? b.sizes[j] : a.sizes[i]
        }
        return Layout(nearest: sizes)
    }

    /// The axes of `axes` that exist, to tell the shape of a call that was refused for another.
    func existing(_ axes: Axes) -> AxisSet {
        let named: [Int]
        switch axes {
        case .all: return AxisSet(allOf: rank)
        case .one(let axis): named = [axis]
        case .several(let axes): named = axes
        }
        var set = AxisSet()
        for axis in named where axis >= -rank && axis < rank { set.insert(axis < 0 ? axis + rank : axis) }
        // An axis that does not exist would have taken one dimension away all the same.
        for axis in (0..<rank).reversed() where set.count < Swift.min(named.count, rank) { set.insert(axis) }
        return set
    }
}
