import Weft

/// Cumulative operations, differences, and softmax.
extension ConformanceSuite {
    static let scans: [String: CaseOperation] = [
        "cumsum": scan { x, axis in [x.cumulativeSum(axis: axis)] },
        "cumprod": scan { x, axis in [x.cumulativeProduct(axis: axis)] },
        "cummax": scan { x, axis in pair(x.cumulativeMax(axis: axis)) },
        "cummin": scan { x, axis in pair(x.cumulativeMin(axis: axis)) },
        "logcumsumexp": scan { x, axis in [x.logCumulativeSumExp(axis: axis)] },
        "softmax": scan { x, axis in [x.softmax(axis: axis)] },
        "softmax.with_dtype": scan { x, axis in [x.softmax(axis: axis)] },
        "log_softmax": scan { x, axis in [x.logSoftmax(axis: axis)] },
        "log_softmax.with_dtype": scan { x, axis in [x.logSoftmax(axis: axis)] },
        "nn.functional.softmin": scan { x, axis in [x.softmin(axis: axis)] },
        "nn.functional.softmin.with_dtype": scan { x, axis in [x.softmin(axis: axis)] },
        "diff": { a in
            let input = try a.tensor(0, "input")
            return [
                input.differences(
                    order: try a.int(1, "n", or: 1),
                    axis: try a.int(2, "dim", or: -1),
                    prepending: try a.optionalTensor(3, "prepend"),
                    appending: try a.optionalTensor(4, "append")
                )
            ]
        },
        "cumulative_trapezoid": { a in
            let y = try a.tensor(0, "y")
            let axis = try a.int(99, "dim", or: -1)
            if let x = try a.optionalTensor(1, "x") { return [y.cumulativeTrapezoid(at: x, axis: axis)] }
            return [y.cumulativeTrapezoid(spacing: try a.double(99, "dx", or: 1), axis: axis)]
        },
        "gradient": { a in
            let input = try a.tensor(0, "input")
            let axes = try a.optionalInts(99, "dim")
            let order = try a.int(99, "edge_order", or: 1)
            guard a.has(99, "spacing") else { return input.numericalGradients(axes: axes, edgeOrder: order) }
            if !a.isList(99, "spacing") {
                let spacing = try a.double(99, "spacing")
                return input.numericalGradients(spacing: [spacing], axes: axes, edgeOrder: order)
            }
            if case .tensor? = try a.members(99, "spacing").first {
                let coordinates = try a.tensors(99, "spacing")
                return input.numericalGradients(at: coordinates, axes: axes, edgeOrder: order)
            }
            let spacing = try a.doubles(99, "spacing")
            // In PyTorch a list has a number for each axis; one number for all is no list.
            guard spacing.count == (axes?.count ?? input.rank) else { throw CaseError("\(spacing.count) spacings") }
            return input.numericalGradients(spacing: spacing, axes: axes, edgeOrder: order)
        },
    ]

    /// A function along an axis, perhaps of another dtype.
    private static func scan(_ function: @escaping @Sendable (Tensor, Int) -> [Tensor]) -> CaseOperation {
        { a in
            var input = try a.tensor(0, "input")
            if let dtype = try a.optionalDType(99, "dtype") { input = input.to(dtype) }
            return function(input, try a.int(1, "dim"))
        }
    }
}
