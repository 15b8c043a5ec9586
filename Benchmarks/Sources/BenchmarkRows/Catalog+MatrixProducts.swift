extension Catalog {
    static let matrixProducts: [Row] = shapes.flatMap { shape in
        ["nn", "nt", "tn"].map { product(shape, operation: $0) }
    }

    /// A product of m x k and k x n matrices, or of `batch` such pairs.
    private struct Shape {
        var m: Int
        var k: Int
        var n: Int
        var batch: Int?

        var name: String {
            if let batch { return "\(batch)x\(m)x\(k)x\(n)" }
            return m == k && k == n ? "\(m)" : "\(m)x\(k)x\(n)"
        }
    }

    private static let shapes: [Shape] =
        [32, 64, 128, 256, 512, 1024, 2048].map { Shape(m: $0, k: $0, n: $0) } + [
            Shape(m: 1, k: 1024, n: 1024),
            Shape(m: 128, k: 784, n: 512),
            Shape(m: 64, k: 512, n: 10),
            Shape(m: 1024, k: 128, n: 384),
            Shape(m: 1024, k: 512, n: 128),
            Shape(m: 128, k: 32, n: 128, batch: 32),
        ]

    private static let quickProducts: Set = [
        "matmul/32", "matmul/128", "matmul/512", "matmul/512/nt", "matmul/1024", "matmul/1x1024x1024",
        "matmul/128x784x512", "matmul/64x512x10", "matmul/32x128x32x128",
    ]

    private static func product(_ shape: Shape, operation: String) -> Row {
        let (m, k, n) = (shape.m, shape.k, shape.n)
        let batch = shape.batch.map { [$0] } ?? []
        var list = InputList()
        list.uniform("a", batch + (operation == "tn" ? [k, m] : [m, k]))
        list.uniform("b", batch + (operation == "nt" ? [n, k] : [k, n]))
        let name = "matmul/\(shape.name)" + (operation == "nn" ? "" : "/\(operation)")
        let products = Double(shape.batch ?? 1)
        var sizes = ["m": m, "k": k, "n": n]
        sizes["batch"] = shape.batch
        return Row(
            name: name,
            group: "matmul",
            kind: "matmul",
            operation: operation,
            sizes: sizes,
            inputs: list.inputs,
            tolerance: tolerance(ofSumsOver: k),
            work: Row.Work(
                // A single row meets every element of b once, so the product is as fast as b can be read.
                bound: m == 1 ? .read : .compute,
                flops: products * 2 * Double(m) * Double(k) * Double(n),
                bytes: products * Double(m * k + k * n + m * n) * floatSize
            ),
            quick: quickProducts.contains(name)
        )
    }
}
