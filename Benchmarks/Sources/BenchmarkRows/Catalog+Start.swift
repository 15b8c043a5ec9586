extension Catalog {
    static let start: [Row] = [
        Row(
            name: "start/first-result",
            group: "start",
            kind: "start",
            operation: "first-result",
            tolerance: 0,
            work: Row.Work(bound: .overhead),
            quick: true
        )
    ]
}
