import BenchmarkRows
import Testing

/// Rows small enough to be computed by hand.
extension Row {
    static let matmul = small("matmul", "nn", [Input("a", [3, 4], seed: 1), Input("b", [4, 2], seed: 2)])

    static let argmax = small(
        "reduce",
        "argmax",
        [Input("a", [3, 4], seed: 1)],
        sizes: ["rows": 3, "columns": 4, "axis": 1]
    )

    static func small(_ kind: String, _ operation: String, _ inputs: [Input], sizes: [String: Int] = [:]) -> Row {
        Row(
            name: "\(kind)/\(operation)",
            group: kind,
            kind: kind,
            operation: operation,
            sizes: sizes,
            inputs: inputs,
            tolerance: 0,
            work: Row.Work(bound: .overhead)
        )
    }
}

func catalogRow(_ name: String) throws -> Row { try #require(Catalog.rows.first { $0.name == name }) }
