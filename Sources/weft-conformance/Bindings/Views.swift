import Weft

/// The same elements under another shape, in another order, in part or several times.
extension ConformanceSuite {
    static let views: [String: CaseOperation] = shapes.merging(orders) { _, _ in
        preconditionFailure("an operation is bound twice")
    }

    private static let shapes: [String: CaseOperation] = [
        "reshape": { a in [try a.tensor(0, "input").reshaped(try a.ints(1, "shape"))] },
        "view": { a in [try a.tensor(0, "input").reshaped(try a.ints(1, "shape"))] },
        "reshape_as": { a in [try a.tensor(0, "input").reshaped(try a.tensor(1, "other").shape)] },
        "ravel": unary { $0.flattened() },
        "flatten": { a in
            [
                try a.tensor(0, "input").flattened(
                    from: try a.int(1, "start_dim", or: 0),
                    through: try a.int(2, "end_dim", or: -1)
                )
            ]
        },
        "unflatten": { a in
            [try a.tensor(0, "input").unflattened(axis: try a.int(1, "dim"), try a.ints(2, "sizes"))]
        },
        "unsqueeze": { a in [try a.tensor(0, "input").unsqueezed(axis: try a.int(1, "dim"))] },
        "squeeze": { a in [try a.tensor(0, "input").squeezed(axes: try a.optionalInts(1, "dim"))] },
        "squeeze.multiple": { a in [try a.tensor(0, "input").squeezed(axes: try a.optionalInts(1, "dim"))] },
        "atleast_1d": each { $0.atLeast1D() },
        "atleast_2d": each { $0.atLeast2D() },
        "atleast_3d": each { $0.atLeast3D() },
        "expand": { a in [try a.tensor(0, "input").expanded(to: try a.ints(1, "size"))] },
        "broadcast_to": { a in [try a.tensor(0, "input").expanded(to: try a.ints(1, "size"))] },
        "expand_as": { a in [try a.tensor(0, "input").expanded(to: try a.tensor(1, "other").shape)] },
        "broadcast_tensors": { a in broadcasted(try a.tensors(0, "tensors")) },
        "sum_to_size": { a in [try a.tensor(0, "input").summed(to: try a.ints(1, "size"))] },
        "repeat": { a in [try a.tensor(0, "input").repeated(try a.ints(1, "repeats"))] },
        "tile": { a in [try a.tensor(0, "input").tiled(try a.ints(1, "dims"))] },
        "repeat_interleave": { a in
            let (x, axis) = (try a.tensor(0, "input"), try a.optionalInt(2, "dim"))
            // It tells PyTorch what it would otherwise have to add up.
            let size = try a.optionalInt(99, "output_size")
            let result =
                a.isTensor(1, "repeats")
                ? x.repeatedInterleaved(try a.tensor(1, "repeats"), axis: axis)
                : x.repeatedInterleaved(try a.int(1, "repeats"), axis: axis)
            guard size == nil || size == result.size(axis ?? 0) else { throw CaseError("the size is not \(size ?? 0)") }
            return [result]
        },
    ]

    private static let orders: [String: CaseOperation] = [
        "permute": { a in [try a.tensor(0, "input").permuted(try a.ints(1, "dims"))] },
        "transpose": { a in [try a.tensor(0, "input").transposed(try a.int(1, "dim0"), try a.int(2, "dim1"))] },
        "t": { a in
            let x = try a.tensor(0, "input")
            // Of more dimensions `T` transposes the matrices.
            guard x.rank <= 2 else { throw CaseError("t has at most two dimensions") }
            return [x.T]
        },
        "movedim": { a in
            [
                try a.tensor(0, "input").movedAxes(
                    from: try a.intOrInts(1, "source"),
                    to: try a.intOrInts(2, "destination")
                )
            ]
        },
        "flip": { a in [try a.tensor(0, "input").flipped(axes: try a.intOrInts(1, "dims"))] },
        "fliplr": unary { $0.flippedLeftRight() },
        "flipud": unary { $0.flippedUpDown() },
        "rot90": { a in
            let axes = try a.optionalInts(2, "dims") ?? [0, 1]
            return [try a.tensor(0, "input").rotated90(try a.int(1, "k", or: 1), axes: axes)]
        },
        "roll": { a in
            let (x, shifts) = (try a.tensor(0, "input"), try a.intOrInts(1, "shifts"))
            if let axes = try a.optionalInts(2, "dims") { return [x.rolled(shifts, axes: axes)] }
            guard shifts.count == 1 else { throw CaseError("without axes there is one shift") }
            return [x.rolled(shifts[0])]
        },
        "select": { a in [try a.tensor(0, "input").selected(axis: try a.int(1, "dim"), index: try a.int(2, "index"))] },
        "narrow": { a in
            if a.isTensor(2, "start") {
                let start = try a.tensor(2, "start")
                guard start.rank == 0, start.dtype == .int64 else { throw CaseError("the start is no integer") }
            }
            return [
                try a.tensor(0, "input").narrowed(
                    axis: try a.int(1, "dim"),
                    start: try a.int(2, "start"),
                    count: try a.int(3, "length")
                )
            ]
        },
        "slice": { a in
            [
                try a.tensor(0, "input").sliced(
                    axis: try a.int(1, "dim", or: 0),
                    from: try a.optionalInt(2, "start"),
                    to: try a.optionalInt(3, "end"),
                    by: try a.int(4, "step", or: 1)
                )
            ]
        },
        "select_scatter": { a in
            [
                try a.tensor(0, "input").selectScatter(
                    try a.tensor(1, "src"),
                    axis: try a.int(2, "dim"),
                    index: try a.int(3, "index")
                )
            ]
        },
        "slice_scatter": { a in
            [
                try a.tensor(0, "input").sliceScatter(
                    try a.tensor(1, "src"),
                    axis: try a.int(2, "dim", or: 0),
                    from: try a.optionalInt(3, "start"),
                    to: try a.optionalInt(4, "end"),
                    by: try a.int(5, "step", or: 1)
                )
            ]
        },
        "diagonal": diagonal(1, defaults: (0, 1)) { $0.diagonal(offset: $1, axis1: $2, axis2: $3) },
        "diag_embed": diagonal(1, defaults: (-2, -1)) { $0.diagonalEmbedding(offset: $1, axis1: $2, axis2: $3) },
        "diagonal_scatter": { a in
            let source = try a.tensor(1, "src")
            return try diagonal(2, defaults: (0, 1)) {
                $0.diagonalScatter(source, offset: $1, axis1: $2, axis2: $3)
            }(a)
        },
        "diag": { a in [try a.tensor(0, "input").diag(offset: try a.int(1, "diagonal", or: 0))] },
        "diagflat": { a in [try a.tensor(0, "input").diagFlat(offset: try a.int(1, "offset", or: 0))] },
        "tril": { a in [try a.tensor(0, "input").lowerTriangle(diagonal: try a.int(1, "diagonal", or: 0))] },
        "triu": { a in [try a.tensor(0, "input").upperTriangle(diagonal: try a.int(1, "diagonal", or: 0))] },
        "unfold": { a in
            [
                try a.tensor(0, "input").unfolded(
                    axis: try a.int(1, "dimension"),
                    size: try a.int(2, "size"),
                    step: try a.int(3, "step")
                )
            ]
        },
        "constant_pad_nd": { a in
            [try a.tensor(0, "input").padded(try a.ints(1, "pad"), value: try a.double(2, "value", or: 0))]
        },
    ]

    /// A function of each of several tensors.
    private static func each(_ function: @escaping @Sendable (Tensor) -> Tensor) -> CaseOperation {
        { try $0.tensors(0, "tensors").map(function) }
    }

    /// A function of a tensor, an offset and two axes.
    private static func diagonal(
        _ place: Int,
        defaults: (Int, Int),
        _ function: @escaping @Sendable (Tensor, Int, Int, Int) -> Tensor
    ) -> CaseOperation {
        { a in
            [
                function(
                    try a.tensor(0, "input"),
                    try a.int(place, "offset", or: 0),
                    try a.int(place + 1, "dim1", or: defaults.0),
                    try a.int(place + 2, "dim2", or: defaults.1)
                )
            ]
        }
    }
}
