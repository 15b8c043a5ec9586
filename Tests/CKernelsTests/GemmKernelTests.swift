import CKernels
import Testing

@Suite("Matrix product kernels")
struct GemmKernelTests {
    @Test(
        "A product is the sum of products, for every layout of A and B",
        arguments: KernelISA.available,
        Shape.examples
    )
    private func productMatchesReference(isa: KernelISA, shape: Shape) {
        var random = KernelRandom(UInt64(shape.m * 1_000_003 + shape.n * 1_009 + shape.k))
        for aLayout in Layout.allCases {
            for bLayout in Layout.allCases {
                let product = Product(shape, aLayout, bLayout, batch: 2, using: &random)
                product.check(isa: isa.isa)
            }
        }
    }

    @Test(
        "Every number of rows and columns up to two micro-kernels is right at its edges",
        arguments: KernelISA.available
    )
    private func edgesAreRight(isa: KernelISA) {
        var random = KernelRandom(7)
        for m in [1, 2, 3, 5, 6, 7, 8, 13, 14, 15, 29] {
            for n in [1, 4, 5, 12, 15, 17, 32, 33] {
                let product = Product(Shape(m, n, 5), .rows, .rows, using: &random)
                product.check(isa: isa.isa)
            }
        }
    }

    @Test("The bias is added once and C is kept when accumulating", arguments: KernelISA.available, [Int64](0...2))
    private func epilogue(isa: KernelISA, biasStride: Int64) {
        var random = KernelRandom(11)
        for shape in [Shape(1, 130, 40), Shape(3, 70, 40), Shape(2, 9, 40), Shape(20, 33, 90), Shape(50, 1, 40)] {
            for bLayout in [Layout.rows, .columns] {
                var product = Product(shape, .rows, bLayout, using: &random)
                product.biasStride = biasStride
                for accumulates in [false, true] {
                    product.accumulates = accumulates
                    product.check(isa: isa.isa)
                }
            }
        }
    }

    @Test("Without depth the product is zero, the bias, or C as it was", arguments: KernelISA.available)
    private func noDepth(isa: KernelISA) {
        var random = KernelRandom(13)
        for shape in [Shape(1, 1, 0), Shape(3, 40, 0), Shape(40, 1, 0), Shape(20, 20, 0), Shape(20, 5, 0)] {
            for biasStride in [nil, Int64(1)] {
                for accumulates in [false, true] {
                    var product = Product(shape, .rows, .rows, using: &random)
                    product.biasStride = biasStride
                    product.accumulates = accumulates
                    product.check(isa: isa.isa)
                }
            }
        }
    }

    @Test("Where the range of items is cut does not change a bit", arguments: KernelISA.available)
    private func cutsDoNotMatter(isa: KernelISA) {
        var random = KernelRandom(17)
        for shape in [Shape(3, 67, 20), Shape(31, 33, 12), Shape(60, 1, 20), Shape(1, 67, 32), Shape(70, 10, 20)] {
            for bLayout in Layout.allCases {
                let product = Product(shape, .rows, bLayout, batch: 2, using: &random)
                for path in Path.allCases {
                    let whole = product.run(isa: isa.isa, path: path, itemsPerCall: .max)
                    for itemsPerCall in [1, 2, 5] as [Int64] {
                        let cut = product.run(isa: isa.isa, path: path, itemsPerCall: itemsPerCall)
                        #expect(whole.map(\.bitPattern) == cut.map(\.bitPattern))
                    }
                }
            }
        }
    }

    @Test("What lies between the rows of C is not written", arguments: KernelISA.available)
    private func gapsAreKept(isa: KernelISA) {
        var random = KernelRandom(19)
        for shape in [Shape(5, 7, 9), Shape(30, 33, 20), Shape(2, 70, 20)] {
            var product = Product(shape, .rows, .rows, using: &random)
            product.gap = 3
            for path in Path.allCases {
                let c = product.run(isa: isa.isa, path: path)
                let before = product.c
                let isKept = c.indices.allSatisfy {
                    $0 % (shape.n + 3) < shape.n || c[$0].bitPattern == before[$0].bitPattern
                }
                #expect(isKept)
            }
        }
    }

    @Test("A NaN or an infinity reaches its own row or column and no other", arguments: KernelISA.available)
    private func specialValuesStayInTheirRow(isa: KernelISA) {
        var random = KernelRandom(23)
        for shape in [Shape(3, 20, 10), Shape(1, 50, 20), Shape(30, 40, 20)] {
            for special in [Float.nan, .infinity] {
                for path in Path.allCases {
                    var product = Product(shape, .rows, .columns, using: &random)
                    product.a.values[shape.k + 2 - (shape.m == 1 ? shape.k : 0)] = special
                    let hit = shape.m == 1 ? 0 : 1
                    let c = product.run(isa: isa.isa, path: path)
                    let staysInItsRow = c.indices.allSatisfy { c[$0].isFinite == ($0 / shape.n != hit) }
                    #expect(staysInItsRow)
                }
            }
        }
    }

    @Test("A packed B lies panel after panel, filled up with zeros", arguments: KernelISA.available)
    private func packedLayout(isa: KernelISA) {
        let isa = isa.isa
        var random = KernelRandom(29)
        for shape in [Shape(1, 1, 1), Shape(1, 33, 5), Shape(1, 70, 40), Shape(1, 16, 17)] {
            for layout in Layout.allCases {
                let product = Product(shape, .rows, layout, batch: 2, using: &random)
                let width = Int(ck_gemm_make_plan(isa, 4, 1, 64, 64, 64, 1).panel_columns)
                let panels = (shape.n + width - 1) / width
                let packed = product.packed(isa: isa, width: width)
                var expected: [Float] = []
                for batch in 0..<2 {
                    for first in stride(from: 0, to: panels * width, by: width) {
                        for p in 0..<shape.k {
                            for column in first..<first + width {
                                expected.append(column < shape.n ? product.b[batch, p, column] : 0)
                            }
                        }
                    }
                }
                #expect(packed.map(\.bitPattern) == expected.map(\.bitPattern))
            }
        }
    }

    @Test("A few rows by a transposed B are turned, and packed once for many columns", arguments: KernelISA.available)
    private func turnedPlans(isa: KernelISA) {
        for (m, isTurned) in [(8, false), (9, true), (64, true), (96, true), (97, false)] as [(Int64, Bool)] {
            let plan = ck_gemm_make_plan(isa.isa, 4, 1, m, 300, 70, 70)
            #expect(plan.turns == isTurned && !plan.packs_b)
            if plan.turns { #expect(plan.row_block == m && plan.column_block >= 128) }
        }
        #expect(!ck_gemm_make_plan(isa.isa, 4, 1, 64, 300, 70, 1).turns)
        #expect(!ck_gemm_make_plan(isa.isa, 4, 1, 64, 255, 70, 70).turns)
        #expect(!ck_gemm_make_plan(isa.isa, 4, 1, 64, 300, 63, 63).turns)
    }

    @Test("Blocks of rows that each copy a transposed B are of one size", arguments: KernelISA.available)
    private func evenBlocks(isa: KernelISA) {
        for m in [97, 256, 300, 520, 1000] as [Int64] {
            let plan = ck_gemm_make_plan(isa.isa, 4, 1, m, 40, 40, 40)
            let blocks = (m + plan.row_block - 1) / plan.row_block
            #expect(!plan.packs_b && !plan.turns)
            #expect(blocks * plan.row_block - m < blocks, "\(blocks) blocks of \(plan.row_block) for \(m) rows")
        }
    }

    @Test("A large product is cut into work for many threads, a small one is not cut", arguments: KernelISA.available)
    private func plans(isa: KernelISA) {
        let isa = isa.isa
        func items(_ m: Int64, _ n: Int64, _ k: Int64) -> Int64 {
            let plan = ck_gemm_make_plan(isa, 4, 1, m, n, k, 1)
            return ((m + plan.row_block - 1) / plan.row_block) * ((n + plan.column_block - 1) / plan.column_block)
        }
        #expect(items(1024, 1024, 1024) >= 16)
        #expect(items(512, 512, 512) >= 16)
        #expect(items(784, 512, 128) >= 16)
        #expect(items(32, 16, 16) == 1)
        #expect(items(1, 1, 2) == 1)
        #expect(!ck_gemm_make_plan(isa, 4, 1, 1, 4096, 4096, 1).packs_b)
        #expect(ck_gemm_make_plan(isa, 4, 1, 1024, 1024, 1024, 1024).packs_b)
        for extent in [0, 1, 100, 5000] as [Int64] {
            let plan = ck_gemm_make_plan(isa, 4, 1, extent, extent, extent, 1)
            #expect(plan.row_block > 0 && plan.column_block > 0 && plan.depth_block > 0)
            #expect(plan.column_block >= extent || plan.column_block % plan.panel_columns == 0)
        }
    }
}

/// The extents of a product: m x k by k x n.
private struct Shape: Sendable, CustomTestStringConvertible {
    var m, n, k: Int
    init(_ m: Int, _ n: Int, _ k: Int) { (self.m, self.n, self.k) = (m, n, k) }
    var testDescription: String { "\(m)x\(k) · \(k)x\(n)" }

    static let examples = [
        Shape(1, 1, 2), Shape(1, 40, 33), Shape(40, 1, 33), Shape(1, 1, 100), Shape(4, 9, 40), Shape(17, 10, 20),
        Shape(9, 17, 35), Shape(30, 34, 9), Shape(2, 5, 300), Shape(21, 10, 40), Shape(14, 3, 35), Shape(9, 12, 51),
        Shape(13, 6, 16),
    ]
}

/// How the elements of a matrix lie in memory.
private enum Layout: CaseIterable {
    /// Rows are contiguous; columns are; neither is; and one matrix for the whole batch.
    case rows, columns, spread, shared
}

/// Which kernels compute a product, and with which blocks.
private enum Path: CaseIterable {
    /// As planned; packed with the smallest blocks; in place with the smallest blocks; and so, turned.
    case planned, packed, inPlace, turned
}

/// A batch of matrices that starts one element into its storage, so that it is not aligned.
private struct Matrices {
    var values: [Float]
    let strides: (batch: Int, row: Int, column: Int)

    init(_ rows: Int, _ columns: Int, _ layout: Layout, batch: Int, using random: inout KernelRandom) {
        switch layout {
        case .rows: strides = (rows * columns, columns, 1)
        case .columns: strides = (rows * columns, 1, rows)
        case .spread: strides = (rows * (3 * columns + 1), 3 * columns + 1, 3)
        case .shared: strides = (0, columns, 1)
        }
        let isEmpty = rows == 0 || columns == 0
        let last = (batch - 1) * strides.batch + (rows - 1) * strides.row + (columns - 1) * strides.column
        values = (0..<(isEmpty ? 1 : last + 1)).map { _ in random.float() }
    }

    subscript(batch: Int, row: Int, column: Int) -> Float {
        values[batch * strides.batch + row * strides.row + column * strides.column]
    }
}

/// A copy of an array in memory of its own, exactly as large, at an address that is not that of a vector.
private func withUnaligned<Result>(_ array: [Float], _ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    let byteCount = 4 * array.count + 4
    let memory = KernelMemory.allocate(byteCount: byteCount)
    defer { KernelMemory.deallocate(memory, byteCount: byteCount) }
    let floats = (memory + 4).bindMemory(to: Float.self, capacity: array.count)
    for (index, value) in array.enumerated() { floats[index] = value }
    return body(floats)
}

private struct Product {
    let shape: Shape
    let batch: Int
    var a, b: Matrices
    let bias: [Float]
    let initial: [Float]
    var biasStride: Int64?
    var accumulates = false
    var gap = 0

    init(
        _ shape: Shape,
        _ aLayout: Layout,
        _ bLayout: Layout,
        batch: Int = 1,
        using random: inout KernelRandom
    ) {
        self.shape = shape
        self.batch = batch
        a = Matrices(shape.m, shape.k, aLayout, batch: batch, using: &random)
        b = Matrices(shape.k, shape.n, bLayout, batch: batch, using: &random)
        bias = (0..<2 * shape.n + 1).map { _ in random.float() }
        initial = (0..<batch * shape.m * (shape.n + 8)).map { _ in random.float() }
    }

    /// C before the product.
    var c: [Float] { Array(initial.prefix(batch * shape.m * (shape.n + gap))) }

    /// Expects that every path computes the product within the kernels' error bound.
    func check(isa: ck_isa, sourceLocation: SourceLocation = #_sourceLocation) {
        let results = Path.allCases.map { run(isa: isa, path: $0) }
        let before = c
        var isRight = [Bool](repeating: true, count: results.count)
        for x in 0..<batch {
            for i in 0..<shape.m {
                for j in 0..<shape.n {
                    let index = (x * shape.m + i) * (shape.n + gap) + j
                    var sum = accumulates ? Double(before[index]) : 0
                    if let biasStride { sum += Double(bias[j * Int(biasStride)]) }
                    var magnitude = abs(sum)
                    for p in 0..<shape.k {
                        let term = Double(a[x, i, p]) * Double(b[x, p, j])
                        sum += term
                        magnitude += abs(term)
                    }
                    let bound = magnitude * Double(shape.k + 3) * 0x1p-24
                    for path in results.indices where !(abs(Double(results[path][index]) - sum) <= bound) {
                        isRight[path] = false
                    }
                }
            }
        }
        for (path, isRight) in zip(Path.allCases, isRight) {
            #expect(isRight, "\(shape.testDescription) \(path)", sourceLocation: sourceLocation)
        }
    }

    /// B as `gemm_pack_f32` packs it, one panel a call.
    func packed(isa: ck_isa, width: Int) -> [Float] {
        let panels = (shape.n + width - 1) / width
        return withUnaligned([Float](repeating: .nan, count: batch * panels * shape.k * width)) { packed in
            withUnaligned(b.values) { source in
                var launch = ck_launch()
                launch.rank = 3
                launch.operand_count = 2
                launch.setShape(batch, shape.k, shape.n)
                launch.operands.0.data = UnsafeMutableRawPointer(packed)
                launch.operands.1 = ck_operand(source, b.strides)
                launch.attributes.integers.0 = Int64(width)
                for panel in 0..<Int64(batch * panels) {
                    KernelISA(rawValue: isa.rawValue).run(CK_gemm_pack_f32, launch, panel, panel + 1)
                }
            }
            return Array(UnsafeBufferPointer(start: packed, count: batch * panels * shape.k * width))
        }
    }

    /// C after the product; what was in it before is NaN where the product has no use for it.
    func run(isa: ck_isa, path: Path, itemsPerCall: Int64 = .max) -> [Float] {
        let (m, n, k) = (Int64(shape.m), Int64(shape.n), Int64(shape.k))
        var plan = ck_gemm_make_plan(isa, 4, Int64(batch), m, n, k, Int64(b.strides.column))
        if path != .planned {
            let rows = plan.panel_rows
            plan.packs_b = path == .packed
            plan.turns = path == .turned
            plan.row_block = plan.turns ? max(m, 1) : 2 * rows
            plan.column_block = plan.panel_columns
            plan.depth_block = 16
            let panels = (m + plan.panel_columns - 1) / plan.panel_columns
            plan.scratch_bytes =
                4 * (path == .packed ? 2 * (16 * rows + 16) : 16 * plan.panel_columns * (plan.turns ? panels : 1))
        }
        let width = Int(plan.panel_columns)
        let packed = plan.packs_b ? self.packed(isa: isa, width: width) : []
        let packedStep = (shape.n + width - 1) / width * width * shape.k
        var before = c
        if !accumulates {
            for row in 0..<batch * shape.m {
                for column in 0..<shape.n { before[row * (shape.n + gap) + column] = .nan }
            }
        }
        let scratch = KernelMemory.allocate(byteCount: Int(plan.scratch_bytes))
        defer { KernelMemory.deallocate(scratch, byteCount: Int(plan.scratch_bytes)) }

        return withUnaligned(before) { c in
            withUnaligned(a.values) { a in
                withUnaligned(plan.packs_b ? packed : b.values) { b in
                    withUnaligned(bias) { bias in
                        var launch = ck_launch()
                        launch.rank = 4
                        launch.operand_count = 4
                        launch.setShape(batch, shape.m, shape.n, shape.k)
                        let rowStride = shape.n + gap
                        launch.operands.0 = ck_operand(c, (shape.m * rowStride, rowStride, 1))
                        launch.operands.1 = ck_operand(a, self.a.strides)
                        launch.operands.2 = ck_operand(b, plan.packs_b ? (packedStep, 0, 0) : self.b.strides)
                        if let biasStride { launch.operands.3 = ck_operand(bias, (Int(biasStride), 0, 0)) }
                        launch.attributes.integers = (
                            accumulates ? 1 : 0, plan.row_block, plan.column_block, plan.depth_block, 0, 0
                        )
                        let kernel =
                            plan.packs_b ? CK_gemm_f32 : plan.turns ? CK_gemm_turned_f32 : CK_gemm_small_f32
                        let rowBlocks = (m + plan.row_block - 1) / plan.row_block
                        let columnBlocks = (n + plan.column_block - 1) / plan.column_block
                        let items = Int64(batch) * rowBlocks * columnBlocks
                        for first in stride(from: 0, to: items, by: Int(min(itemsPerCall, max(items, 1)))) {
                            let end = min(items, first.advanced(by: Int(min(itemsPerCall, items))))
                            KernelISA(rawValue: isa.rawValue).run(kernel, launch, first, end, scratch: scratch)
                        }
                    }
                }
            }
            return Array(UnsafeBufferPointer(start: c, count: before.count))
        }
    }
}

extension ck_operand {
    fileprivate init(_ data: UnsafeMutablePointer<Float>, _ strides: (batch: Int, row: Int, column: Int)) {
        self.init()
        self.data = UnsafeMutableRawPointer(data)
        self.strides.0 = Int64(strides.batch)
        self.strides.1 = Int64(strides.row)
        self.strides.2 = Int64(strides.column)
    }
}

extension ck_launch {
    fileprivate mutating func setShape(_ extents: Int...) {
        withUnsafeMutableBytes(of: &shape) { bytes in
            let shape = bytes.bindMemory(to: Int64.self)
            for (index, extent) in extents.enumerated() { shape[index] = Int64(extent) }
        }
    }
}
