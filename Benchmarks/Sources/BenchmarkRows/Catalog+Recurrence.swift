extension Catalog {
    static let recurrence: [Row] = ["lstm", "gru"].flatMap { kind in
        ["forward", "backward"].map { recurrent(kind, $0) }
    }

    /// Two layers that read 64 steps of 32 sequences, 128 numbers wide as are their states, which start at zero.
    private static func recurrent(_ kind: String, _ pass: String) -> Row {
        let (steps, batch, width, layers) = (64, 32, 128, 2)
        let gates = kind == "lstm" ? 4 : 3
        var list = InputList()
        list.uniform("x", [steps, batch, width])
        for layer in 0..<layers {
            for source in ["ih", "hh"] { list.learned("weight_\(source)_l\(layer)", [gates * width, width], fanIn: width) }
            for source in ["ih", "hh"] { list.learned("bias_\(source)_l\(layer)", [gates * width], fanIn: width) }
        }
        if pass == "backward" { list.uniform("gradient", [steps, batch, width]) }
        // The first step's state is zero.
        let multiplyAdds = layers * (2 * steps - 1) * batch * width * gates * width
        let states = layers * steps * batch * width
        return Row(
            name: "\(kind)/\(steps)x\(batch)x\(width)/\(pass)",
            group: "recur",
            kind: kind,
            operation: pass,
            sizes: ["layers": layers, "width": width],
            inputs: list.inputs,
            tolerance: pass == "forward" ? 1e-5 : tolerance(ofSumsOver: steps * batch),
            work: Row.Work(
                bound: .compute,
                flops: (pass == "forward" ? 2 : 4) * Double(multiplyAdds),
                bytes: Double((1 + gates) * states) * floatSize
            ),
            quick: kind == "lstm"
        )
    }
}
