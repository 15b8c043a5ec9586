extension Catalog {
    /// Training steps whose memory is measured instead of their time.
    static let memory: [Row] = ["resnet20", "gpt"].compactMap { model in
        training.first { $0.operation == model }.map { step in
            var row = step
            row.name = "memory/\(model)"
            row.group = "memory"
            row.work = Row.Work(bound: .overhead)
            row.quick = false
            return row
        }
    }
}

extension Row {
    /// Whether the row is about bytes of memory instead of seconds.
    public var measuresMemory: Bool { group == "memory" }
}
