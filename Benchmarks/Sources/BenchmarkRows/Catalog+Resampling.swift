extension Catalog {
    static let resampling: [Row] = ["maxpool2d", "avgpool2d", "bilinear"].flatMap { kind in
        ["forward", "backward"].map { resampled(kind, $0) }
    }

    /// Images pooled over 3x3 windows that lie two apart, or interpolated to twice the size.
    private static func resampled(_ kind: String, _ pass: String) -> Row {
        let shape = [8, 64, 112, 112]
        let isPooling = kind != "bilinear"
        let output = shape.prefix(2) + shape.suffix(2).map { isPooling ? $0 / 2 : 2 * $0 }
        var list = InputList()
        list.uniform("x", shape)
        if pass == "backward" { list.uniform("gradient", Array(output)) }
        let elements = shape.reduce(1, *) + output.reduce(1, *)
        let extents = shape.map(String.init).joined(separator: "x")
        return Row(
            name: "\(kind)/\(extents)/" + (isPooling ? "3x3s2" : "2x") + "/\(pass)",
            group: "resample",
            kind: kind,
            operation: pass,
            sizes: isPooling ? ["kernel": 3, "stride": 2, "padding": 1] : ["scale": 2],
            inputs: list.inputs,
            tolerance: kind == "maxpool2d" && pass == "forward" ? 0 : 1e-6,
            work: Row.Work(bound: .memory, bytes: Double(elements) * floatSize),
            quick: kind == "maxpool2d"
        )
    }
}
