import WeftRuntime

/// One factor of a matrix product: the matrix, or batch of matrices, in a tensor's last two dimensions, as it lies or
/// transposed. Transposing a factor makes no view. Not copyable, so that handing one on counts no references.
struct MatrixFactor: ~Copyable {
    let tensor: Tensor
    let rows: Int
    let columns: Int
    fileprivate let rowStride: Int
    fileprivate let columnStride: Int
    fileprivate let batchRank: Int
    private let isTransposed: Bool

    /// - Parameter tensor: has two dimensions or more.
    init(_ tensor: Tensor, transposed: Bool = false) {
        self.tensor = tensor
        let last = tensor.rank &- 1
        let (rowAxis, columnAxis) = transposed ? (last, last &- 1) : (last &- 1, last)
        (rows, rowStride) = (tensor.extent(rowAxis), tensor.stride(rowAxis))
        (columns, columnStride) = (tensor.extent(columnAxis), tensor.stride(columnAxis))
        batchRank = last &- 1
        isTransposed = transposed
    }

    /// The factor as a tensor, whose gradient flows on to the factor's.
    var recorded: Tensor { isTransposed ? tensor.T : tensor }

    /// The size of a batch dimension, counted as in a product with `rank` of them.
    fileprivate func batchSize(_ axis: Int, of rank: Int) -> Int {
        let own = axis &- rank &+ batchRank
        return own < 0 ? 1 : tensor.extent(own)
    }

    /// The stride of a batch dimension, counted as in a product with `rank` of them; 0 where the factor repeats.
    fileprivate func batchStride(_ axis: Int, of rank: Int) -> Int {
        let own = axis &- rank &+ batchRank
        return own < 0 || tensor.extent(own) == 1 ? 0 : tensor.stride(own)
    }

    /// A copy with a matrix for each of the batch of a product with the sizes of `product`.
    fileprivate func spread(over product: Layout, at site: CallSite?) -> MatrixFactor {
        var layout = product
        layout.setDimension(product.rank - 2, size: rows, stride: 0)
        layout.setDimension(product.rank - 1, size: columns, stride: 0)
        let matrices = MatrixFactor(tensor.detached(), transposed: isTransposed).recorded
        return MatrixFactor(matrices.expanded(to: layout).contiguous(at: site))
    }
}

/// A product of matrices in the terms of the kernels: one batch dimension, sizes and strides.
struct MatrixProduct {
    static let pack = KernelFamily("gemm_pack")
    private static let packed = KernelFamily("gemm")
    private static let unpacked = KernelFamily("gemm_small")
    private static let turned = KernelFamily("gemm_turned")

    /// A rough cost of a multiply-add, in nanoseconds on one thread.
    private static let nanosecondsPerMultiplyAdd = 0.025

    /// A factor's first element, and the strides that lead from element to element.
    private struct Operand {
        var start: UnsafeMutableRawPointer
        var batch = 0
        var row: Int
        let column: Int

        init(_ factor: borrowing MatrixFactor) {
            start = factor.tensor.start
            (row, column) = (factor.rowStride, factor.columnStride)
        }
    }

    /// What becomes of a product before it is stored.
    private struct Epilogue {
        /// Added to each row.
        var bias: Tensor?
        /// Whether the product is added to what is in the result.
        var accumulates = false
        /// Applied last.
        var activation: Activation?
    }

    private var a: Operand
    private var b: Operand
    private var batch = 1
    private var m: Int
    private let n: Int
    private var k: Int

    /// Nil if the batch dimensions, which match, do not merge into one. Whoever makes a product keeps the factors alive.
    private init?(_ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor) {
        (self.a, self.b) = (Operand(a), Operand(b))
        (m, n, k) = (a.rows, b.columns, a.columns)
        let rank = max(a.batchRank, b.batchRank)
        if rank == 0 { return }
        var space = IterationSpace<2>()
        for axis in 0..<rank {
            let strides = (a.batchStride(axis, of: rank), b.batchStride(axis, of: rank))
            let size = max(a.batchSize(axis, of: rank), b.batchSize(axis, of: rank))
            space.append(size: size) { $0 == 0 ? strides.0 : strides.1 }
        }
        guard space.rank <= 1 else { return nil }
        guard space.rank == 1 else { return }
        batch = space.sizes[0]
        (self.a.batch, self.b.batch) = (space.strides[0][0], space.strides[1][0])
        // Matrices that share B and whose rows are evenly spaced are one matrix with more rows.
        if m == 1 { self.a.row = self.a.batch }
        if self.b.batch == 0, self.a.batch == m &* self.a.row {
            m &*= batch
            batch = 1
        }
    }

    /// The kernels that the tape has for products, whichever of them a plan takes.
    static var family: KernelFamily { packed }

    /// The dtype of a product: integers alone are computed as float32.
    static func dtype(_ a: Tensor, _ b: Tensor) -> DType {
        let promoted = DType.promoted(a.dtype, b.dtype)
        return promoted.isFloatingPoint ? promoted : .float32
    }

    /// The sizes of the product of `a` and `b`; nil if their sizes do not match.
    static func layout(_ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor) -> Layout? {
        guard a.columns == b.rows else { return nil }
        if a.batchRank == 0 && b.batchRank == 0 { return Layout(rows: a.rows, columns: b.columns) }
        return layoutOfBatch(a, b)
    }

    /// The sizes of the product of `a` and `b`, vectors included, or the nearest to it where their sizes do not match: as
    /// many rows as `a` has and as many columns as `b`.
    static func nearestLayout(_ a: Tensor, _ b: Tensor) -> Layout {
        let batches = Layout.nearestBroadcast(
            Layout(nearest: a.shape.dropLast(2)),
            Layout(nearest: b.shape.dropLast(2))
        )
        let rows = a.rank > 1 ? [a.extent(a.rank - 2)] : []
        let columns = b.rank > 1 ? [b.extent(b.rank - 1)] : []
        return Layout(nearest: batches.shape + rows + columns)
    }

    /// As `layout`, of products with batch dimensions. Out of line, so that a product of two matrices has a small
    /// frame.
    @inline(never)
    private static func layoutOfBatch(_ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor) -> Layout? {
        var layout = Layout()
        let rank = max(a.batchRank, b.batchRank)
        for axis in 0..<rank {
            let (p, q) = (a.batchSize(axis, of: rank), b.batchSize(axis, of: rank))
            guard p == q || p == 1 || q == 1 else { return nil }
            layout.append(size: p == 1 ? q : p, stride: 0)
        }
        layout.append(size: a.rows, stride: 0)
        layout.append(size: b.columns, stride: 0)
        return layout
    }

    /// The product of `a` and `b`, whose sizes are those of `layout`, plus `bias`, which broadcasts to them, all of one
    /// dtype, and `activation` of that. Not recorded.
    static func run(
        _ a: borrowing MatrixFactor,
        _ b: borrowing MatrixFactor,
        layout: Layout,
        bias: Tensor? = nil,
        activation: Activation? = nil,
        at site: CallSite?
    ) -> Tensor {
        let dtype = a.tensor.dtype
        guard a.tensor.kernel(of: packed, at: site) != nil else {
            return Tensor(standIn: layout.rowMajor, dtype: dtype)
        }
        let result = Tensor.uninitialized(like: layout, dtype: dtype, operation: "matmul", at: site)
        if a.tensor.isFailed || b.tensor.isFailed || bias?.isFailed == true { return .failed(like: result) }
        guard !result.isFailed, result.count > 0 else { return result }
        let isRow = bias?.isRow ?? true
        if let bias { precondition(bias.dtype == dtype, "the bias of a product has another dtype") }
        if let bias, !isRow { result.overwrite(result.layout, with: bias) }
        let epilogue = Epilogue(bias: isRow ? bias : nil, accumulates: !isRow, activation: activation)
        return run(a, b, into: result, epilogue, at: site) ? result : .failed(like: result)
    }

    /// Adds the product of `a` and `b` to `sum` where that lies, or makes it the sum if there is none. Not recorded.
    static func add(_ a: borrowing MatrixFactor, _ b: borrowing MatrixFactor, to sum: inout Tensor?, at site: CallSite?)
    {
        guard let layout = layout(a, b) else { preconditionFailure("a gradient's shape does not fit the operation's") }
        if sum == nil {
            sum = run(a, b, layout: layout, at: site)
        } else if !sum!.layout.hasSameShape(as: layout) || sum!.dtype != a.tensor.dtype || sum!.recordsGradient {
            sum!.addGradient(run(a, b, layout: layout, at: site).summed(to: sum!.layout))
        } else if sum!.count > 0, !a.tensor.isFailed, !b.tensor.isFailed, sum!.makeUnique(at: site) {
            _ = run(a, b, into: sum!, Epilogue(accumulates: true), at: site)
        }
    }

    /// Computes the product into `result`, which is row-major, has its sizes and is not empty.
    ///
    /// - Returns: whether there was the memory to.
    private static func run(
        _ a: borrowing MatrixFactor,
        _ b: borrowing MatrixFactor,
        into result: Tensor,
        _ epilogue: Epilogue,
        at site: CallSite?
    ) -> Bool {
        let dtype = result.dtype
        precondition(a.tensor.dtype == dtype && b.tensor.dtype == dtype, "the factors of a product differ in dtype")
        if let product = MatrixProduct(a, b) {
            let hasRun = product.launch(into: result, epilogue, at: site)
            withExtendedLifetime(a) {}
            withExtendedLifetime(b) {}
            return hasRun
        }
        // The batches' spacing takes more than one stride to tell, so give them one.
        let left = a.spread(over: result.layout, at: site)
        let right = b.spread(over: result.layout, at: site)
        guard !left.tensor.isFailed, !right.tensor.isFailed, let product = MatrixProduct(left, right) else {
            return false
        }
        let hasRun = product.launch(into: result, epilogue, at: site)
        withExtendedLifetime(left) {}
        withExtendedLifetime(right) {}
        return hasRun
    }

    /// How many parts k is cut into, so that threads can share long sums for few elements. Depends on sizes alone.
    private var parts: Int {
        guard batch == 1, k >= 2 * Self.leastDepth, m &* n <= Self.fewElements else { return 1 }
        return max(1, min(Self.mostParts, k / Self.leastDepth, m &* n &* k / Self.leastVolume))
    }

    private static let fewElements = 1024
    private static let mostParts = 32
    /// What a part has at least: so much depth, and so many multiply-adds.
    private static let leastDepth = 2048
    private static let leastVolume = 1 << 17

    /// Computes the product as a batch of `parts` products, which are then added up in order, and what k has beyond them.
    private func launch(
        inParts parts: Int,
        into result: Tensor,
        _ epilogue: Epilogue,
        at site: CallSite?
    ) -> Bool {
        var layout = Layout()
        layout.append(size: parts, stride: 0)
        for axis in 0..<result.rank { layout.append(size: result.extent(axis), stride: 0) }
        let dtype = result.dtype
        let sums = Tensor.uninitialized(like: layout, dtype: dtype, operation: "matmul", at: site)
        var (part, rest) = (self, self)
        (part.k, part.batch) = (k / parts, parts)
        (part.a.batch, part.b.batch) = (part.k &* a.column, part.k &* b.row)
        rest.k = k - parts * part.k
        rest.a.start += parts * part.a.batch * dtype.size
        rest.b.start += parts * part.b.batch * dtype.size
        var first = epilogue
        first.activation = nil
        guard !sums.isFailed, part.launchWhole(into: sums, Epilogue(), at: site),
            rest.launchWhole(into: result, first, at: site)
        else { return false }
        var parting = AxisSet()
        parting.insert(0)
        let sum = sums.reduced(.sum, over: parting, keepDims: false, combining: .sum, at: site)
        guard !sum.isFailed, let add = KernelFamily.add[dtype] else { return false }
        Tensor.launchPointwise(add, into: result, result, sum, nil, cost: PointwiseCost.arithmetic)
        if let activation = epilogue.activation?.family[dtype] {
            Tensor.launchPointwise(activation, into: result, result, nil, nil, cost: PointwiseCost.transcendental)
        }
        return true
    }

    private func launch(into result: Tensor, _ epilogue: Epilogue, at site: CallSite?) -> Bool {
        // Sums of 16-bit elements are rounded once, and so not added up in parts.
        let parts = result.dtype.size > 2 ? parts : 1
        if parts > 1, result.rank < Layout.maximumRank {
            return launch(inParts: parts, into: result, epilogue, at: site)
        }
        return launchWhole(into: result, epilogue, at: site)
    }

    private func launchWhole(into result: Tensor, _ epilogue: Epilogue, at site: CallSite?) -> Bool {
        let plan = MatrixProductPlan(result.dtype, batch: batch, m: m, n: n, k: k, columnStrideOfB: b.column)
        var packedB: Storage?
        if plan.packsB {
            packedB = packB(plan, result.dtype, at: site)
            if packedB == nil { return false }
        }
        let rowBlocks = Self.blocks(of: plan.rowBlock, in: m)
        let columnBlocks = Self.blocks(of: plan.columnBlock, in: n)
        let items = batch &* rowBlocks &* columnBlocks
        let family = plan.packsB ? Self.packed : plan.turns ? Self.turned : Self.unpacked
        var launch = Launch(
            family[result.dtype]!,
            sizes: (batch, m, n, k),
            items: items,
            nanosecondsPerItem: Double(batch &* m &* n) * Double(max(k, 1)) * Self.nanosecondsPerMultiplyAdd
                / Double(items)
        )
        launch.scratchByteCount = plan.scratchByteCount
        launch.append(result.start, m &* n, n, 1)
        launch.append(a.start, a.batch, a.row, a.column)
        if let packedB {
            launch.append(packedB.start, b.batch == 0 ? 0 : packedCount(plan), plan.panelColumns, 1)
        } else {
            launch.append(b.start, b.batch, b.row, b.column)
        }
        let bias = epilogue.bias
        let repeatsBias = bias.map { $0.rank == 0 || $0.extent($0.rank &- 1) == 1 } ?? true
        launch.append(bias?.start, repeatsBias ? 0 : bias!.stride(bias!.rank &- 1), 0, 0)
        launch.setInteger(0, epilogue.accumulates ? 1 : 0)
        launch.setInteger(1, plan.rowBlock)
        launch.setInteger(2, plan.columnBlock)
        launch.setInteger(3, plan.depthBlock)
        if let activation = epilogue.activation { launch.setInteger(4, activation.identifier) }
        defer { withExtendedLifetime((packedB, result, bias)) {} }
        return Tensor.run(&launch, operation: "matmul", at: site)
    }

    /// How many blocks `extent` is cut into; dividing takes longer than to see that it is not cut.
    private static func blocks(of block: Int, in extent: Int) -> Int {
        extent <= block ? 1 : (extent &- 1) / block &+ 1
    }

    /// The elements of one matrix of B when packed.
    private func packedCount(_ plan: MatrixProductPlan) -> Int {
        (n + plan.panelColumns - 1) / plan.panelColumns * k * plan.panelColumns
    }

    /// B, packed as `plan` has it, 16-bit elements as float32; nil, after refusing, if there is no memory for it.
    private func packB(_ plan: MatrixProductPlan, _ dtype: DType, at site: CallSite?) -> Storage? {
        let packs = b.batch == 0 ? 1 : batch
        let storage: Storage
        do throws(OutOfMemory) {
            storage = try Storage(byteCount: packs * packedCount(plan) * max(dtype.size, 4))
        } catch {
            refuse("matmul", "\(error)", at: site)
            return nil
        }
        var shape = Extents(repeating: 0)
        (shape[0], shape[1], shape[2]) = (packs, k, n)
        var launch = Launch(
            Self.pack[dtype]!,
            shape: shape,
            rank: 3,
            items: packs * ((n + plan.panelColumns - 1) / plan.panelColumns),
            nanosecondsPerItem: Double(k * plan.panelColumns) * PointwiseCost.arithmetic
        )
        launch.append(storage.start, 0, 0, 0)
        launch.append(b.start, b.batch, b.row, b.column)
        launch.setInteger(0, plan.panelColumns)
        defer { withExtendedLifetime(storage) {} }
        return Tensor.run(&launch, operation: "matmul", at: site) ? storage : nil
    }
}

extension Tensor {
    /// Whether the values are the same for every row of what this broadcasts to.
    fileprivate var isRow: Bool {
        for axis in 0..<Swift.max(0, rank &- 1) where extent(axis) != 1 { return false }
        return true
    }
}
