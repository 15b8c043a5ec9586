import Weft

/// Reading and writing elements by index.
extension ConformanceSuite {
    static let indexing: [String: CaseOperation] = [
        "__getitem__": { a in
            let x = try a.tensor(0, "self")
            let s = try steps(a.raw(1, "index"))
            return [x[s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]]]
        },
        "gather": { a in
            [try a.tensor(0, "input").gather(axis: try a.int(1, "dim"), try a.tensor(2, "index"))]
        },
        "index_select": { a in
            [try a.tensor(0, "input").indexSelect(axis: try a.int(1, "dim"), try a.tensor(2, "index"))]
        },
        "index_add": { a in
            var source = try a.tensor(3, "source")
            if a.has(99, "alpha") {
                let alpha = try a.operand(99, "alpha", beside: source)
                source = source.dtype == .bool ? source.logicalAnd(alpha) : source * alpha
            }
            return [try a.tensor(0, "input").indexAdd(axis: try a.int(1, "dim"), try a.tensor(2, "index"), source)]
        },
        "index_fill": { a in
            let x = try a.tensor(0, "input")
            let value = try a.operand(3, "value", beside: x)
            return [x.indexFill(axis: try a.int(1, "dim"), try a.tensor(2, "index"), value)]
        },
        "index_put": { a in
            let indices = try a.tensors(1, "indices")
            return [
                try a.tensor(0, "input").indexPut(
                    indices,
                    try a.tensor(2, "values"),
                    accumulates: try a.bool(3, "accumulate", or: false)
                )
            ]
        },
        "put": { a in
            [
                try a.tensor(0, "input").put(
                    try a.tensor(1, "index"),
                    try a.tensor(2, "source"),
                    accumulates: try a.bool(3, "accumulate", or: false)
                )
            ]
        },
        "take": { a in [try a.tensor(0, "input").take(try a.tensor(1, "index"))] },
        "take_along_dim": { a in
            [try a.tensor(0, "input").takeAlong(axis: try a.optionalInt(2, "dim"), try a.tensor(1, "indices"))]
        },
        "nonzero": { a in
            let x = try a.tensor(0, "input")
            return try a.bool(1, "as_tuple", or: false) ? x.nonzeroIndices() : [x.nonzero()]
        },
        "argwhere": unary { $0.nonzero() },
        "masked_fill": { a in
            let (x, mask) = (try a.tensor(0, "input"), try a.tensor(1, "mask"))
            let value = try a.operand(2, "value", beside: x)
            // Where several values are given, `masked` broadcasts them.
            guard value.rank == 0 else { throw CaseError("masked_fill has one value") }
            return [x.masked(mask, with: value)]
        },
        "masked_select": { a in [try a.tensor(0, "input").maskedSelect(try a.tensor(1, "mask"))] },
        "masked_scatter": { a in
            [try a.tensor(0, "input").maskedScatter(try a.tensor(1, "mask"), try a.tensor(2, "source"))]
        },
        "scatter": { a in
            let (x, axis, index) = (try a.tensor(0, "input"), try a.int(1, "dim"), try a.tensor(2, "index"))
            let source =
                a.isTensor(3, "src")
                ? try a.tensor(3, "src")
                : try a.operand(3, "value", beside: x).to(x.dtype).expanded(to: index.shape)
            switch try a.optionalString(99, "reduce") {
            case nil: return [x.scatter(axis: axis, index, source)]
            case "add": return [x.scatterReduce(axis: axis, index, source, .sum)]
            case "multiply": return [x.scatterReduce(axis: axis, index, source, .product)]
            case let other?: throw CaseError("there is no reduction \(other)")
            }
        },
        "scatter_add": { a in
            [
                try a.tensor(0, "input").scatterAdd(
                    axis: try a.int(1, "dim"),
                    try a.tensor(2, "index"),
                    try a.tensor(3, "src")
                )
            ]
        },
        "scatter_reduce.sum": scatterReduce(.sum),
        "scatter_reduce.prod": scatterReduce(.product),
        "scatter_reduce.mean": scatterReduce(.mean),
        "scatter_reduce.amax": scatterReduce(.max),
        "scatter_reduce.amin": scatterReduce(.min),
        "nn.functional.embedding": { a in
            _ = try a.optionalDouble(3, "max_norm")
            return [
                try a.tensor(0, "weight").embedding(
                    try a.tensor(1, "input"),
                    paddingIndex: try a.optionalInt(2, "padding_idx"),
                    scaleGradByFreq: try a.bool(5, "scale_grad_by_freq", or: false)
                )
            ]
        },
        "nn.functional.one_hot": { a in
            let classes = try a.int(1, "num_classes", or: -1)
            return [try a.tensor(0, "input").oneHot(classes: classes == -1 ? nil : classes)]
        },
        "nn.functional.embedding_bag": { a in
            let modes: [String: EmbeddingBagMode] = ["sum": .sum, "mean": .mean, "max": .max]
            let name = try a.string(6, "mode", or: "mean")
            guard let mode = modes[name] else { throw CaseError("there is no mode \(name)") }
            return [
                try a.tensor(0, "weight").embeddingBag(
                    try a.tensor(1, "input"),
                    offsets: try a.optionalTensor(2, "offsets"),
                    mode: mode,
                    perSampleWeights: try a.optionalTensor(8, "per_sample_weights"),
                    includeLastOffset: try a.bool(9, "include_last_offset", or: false),
                    paddingIndex: try a.optionalInt(10, "padding_idx"),
                    scaleGradByFreq: try a.bool(5, "scale_grad_by_freq", or: false)
                )
            ]
        },
    ]

    private static func scatterReduce(_ reduction: ScatterReduction) -> CaseOperation {
        { a in
            _ = try a.string(4, "reduce")
            return [
                try a.tensor(0, "input").scatterReduce(
                    axis: try a.int(1, "dim"),
                    try a.tensor(2, "index"),
                    try a.tensor(3, "src"),
                    reduction,
                    includesSelf: try a.bool(5, "include_self", or: true)
                )
            ]
        }
    }

    /// What stands in Python's brackets, as eight steps of a subscript.
    private static func steps(_ index: CaseArgument?) throws -> [IndexStep] {
        let members: [CaseArgument]
        // Tuples hold steps, and a list of integers is one step of its own: no case has a tuple of integers alone.
        if case .list(let list)? = index, !list.allSatisfy(isInteger) {
            members = list
        } else {
            members = index.map { [$0] } ?? []
        }
        let steps = try members.map(step)
        guard steps.count <= 8 else { throw CaseError("there are more than eight steps") }
        return steps + Array(repeating: .nothing, count: 8 - steps.count)
    }

    private static func isInteger(_ member: CaseArgument) -> Bool {
        if case .value(.int) = member { true } else { false }
    }

    private static func step(_ member: CaseArgument) throws -> IndexStep {
        switch member {
        case .value(.int(let index)): return .element(index)
        case .value(.slice(let start, let stop, let step)): return .range(start: start, end: stop, step: step ?? 1)
        case .value(.ellipsis): return .remainder
        case .value(.none): return .insertion
        case .tensor(let tensor): return .tensor(tensor)
        case .list(let members):
            let numbers = try members.map { member in
                guard case .value(.int(let number)) = member else { throw CaseError("an index is \(member)") }
                return number
            }
            return .tensor(Tensor(numbers))
        default: throw CaseError("an index is \(member)")
        }
    }
}
