extension Catalog {
    static let reductions: [Row] =
        ["sum", "max"].flatMap { operation in [1000, 100_000, 10_000_000].map { reduction(operation, count: $0) } }
        + ["sum", "mean", "max", "argmax"].flatMap { operation in [0, 1].map { reduction(operation, axis: $0) } }

    private static let quickReductions: Set = [
        "reduce/sum/1e3", "reduce/sum/1e7", "reduce/max/1e5", "reduce/mean/4096x1024/axis0",
        "reduce/sum/4096x1024/axis1", "reduce/argmax/4096x1024/axis1",
    ]

    /// Over all of `count` elements.
    private static func reduction(_ operation: String, count: Int) -> Row {
        reduction(
            operation,
            name: powerOfTenName(count),
            shape: [count],
            sizes: ["n": count],
            resultCount: 1
        )
    }

    /// Along `axis` of a matrix.
    private static func reduction(_ operation: String, axis: Int) -> Row {
        let shape = [4096, 1024]
        return reduction(
            operation,
            name: "\(shape[0])x\(shape[1])/axis\(axis)",
            shape: shape,
            sizes: ["rows": shape[0], "columns": shape[1], "axis": axis],
            resultCount: shape[1 - axis]
        )
    }

    private static func reduction(
        _ operation: String,
        name: String,
        shape: [Int],
        sizes: [String: Int],
        resultCount: Int
    ) -> Row {
        let isSum = operation == "sum" || operation == "mean"
        let count = shape.reduce(1, *)
        var list = InputList()
        // Of one sign where they are added up, so that the sum is not small beside its terms' rounding errors.
        list.uniform("a", shape, in: isSum ? 0..<1 : -1..<1)
        let resultSize = operation == "argmax" ? 8.0 : floatSize
        let name = "reduce/\(operation)/\(name)"
        return Row(
            name: name,
            group: "reduce",
            kind: "reduce",
            operation: operation,
            sizes: sizes,
            inputs: list.inputs,
            tolerance: isSum ? 1e-5 : 0,
            work: Row.Work(
                bound: count < 1_000_000 ? .overhead : .read,
                bytes: Double(count) * floatSize + Double(resultCount) * resultSize
            ),
            quick: quickReductions.contains(name)
        )
    }
}
