extension Catalog {
    static let pointwise: [Row] =
        operations.flatMap { operation in
            [1, 1000, 100_000, 10_000_000].map { elementwise(operation, count: $0) }
        } + [rowBroadcast]

    static let copies: [Row] = [transposedCopy]

    /// An operation on tensors of one shape.
    private struct Operation {
        var name: String
        /// Those of `a`, `b`, `c` that it takes; `mask` besides.
        var operands: [String]
        var hasMask = false
        var range: Range<Double> = -1..<1
        /// 0 where the operation has but one correctly rounded result.
        var tolerance = 1e-6
    }

    /// Where activations live.
    private static let activations = -4.0..<4.0

    private static let operations = [
        Operation(name: "add", operands: ["a", "b"], tolerance: 0),
        // Fused or not, the product is rounded once or twice.
        Operation(name: "multiply-add", operands: ["a", "b", "c"]),
        Operation(name: "exp", operands: ["a"], range: activations),
        Operation(name: "log", operands: ["a"], range: 0.001..<10),
        Operation(name: "tanh", operands: ["a"], range: activations),
        Operation(name: "sigmoid", operands: ["a"], range: activations),
        Operation(name: "gelu", operands: ["a"], range: activations),
        Operation(name: "erf", operands: ["a"], range: activations),
        Operation(name: "where", operands: ["a", "b"], hasMask: true, tolerance: 0),
        Operation(name: "chain", operands: ["a", "b", "c"], tolerance: 3e-6),
    ]

    private static let quickOperations: Set = [
        "pointwise/add/1", "pointwise/add/1e3", "pointwise/add/1e5", "pointwise/add/1e7",
        "pointwise/exp/1e5", "pointwise/tanh/1e5", "pointwise/gelu/1e5", "pointwise/chain/1e5",
    ]

    private static func elementwise(_ operation: Operation, count: Int) -> Row {
        var list = InputList()
        for operand in operation.operands { list.uniform(operand, [count], in: operation.range) }
        if operation.hasMask { list.mask("mask", [count]) }
        let name = "pointwise/\(operation.name)/\(powerOfTenName(count))"
        let floats = Double((operation.operands.count + 1) * count)
        return Row(
            name: name,
            group: "pointwise",
            kind: "pointwise",
            operation: operation.name,
            sizes: ["n": count],
            inputs: list.inputs,
            tolerance: operation.tolerance,
            work: Row.Work(
                bound: count < 1_000_000 ? .overhead : .memory,
                bytes: floats * floatSize + (operation.hasMask ? Double(count) : 0)
            ),
            quick: quickOperations.contains(name)
        )
    }

    private static let rowBroadcast: Row = {
        let (rows, columns) = (4096, 1024)
        var list = InputList()
        list.uniform("a", [rows, columns])
        list.uniform("b", [columns])
        return Row(
            name: "pointwise/row-broadcast/\(rows)x\(columns)",
            group: "pointwise",
            kind: "pointwise",
            operation: "row-broadcast",
            sizes: ["rows": rows, "columns": columns],
            inputs: list.inputs,
            tolerance: 0,
            work: Row.Work(bound: .memory, bytes: Double(2 * rows * columns + columns) * floatSize),
            quick: true
        )
    }()

    private static let transposedCopy: Row = {
        let (rows, columns) = (4096, 1024)
        var list = InputList()
        list.uniform("a", [rows, columns])
        return Row(
            name: "copy/transpose/\(rows)x\(columns)",
            group: "pointwise",
            kind: "copy",
            operation: "transpose",
            sizes: ["rows": rows, "columns": columns],
            inputs: list.inputs,
            tolerance: 0,
            work: Row.Work(bound: .memory, bytes: Double(2 * rows * columns) * floatSize),
            quick: true
        )
    }()
}
