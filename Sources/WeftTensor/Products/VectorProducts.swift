import WeftRuntime

/// The inner product of two vectors of one dtype: the sum of the products of their elements, a scalar. Integers stay
/// integers. Refused for other shapes, lengths and dtypes that differ.
public func dot(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    Call("dot", file, line).checked(standIn: Layout(), .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        try call.require(
            a.rank == 1 && b.rank == 1 && a.count == b.count && a.dtype == b.dtype,
            "\(a.dtype) of shape \(a.shape) and \(b.dtype) of shape \(b.shape) do not fit: two vectors of one length and "
                + "dtype are wanted"
        )
        return matmul(a, b, file: file, line: line)
    }
}

/// The products of `a` and `b`, added up along the last axis of both: of shape `[…a, …b]` for shapes `[…a, k]` and
/// `[…b, k]`. A scalar multiplies every element. Integers stay integers. Refused unless the last sizes are equal.
public func inner(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if a.rank == 0 || b.rank == 0 { return elementProducts(a, b) }
    let target = Layout(nearest: a.shape.dropLast() + b.shape.dropLast())
    return Call("inner", file, line).checked(standIn: target, .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        try call.require(
            a.extent(a.rank - 1) == b.extent(b.rank - 1),
            "the last sizes of shapes \(a.shape) and \(b.shape) differ"
        )
        return try contraction(a, b, ([-1], [-1]), call)
    }
}

/// The products of all elements of the vector `a` with all of `b`, of shape [n, m]. Refused for other shapes.
public func outer(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let target = Layout(nearest: [a.count, b.count])
    return Call("outer", file, line).checked(standIn: target, .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        try call.require(
            a.rank == 1 && b.rank == 1,
            "shapes \(a.shape) and \(b.shape) do not fit: two vectors are wanted"
        )
        return elementProducts(a.insertingAxis(1), b.insertingAxis(0))
    }
}

/// The Kronecker product: `b` times each element of `a` in that element's place, so that sizes multiply. Where one has
/// fewer dimensions, it is as if sizes of 1 came first. Refused for more than four dimensions.
public func kron(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let rank = Swift.max(a.rank, b.rank)
    let (p, q) = (
        Array(repeating: 1, count: rank - a.rank) + a.shape, Array(repeating: 1, count: rank - b.rank) + b.shape
    )
    let target = zip(p, q).map { $0.multipliedReportingOverflow(by: $1).partialValue }
    return Call("kron", file, line).checked(standIn: Layout(nearest: target), .promoted(a.dtype, b.dtype)) {
        call throws(Refusal) in
        try call.require(rank <= 4, "shapes \(a.shape) and \(b.shape) have more than four dimensions")
        let layout = try call.layout(target)
        let first = a.reshaped(to: Layout(rowMajor: p.flatMap { [$0, 1] }))
        let second = b.reshaped(to: Layout(rowMajor: q.flatMap { [1, $0] }))
        return elementProducts(first, second).reshaped(to: layout)
    }
}

/// The products of elements, which of truth values are whether both are true.
func elementProducts(_ a: Tensor, _ b: Tensor) -> Tensor {
    a.dtype == .bool && b.dtype == .bool ? a .& b : a * b
}

/// The cross products of vectors with three elements, which lie along `axis`; by default the first axis of size 3. The
/// other sizes broadcast. Refused where there is no such axis.
public func cross(
    _ a: Tensor,
    _ b: Tensor,
    axis: Int? = nil,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let nearest = Layout.nearestBroadcast(a.layout, b.layout)
    return Call("cross", file, line).checked(standIn: nearest, .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        guard let layout = Layout.broadcast(a.layout, b.layout), a.rank == b.rank else {
            throw call.refusal("shapes \(a.shape) and \(b.shape) do not broadcast, or differ in their dimensions")
        }
        let (x, y) = (a.expanded(to: layout), b.expanded(to: layout))
        let place = axis ?? x.shape.firstIndex(of: 3) ?? 0
        let along = try call.axis(place, of: x)
        try call.require(
            a.rank > 0 && a.extent(along) == 3 && b.extent(along) == 3,
            "axis \(place) of shapes \(a.shape) and \(b.shape) has not three elements"
        )
        func turned(_ x: Tensor, _ order: [Int]) -> Tensor { x.indexSelect(axis: along, Tensor(order)) }
        return turned(x, [1, 2, 0]) * turned(y, [2, 0, 1]) - turned(x, [2, 0, 1]) * turned(y, [1, 2, 0])
    }
}
