import Weft

/// Tensors joined and taken apart.
extension ConformanceSuite {
    static let joining: [String: CaseOperation] = [
        "cat": { a in [concatenated(try a.tensors(0, "tensors"), axis: try a.int(1, "dim", or: 0))] },
        "stack": { a in [stacked(try a.tensors(0, "tensors"), axis: try a.int(1, "dim", or: 0))] },
        "hstack": { a in [hstacked(try a.tensors(0, "tensors"))] },
        "vstack": { a in [vstacked(try a.tensors(0, "tensors"))] },
        "dstack": { a in [dstacked(try a.tensors(0, "tensors"))] },
        "column_stack": { a in [columnStacked(try a.tensors(0, "tensors"))] },
        "block_diag": { a in [blockDiagonal(try a.tensors(0, "tensors"))] },
        "meshgrid.list_of_tensors": grid,
        "meshgrid.variadic_tensors": grid,
        "chunk": { a in
            try a.tensor(0, "input").chunked(into: try a.int(1, "chunks"), axis: try a.int(2, "dim", or: 0))
        },
        "split": { a in
            try a.tensor(0, "input").split(size: try a.int(1, "split_size"), axis: try a.int(2, "dim", or: 0))
        },
        "split.list_args": sizes,
        "split_with_sizes": sizes,
        "tensor_split": { a in
            let (x, axis) = (try a.tensor(0, "input"), try a.int(2, "dim", or: 0))
            if let places = try places(a) { return x.tensorSplit(at: places, axis: axis) }
            return x.tensorSplit(into: try a.int(1, "sections"), axis: axis)
        },
        "hsplit": parts({ $0.hsplit(into: $1) }, { $0.hsplit(at: $1) }),
        "vsplit": parts({ $0.vsplit(into: $1) }, { $0.vsplit(at: $1) }),
        "dsplit": parts({ $0.dsplit(into: $1) }, { $0.dsplit(at: $1) }),
        "unbind": { a in try a.tensor(0, "input").unstacked(axis: try a.int(1, "dim", or: 0)) },
    ]

    private static let grid: CaseOperation = { a in
        let order: MeshOrder = try a.string(99, "indexing", or: "ij") == "xy" ? .cartesian : .matrix
        return meshgrid(try a.tensors(0, "tensors"), order: order)
    }

    private static let sizes: CaseOperation = { a in
        try a.tensor(0, "input").split(sizes: try a.ints(1, "split_sizes"), axis: try a.int(2, "dim", or: 0))
    }

    /// The places of a split: a list, or a vector; nil for a number of parts, which may be a tensor without dimensions.
    private static func places(_ a: CaseArguments) throws -> [Int]? {
        if a.isList(1, "indices") { return try a.intOrInts(1, "indices") }
        guard a.isTensor(1, "indices") else { return nil }
        let tensor = try a.tensor(1, "indices")
        return tensor.rank == 0 ? nil : tensor.array(of: Int.self)
    }

    private static func parts(
        _ even: @escaping @Sendable (Tensor, Int) -> [Tensor],
        _ separated: @escaping @Sendable (Tensor, [Int]) -> [Tensor]
    ) -> CaseOperation {
        { a in
            let x = try a.tensor(0, "input")
            if let places = try places(a) { return separated(x, places) }
            return even(x, try a.int(1, "sections"))
        }
    }
}
