import Weft

/// Sorting, what is told from a sorted order, and searching.
extension ConformanceSuite {
    static let sorting: [String: CaseOperation] = [
        "sort": sort { x, axis, descending in pair(x.sorted(axis: axis, descending: descending)) },
        "argsort": sort { x, axis, descending in [x.argsort(axis: axis, descending: descending)] },
        "msort": unary { $0.sorted(axis: 0).values },
        "topk": { a in
            let input = try a.tensor(0, "input")
            let (k, axis) = (try a.int(1, "k"), try a.int(2, "dim", or: -1))
            let largest = try a.bool(3, "largest", or: true)
            // They are always sorted.
            _ = try a.bool(4, "sorted", or: true)
            a.choice = FreeChoice(input: input, axis: axis)
            return pair(input.topK(k, axis: axis, largest: largest))
        },
        "kthvalue": { a in
            let input = try a.tensor(0, "input")
            let (k, axis) = (try a.int(1, "k"), try a.int(2, "dim", or: -1))
            a.choice = FreeChoice(input: input, axis: axis)
            return pair(input.kthValue(k, axis: axis, keepDims: try a.bool(3, "keepdim", or: false)))
        },
        "mode": { a in
            let input = try a.tensor(0, "input")
            let axis = try a.int(1, "dim", or: -1)
            a.choice = FreeChoice(input: input, axis: axis)
            return pair(input.mode(axis: axis, keepDims: try a.bool(2, "keepdim", or: false)))
        },
        "median": middle({ $0.median() }, { x, axis, keeps in x.median(axis: axis, keepDims: keeps) }),
        "nanmedian": middle({ $0.nanMedian() }, { x, axis, keeps in x.nanMedian(axis: axis, keepDims: keeps) }),
        "quantile": quantile { x, q, axis, keeps, interpolation in
            x.quantile(q, axis: axis, keepDims: keeps, interpolation: interpolation)
        },
        "nanquantile": quantile { x, q, axis, keeps, interpolation in
            x.nanQuantile(q, axis: axis, keepDims: keeps, interpolation: interpolation)
        },
        "unique": { a in
            let input = try a.tensor(0, "input")
            // They are always sorted.
            _ = try a.bool(1, "sorted", or: true)
            let axis = try a.optionalInt(4, "dim")
            let found = axis.map { input.unique(axis: $0) } ?? input.unique()
            var results = [found.values]
            if try a.bool(2, "return_inverse", or: false) { results.append(found.inverse) }
            if try a.bool(3, "return_counts", or: false) { results.append(found.counts) }
            return results
        },
        "searchsorted": { a in
            let sorted = try a.tensor(0, "sorted_sequence")
            let values = try a.operand(1, "input", beside: sorted)
            let side = try a.optionalString(99, "side")
            let right = try a.bool(99, "right", or: side == "right")
            let order = try a.optionalTensor(99, "sorter")
            return [try places(sorted.searchSorted(values, right: right, order: order), a)]
        },
        "bucketize": { a in
            let (values, boundaries) = (try a.tensor(0, "input"), try a.tensor(1, "boundaries"))
            let right = try a.bool(99, "right", or: false)
            return [try places(values.bucketized(boundaries, right: right), a)]
        },
        "isin": { a in [try a.tensor(0, "elements").isIn(try a.tensor(1, "test_elements"))] },
    ]

    private static func places(_ found: Tensor, _ a: CaseArguments) throws -> Tensor {
        guard try a.bool(99, "out_int32", or: false) else { return found }
        return found.to(.int32)
    }

    private static func sort(_ function: @escaping @Sendable (Tensor, Int, Bool) -> [Tensor]) -> CaseOperation {
        { a in
            let input = try a.tensor(0, "input")
            let axis = try a.int(1, "dim", or: -1)
            // Every order is stable here.
            if try !a.bool(99, "stable", or: false) { a.choice = FreeChoice(input: input, axis: axis) }
            return function(input, axis, try a.bool(2, "descending", or: false))
        }
    }

    private static func middle(
        _ ofAll: @escaping @Sendable (Tensor) -> Tensor,
        _ along: @escaping @Sendable (Tensor, Int, Bool) -> (values: Tensor, indices: Tensor)
    ) -> CaseOperation {
        { a in
            let input = try a.tensor(0, "input")
            guard let axis = try a.optionalInt(1, "dim") else { return [ofAll(input)] }
            return pair(along(input, axis, try a.bool(2, "keepdim", or: false)))
        }
    }

    private static func quantile(
        _ function: @escaping @Sendable (Tensor, Tensor, Int?, Bool, QuantileInterpolation) -> Tensor
    ) -> CaseOperation {
        { a in
            let input = try a.tensor(0, "input")
            let q =
                a.isTensor(1, "q")
                ? try a.tensor(1, "q") : Tensor(full: [], try a.double(1, "q"), dtype: input.dtype)
            let interpolation: QuantileInterpolation =
                switch try a.string(99, "interpolation", or: "linear") {
                case "lower": .lower
                case "higher": .higher
                case "nearest": .nearest
                case "midpoint": .midpoint
                default: .linear
                }
            let keeps = try a.bool(99, "keepdim", or: false)
            return [function(input, q, try a.optionalInt(2, "dim"), keeps, interpolation)]
        }
    }
}
