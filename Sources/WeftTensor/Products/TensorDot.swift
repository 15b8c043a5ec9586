import WeftRuntime

/// The products of `a` and `b`, added up along pairs of axes: the last `axes` of `a` with the first of `b`, in their order.
/// The result has the other axes of `a`, and then those of `b`.
///
/// As ``tensordot(_:_:axes:file:line:)-(_,_,([Int],[Int]),_,_)``. Refused where a tensor has fewer axes, or `axes` is
/// negative.
public func tensordot(
    _ a: Tensor,
    _ b: Tensor,
    axes: Int = 2,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("tensordot", file, line)
    return call.checked(standIn: Layout(), .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        try call.require(
            axes >= 0 && axes <= a.rank && axes <= b.rank,
            "\(axes) axes are more than shapes \(a.shape) and \(b.shape) have, or fewer than none"
        )
        return try contraction(a, b, (Array((a.rank - axes)..<a.rank), Array(0..<axes)), call)
    }
}

/// The products of `a` and `b`, added up along pairs of axes, of which `axes` names those of `a` and, in the same order,
/// those of `b`; negative ones count from the end. The result has the other axes of `a`, and then those of `b`, and is one
/// matrix product. Integers stay integers.
///
/// Refused unless both name as many axes, none twice, whose sizes are equal or 1, which is repeated.
public func tensordot(
    _ a: Tensor,
    _ b: Tensor,
    axes: ([Int], [Int]),
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let call = Call("tensordot", file, line)
    return call.checked(standIn: Layout(), .promoted(a.dtype, b.dtype)) { call throws(Refusal) in
        try contraction(a, b, axes, call)
    }
}

/// The products of `a` and `b`, added up along these pairs of axes.
func contraction(_ a: Tensor, _ b: Tensor, _ axes: ([Int], [Int]), _ call: Call) throws(Refusal) -> Tensor {
    try call.require(
        axes.0.count == axes.1.count,
        "axes \(axes.0) and \(axes.1) do not pair: as many of one tensor as of the other are wanted"
    )
    var pairs: [(Int, Int)] = []
    for (first, second) in zip(axes.0, axes.1) {
        let pair = (try call.axis(first, of: a), try call.axis(second, of: b))
        try call.require(
            !pairs.contains { $0.0 == pair.0 || $0.1 == pair.1 } && a.rank > 0 && b.rank > 0,
            "axes \(axes.0) and \(axes.1) of shapes \(a.shape) and \(b.shape) name one that is not there, or one twice"
        )
        let (p, q) = (a.extent(pair.0), b.extent(pair.1))
        try call.require(
            p == q || p == 1 || q == 1,
            "axis \(first) of shape \(a.shape) and axis \(second) of shape \(b.shape) have different sizes"
        )
        pairs.append(pair)
    }
    let labels = (0..<b.rank).map { axis in pairs.first { $0.1 == axis }?.0 ?? a.rank + axis }
    let paired = Set(pairs.map(\.0))
    let kept = Set((0..<a.rank).filter { !paired.contains($0) } + labels.filter { $0 >= a.rank })
    let left = LabelledTensor(a, Array(0..<a.rank))
    let product = try left.contracted(with: LabelledTensor(b, labels), keeping: kept, call)
    return product.ordered(as: kept.sorted()).tensor
}
