extension Catalog {
    static let normalizations: [Row] = ["forward", "backward"].flatMap { pass in
        [
            softmax("softmax", pass), softmax("logsoftmax", pass), layerNorm(pass), crossEntropy(pass),
            images("batchnorm", pass), images("groupnorm", pass),
        ]
    }

    /// Batch norm in training, of each channel, or group norm, of two channels at a time.
    private static func images(_ kind: String, _ pass: String) -> Row {
        let shape = [32, 64, 56, 56]
        let (channels, groups) = (shape[1], 32)
        var list = InputList()
        list.uniform("x", shape, in: -4..<4)
        list.uniform("weight", [channels], in: 0.5..<1.5)
        list.uniform("bias", [channels])
        if pass == "backward" { list.uniform("gradient", shape) }
        let count = shape.reduce(1, *)
        return Row(
            name: "\(kind)/\(shape.map(String.init).joined(separator: "x"))"
                + (kind == "groupnorm" ? "/\(groups)groups" : "") + "/\(pass)",
            group: "normalize",
            kind: kind,
            operation: pass,
            sizes: kind == "groupnorm" ? ["groups": groups] : [:],
            inputs: list.inputs,
            // The gradients of weight and bias are sums over all images.
            tolerance: pass == "forward" ? 1e-5 : tolerance(ofSumsOver: count / channels),
            work: Row.Work(bound: .memory, bytes: Double((pass == "forward" ? 2 : 3) * count) * floatSize),
            quick: kind == "batchnorm"
        )
    }

    private static func softmax(_ kind: String, _ pass: String) -> Row {
        let shape = [4096, 1024]
        var list = InputList()
        list.uniform("x", shape, in: -4..<4)
        if pass == "backward" { list.uniform("gradient", shape) }
        // Forward from x to the result, backward from that and the gradient to x's.
        let tensors = pass == "forward" ? 2 : 3
        return row(
            kind,
            pass,
            shape,
            list,
            work: Row.Work(bound: .memory, bytes: Double(tensors * shape[0] * shape[1]) * floatSize),
            quick: kind == "softmax"
        )
    }

    private static func layerNorm(_ pass: String) -> Row {
        let shape = [4096, 1024]
        var list = InputList()
        list.uniform("x", shape, in: -4..<4)
        list.uniform("weight", [shape[1]], in: 0.5..<1.5)
        list.uniform("bias", [shape[1]])
        if pass == "backward" { list.uniform("gradient", shape) }
        // Forward from x, weight and bias to the result, backward from x, weight and gradient to three gradients.
        let tensors = pass == "forward" ? 2 : 3
        let rows = pass == "forward" ? 2 : 3
        return row(
            "layernorm",
            pass,
            shape,
            list,
            work: Row.Work(
                bound: .memory,
                bytes: Double(tensors * shape[0] * shape[1] + rows * shape[1]) * floatSize
            ),
            quick: true
        )
    }

    private static func crossEntropy(_ pass: String) -> Row {
        let shape = [4096, 1000]
        var list = InputList()
        list.uniform("logits", shape, in: -4..<4)
        list.integers("labels", [shape[0]], below: shape[1])
        let tensors = pass == "forward" ? 1 : 2
        return row(
            "crossentropy",
            pass,
            shape,
            list,
            work: Row.Work(
                bound: pass == "forward" ? .read : .memory,
                bytes: Double(tensors * shape[0] * shape[1]) * floatSize + Double(shape[0] * 8)
            ),
            quick: pass == "forward"
        )
    }

    private static func row(
        _ kind: String,
        _ pass: String,
        _ shape: [Int],
        _ list: InputList,
        work: Row.Work,
        quick: Bool
    ) -> Row {
        Row(
            name: "\(kind)/\(shape[0])x\(shape[1])/\(pass)",
            group: "normalize",
            kind: kind,
            operation: pass,
            sizes: ["rows": shape[0], "columns": shape[1]],
            inputs: list.inputs,
            tolerance: 1e-5,
            work: work,
            quick: quick
        )
    }
}
