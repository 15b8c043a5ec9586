import CKernels
import Testing

private let batch = 2

/// Matrix products of the floating-point types beside float32, on whole numbers small enough that every sum is exact.
@Suite("Matrix product kernels of other floats")
struct FloatGemmKernelTests {
    static let shapes: [[Int]] = [
        [1, 1, 1], [1, 130, 40], [2, 9, 3], [3, 70, 19], [5, 1, 40], [9, 25, 70], [17, 33, 5], [50, 1, 40],
        [29, 60, 0], [9, 257, 65],
        [40, 75, 90], [20, 30, 600], [45, 60, 40],
    ]

    /// How rows and columns lie: row by row, column by column, or apart.
    fileprivate enum Lie: CaseIterable {
        case rows, columns, apart

        func strides(_ shape: [Int]) -> [Int] {
            switch self {
            case .rows: [shape[1] * shape[2], shape[2], 1]
            case .columns: [shape[1] * shape[2], 1, shape[1]]
            case .apart: [2 * shape[1] * (shape[2] + 1) + 5, 2 * (shape[2] + 1), 2]
            }
        }
    }

    /// Which kernels compute a product, and with which blocks: as planned, or each with the smallest.
    private enum Path: CaseIterable {
        case planned, packed, inPlace, turned

        /// Those that a type has.
        static func all<E: FloatElement>(of: E.Type) -> [Path] {
            E.Real.self == E.self ? allCases : [.planned, .packed]
        }
    }

    /// Row-major matrices of whole numbers from -2 to 2, and their products.
    private struct Numbers {
        let shape: [Int]
        let a, b, product: [Int]

        init(_ shape: [Int]) {
            let (m, n, k) = (shape[0], shape[1], shape[2])
            var random = KernelRandom(UInt64(m * 1_000_003 + n * 1_009 + k))
            func whole(_ count: Int) -> [Int] { (0..<count).map { _ in random.integer(below: 5) - 2 } }
            self.shape = shape
            let (a, b) = (whole(batch * m * k), whole(batch * k * n))
            (self.a, self.b) = (a, b)
            product = a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    (0..<batch * m * n).map { place in
                        let (row, column) = (place / n, place % n)
                        var sum = 0
                        var (left, right) = (row * k, row / m * k * n + column)
                        for _ in 0..<k {
                            sum &+= a[left] &* b[right]
                            left &+= 1
                            right &+= n
                        }
                        return sum
                    }
                }
            }
        }

        /// A matrix of each batch, lying as `lie` says.
        func array<E: FloatElement>(_ values: [Int], _ rows: Int, _ columns: Int, _ lie: Lie) -> KernelArray<E> {
            let shape = [batch, rows, columns]
            let array = KernelArray<E>(shape, strides: lie.strides(shape)) { _ in E(nearest: .nan) }
            for (place, value) in zip(kernelIndices(shape), values) { array[place] = E(nearest: Double(value)) }
            return array
        }
    }

    private func check<E: FloatElement>(_: E.Type, _ isa: KernelISA, _ numbers: Numbers) throws {
        let (m, n, k) = (numbers.shape[0], numbers.shape[1], numbers.shape[2])
        let bias = (0..<n).map { $0 % 5 - 2 }
        for (left, right) in Lie.allCases.flatMap({ left in Lie.allCases.map { (left, $0) } }) {
            let a: KernelArray<E> = numbers.array(numbers.a, m, k, left)
            let b: KernelArray<E> = numbers.array(numbers.b, k, n, right)
            for accumulates in [false, true] {
                for path in Path.all(of: E.self) {
                    // Rows of C are not dense. What is in C is not read unless it is added to.
                    let c = KernelArray<E>([batch, m, n], strides: [m * (n + 3), n + 3, 1]) {
                        E(nearest: accumulates || $0 % (n + 3) >= n ? 3 : .nan)
                    }
                    let biases = KernelArray<E>(bias.map { E(nearest: Double($0)) })
                    try multiply(isa, c, a, b, accumulates ? nil : biases, numbers.shape, path)
                    var isRight = true
                    for row in 0..<batch * m {
                        for column in 0..<n + 3 {
                            let sum = column < n ? numbers.product[row * n + column] : 0
                            let more = accumulates || column >= n ? 3 : bias[column]
                            let expected = E(nearest: Double(sum + more))
                            // The last row ends with its last column.
                            let place = row * (n + 3) + column
                            if place < c.elements.count, c.elements[place] != expected { isRight = false }
                        }
                    }
                    #expect(isRight, "\(E.name) \(numbers.shape) \(left) \(right) \(accumulates) \(path)")
                }
            }
        }
    }

    /// C = A · B with the bias, or C += A · B without one.
    private func multiply<E: FloatElement>(
        _ isa: KernelISA,
        _ c: KernelArray<E>,
        _ a: KernelArray<E>,
        _ b: KernelArray<E>,
        _ bias: KernelArray<E>?,
        _ shape: [Int],
        _ path: Path,
        activation: ck_activation = CK_ACTIVATION_NONE,
        cut: KernelCut = .uneven
    ) throws {
        let (m, n, k) = (shape[0], shape[1], shape[2])
        let size = Int64(MemoryLayout<E>.size)
        var plan = ck_gemm_make_plan(
            isa.isa,
            size,
            Int64(batch),
            Int64(m),
            Int64(n),
            Int64(k),
            Int64(b.strides[2])
        )
        if path != .planned {
            plan.packs_b = path == .packed
            plan.turns = path == .turned
            plan.row_block = plan.turns ? max(Int64(m), 1) : 2 * plan.panel_rows
            plan.column_block = plan.panel_columns
            // Several passes over k, but for what is rounded after each.
            plan.depth_block = size == 2 ? Int64(max(k, 1)) : 16
            let panelsOfA = (plan.row_block + plan.panel_columns - 1) / plan.panel_columns
            let floats =
                switch path {
                case .packed: 2 * (plan.panel_rows * plan.depth_block + 16)
                case .turned: panelsOfA * plan.panel_columns * plan.depth_block
                default: plan.panel_columns * plan.depth_block
                }
            plan.scratch_bytes = floats * max(size, 4)
        }
        #expect(plan.packs_b || size != 2)
        let width = Int(plan.panel_columns)
        let panels = (n + width - 1) / width
        let packed = KernelArray<E.Real>([batch * panels * k * width]) { _ in .nan }
        if plan.packs_b {
            var packing = KernelLaunch([batch, k, n], integers: [width])
            packing.add(packed, strides: [])
            packing.add(b)
            try packing.run(kernel("gemm_pack", E.name), isa, items: batch * panels, cut: .uneven)
        }
        var launch = KernelLaunch(
            [batch, m, n, k],
            integers: [
                bias == nil ? 1 : 0, Int(plan.row_block), Int(plan.column_block), Int(plan.depth_block),
                Int(activation.rawValue),
            ]
        )
        launch.add(c, strides: c.strides)
        launch.add(a, strides: a.strides)
        if plan.packs_b {
            launch.add(packed, strides: [panels * k * width, 0, 0])
        } else {
            launch.add(b, strides: b.strides)
        }
        if let bias { launch.add(bias) } else { launch.addNothing() }
        let rowBlocks = (m + Int(plan.row_block) - 1) / Int(plan.row_block)
        let columnBlocks = (n + Int(plan.column_block) - 1) / Int(plan.column_block)
        try launch.run(
            kernel(plan.packs_b ? "gemm" : plan.turns ? "gemm_turned" : "gemm_small", E.name),
            isa,
            items: batch * rowBlocks * columnBlocks,
            cut: cut,
            scratchByteCount: Int(plan.scratch_bytes)
        )
    }

    @Test("A product is the sum of products, rounded once", arguments: KernelISA.available, shapes)
    func products(isa: KernelISA, shape: [Int]) throws {
        let numbers = Numbers(shape)
        try check(Double.self, isa, numbers)
        try check(HalfElement.self, isa, numbers)
        try check(BrainElement.self, isa, numbers)
    }

    /// Every way of the products: packed, in place, dot products of rows, of few columns, and of a single one, and turned.
    static let activatedShapes = [
        [1, 130, 40], [3, 70, 19], [5, 1, 40], [50, 1, 40], [70, 10, 20], [40, 75, 90], [20, 33, 0], [0, 3, 2],
        [33, 260, 70],
    ]

    private func checkActivations<E: FloatElement>(_: E.Type, _ isa: KernelISA, _ shape: [Int]) throws {
        let (m, n, k) = (shape[0], shape[1], shape[2])
        var random = KernelRandom(UInt64(m * 1_000_003 + n * 1_009 + k))
        func array(_ shape: [Int], _ lie: Lie) -> KernelArray<E> {
            KernelArray(shape, strides: lie.strides(shape)) { _ in E(nearest: Double(random.float())) }
        }
        let kinds = [
            (CK_ACTIVATION_RELU, "relu"), (CK_ACTIVATION_TANH, "tanh"), (CK_ACTIVATION_SIGMOID, "sigmoid"),
            (CK_ACTIVATION_GELU, "gelu"),
        ]
        for right in [Lie.rows, .columns] {
            let (a, b) = (array([batch, m, k], .rows), array([batch, k, n], right))
            let bias: KernelArray<E> = array([1, 1, n], .rows)
            let biases = KernelArray<E>(bias.values)
            for path in Path.all(of: E.self) {
                let plain = KernelArray<E>([batch, m, n]) { _ in E(nearest: .nan) }
                try multiply(isa, plain, a, b, biases, shape, path)
                for (activation, name) in kinds {
                    let activated = KernelArray<E>([batch, m, n]) { _ in E(nearest: .nan) }
                    try multiply(isa, activated, a, b, biases, shape, path, activation: activation)
                    let expected = KernelArray<E>([batch * m * n]) { _ in E(nearest: .nan) }
                    var launch = KernelLaunch([batch * m * n])
                    launch.add(expected)
                    launch.add(plain, strides: [1])
                    try launch.run(kernel(name, E.name), isa, items: batch * m * n)
                    #expect(activated.bytes == expected.bytes, "\(E.name) \(name) \(right) \(path)")
                }
            }
        }
    }

    @Test("An activation has the bits of its own kernel", arguments: KernelISA.available, activatedShapes)
    func activations(isa: KernelISA, shape: [Int]) throws {
        try checkActivations(Float.self, isa, shape)
        try checkActivations(Double.self, isa, shape)
        try checkActivations(HalfElement.self, isa, shape)
        try checkActivations(BrainElement.self, isa, shape)
    }

    /// Shapes some of which are cut into several column blocks, in the middle of a vector of columns or of a tile.
    static let cutShapes = [[1, 500, 1100], [7, 330, 240], [1, 67, 32], [70, 10, 20], [60, 1, 20], [40, 75, 90]]

    private func checkCuts<E: FloatElement>(_: E.Type, _ isa: KernelISA, _ shape: [Int]) throws {
        let (m, n, k) = (shape[0], shape[1], shape[2])
        var random = KernelRandom(UInt64(m * 1_000_003 + n * 1_009 + k))
        func array(_ shape: [Int], _ lie: Lie) -> KernelArray<E> {
            KernelArray(shape, strides: lie.strides(shape)) { _ in E(nearest: Double(random.float()) / 3) }
        }
        for right in Lie.allCases {
            let (a, b) = (array([batch, m, k], .rows), array([batch, k, n], right))
            for path in Path.all(of: E.self) {
                let results = try KernelCut.allCases.map { cut in
                    let c = KernelArray<E>([batch, m, n]) { _ in E(nearest: .nan) }
                    try multiply(isa, c, a, b, nil, shape, path, cut: cut)
                    return c.bytes
                }
                #expect(results.allSatisfy { $0 == results[0] }, "\(E.name) \(right) \(path)")
            }
        }
    }

    @Test("Where the range of items is cut does not change a bit", arguments: KernelISA.available, cutShapes)
    func cutsDoNotMatter(isa: KernelISA, shape: [Int]) throws {
        try checkCuts(Double.self, isa, shape)
        try checkCuts(HalfElement.self, isa, shape)
        try checkCuts(BrainElement.self, isa, shape)
    }

    /// The plan of one product, on any ISA, whether this machine has it or not.
    private func plan(_ isa: UInt32, bytes: Int64, _ m: Int64, _ n: Int64, _ k: Int64, step: Int64) -> ck_gemm_plan {
        ck_gemm_make_plan(ck_isa(rawValue: isa), bytes, 1, m, n, k, step)
    }

    @Test("Blocks whose dot products are taken begin with a tile of columns", arguments: 0..<CK_ISA_COUNT.rawValue)
    func tilesAreWhole(isa: UInt32) {
        for bytes in [4, 8] as [Int64] {
            for (m, n, k) in [(1, 1000, 2000), (1, 500, 1100), (8, 330, 240), (8, 1000, 240), (3, 13, 5), (1, 0, 0)]
                as [(Int64, Int64, Int64)]
            {
                let plan = plan(isa, bytes: bytes, m, n, k, step: k)
                #expect(!plan.packs_b && plan.column_block > 0)
                // A single block begins with the first column.
                if plan.column_block >= n { continue }
                #expect(plan.column_block % 4 == 0 && plan.column_block % plan.panel_columns == 0)
            }
        }
    }

    @Test("Scratch for all of k stays within half a megabyte or is a panel", arguments: 0..<CK_ISA_COUNT.rawValue)
    func scratchIsBounded(isa: UInt32) {
        for k in [1, 500, 1300, 3000, 20_000, 1_000_000] as [Int64] {
            let plan = plan(isa, bytes: 2, 1000, 1000, k, step: 1)
            let panels = plan.row_block / plan.panel_rows
            #expect(panels > 0 && plan.row_block % plan.panel_rows == 0)
            // Depth is rounded up, and behind each panel lies a gap.
            let room = max(1 << 19, plan.panel_rows * k * 4)
            #expect(plan.scratch_bytes <= room + panels * (plan.panel_rows * 15 + 16) * 4)
        }
    }
}
