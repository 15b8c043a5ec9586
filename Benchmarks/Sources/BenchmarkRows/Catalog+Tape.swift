extension Catalog {
    static let tape: [Row] = ["no-grad", "forward", "forward-backward"].map { operation in
        let count = 100
        var list = InputList()
        list.uniform("x", [])
        list.uniform("one", [], in: 0.5..<1.5)
        return Row(
            name: "tape/\(count)-adds/\(operation)",
            group: "tape",
            kind: "tape",
            operation: operation,
            sizes: ["count": count],
            inputs: list.inputs,
            tolerance: tolerance(ofSumsOver: count),
            work: Row.Work(bound: .overhead, flops: Double(count)),
            quick: true
        )
    }
}
