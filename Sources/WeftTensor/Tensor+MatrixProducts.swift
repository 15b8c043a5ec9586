import WeftRuntime

/// The matrix product of `a` and `b`.
///
/// - Two matrices [m, k] and [k, n] give [m, n].
/// - More dimensions are batches of matrices, which broadcast: [b, m, k] and [k, n] give [b, m, n].
/// - A vector on the left stands for a row, on the right for a column, and its dimension disappears again;
///   two vectors give their inner product, a scalar.
///
/// Refused unless the inner sizes are equal, and for scalars. Integers are computed as float32.
public func matmul(_ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let site = CallSite(file, line)
    if a.isFailed || b.isFailed { return .failed(like: a) }
    guard a.rank > 0, b.rank > 0 else {
        refuse("matmul", "shapes \(a.shape) and \(b.shape) cannot be multiplied: a scalar is not a matrix", at: site)
        return .failed(like: a)
    }
    let dtype = MatrixProduct.dtype(a, b)
    let (left, right) = (a.recastFloatingPoint(dtype, at: site), b.recastFloatingPoint(dtype, at: site))
    let rows = left.rank == 1 ? left.insertingAxis(0) : left
    let columns = right.rank == 1 ? right.insertingAxis(1) : right
    guard rows.layout.sizes[rows.rank - 1] == columns.layout.sizes[columns.rank - 2],
        let layout = MatrixProduct.layout(rows.layout, columns.layout)
    else {
        refuse(
            "matmul",
            "shapes \(a.shape) and \(b.shape) cannot be multiplied: the last size of the first must be the "
                + "last but one of the second, and sizes before those equal or 1",
            at: site
        )
        return .failed(like: a)
    }
    var product = MatrixProduct.recorded(rows, columns, layout: layout, at: site)
    if product.isFailed { return product }
    if left.rank == 1 { product = product.removingAxis(product.rank - 2) }
    if right.rank == 1 { product = product.removingAxis(product.rank - 1) }
    return product
}

/// `bias` plus the matrix product of `a`, shape [m, k], and `b`, shape [k, n]: one kernel, which adds the bias
/// while it writes the product. `bias` broadcasts to [m, n].
///
/// Refused for other shapes.
public func addmm(
    _ bias: Tensor,
    _ a: Tensor,
    _ b: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let site = CallSite(file, line)
    if a.isFailed || b.isFailed || bias.isFailed { return .failed(like: a) }
    let layout = MatrixProduct.layout(a.layout, b.layout)
    guard a.rank == 2, b.rank == 2, a.layout.sizes[1] == b.layout.sizes[0], let layout,
        bias.layout.expanded(to: layout) != nil
    else {
        refuse(
            "addmm",
            "shapes \(bias.shape), \(a.shape) and \(b.shape) do not fit: [m, k] and [k, n] matrices are wanted, "
                + "and a bias that broadcasts to [m, n]",
            at: site
        )
        return .failed(like: a)
    }
    let dtype = DType.promoted(MatrixProduct.dtype(a, b), bias.dtype)
    let (left, right) = (a.recastFloatingPoint(dtype, at: site), b.recastFloatingPoint(dtype, at: site))
    let addend = bias.recastFloatingPoint(dtype, at: site)
    let result = MatrixProduct.run(left, right, layout: layout, bias: addend, at: site)
    return .recorded("addmm", result, from: addend.withoutValues, left, right) {
        gradient,
        step in
        step.give(0, gradient)
        step.give(1, matmul(gradient, step[2].T))
        step.give(2, matmul(step[1].T, gradient))
    }
}

/// Launching matrix products.
enum MatrixProduct {
    private static let pack = KernelFamily("gemm_pack")
    private static let packed = KernelFamily("gemm")
    private static let unpacked = KernelFamily("gemm_small")

    /// A rough cost of a multiply-add, in nanoseconds on one thread.
    private static let nanosecondsPerMultiplyAdd = 0.02

    /// The sizes of the product of `a` and `b`, both with two dimensions or more, whose batch dimensions
    /// broadcast; nil if they do not.
    static func layout(_ a: Layout, _ b: Layout) -> Layout? {
        guard a.rank >= 2, b.rank >= 2 else { return nil }
        var (rows, columns) = (a, b)
        rows.setDimension(a.rank - 1, size: 1, stride: 0)
        columns.setDimension(b.rank - 2, size: 1, stride: 0)
        return Layout.broadcast(rows, columns)
    }

    /// The dtype of a product: integers alone are computed as float32.
    static func dtype(_ a: Tensor, _ b: Tensor) -> DType {
        let promoted = DType.promoted(a.dtype, b.dtype)
        return promoted.isFloatingPoint ? promoted : .float32
    }

    /// The product of `a` and `b`, recorded.
    static func recorded(_ a: Tensor, _ b: Tensor, layout: Layout, at site: CallSite) -> Tensor {
        .recorded("matmul", run(a, b, layout: layout, bias: nil, at: site), from: a, b, savingInputs: true) {
            gradient,
            step in
            step.give(0, matmul(gradient, step[1].T))
            step.give(1, matmul(step[0].T, gradient))
        }
    }

    /// The product of `a` and `b`, whose sizes are those of `layout`, plus `bias`, all of one dtype.
    static func run(_ a: Tensor, _ b: Tensor, layout: Layout, bias: Tensor?, at site: CallSite) -> Tensor {
        guard a.kernel(of: unpacked, at: site) != nil else {
            return Tensor(standIn: layout.rowMajor, dtype: a.dtype)
        }
        let result = Tensor.uninitialized(like: layout, dtype: a.dtype, operation: "matmul", at: site)
        if a.isFailed || b.isFailed || bias?.isFailed == true { return .failed(like: result) }
        guard !result.isFailed, result.count > 0 else { return result }
        var rowBias: Tensor?
        var accumulates = false
        if let bias {
            if let row = rowVector(bias, columns: layout.sizes[layout.rank - 1]) {
                rowBias = row
            } else {
                result.overwrite(result.layout, with: bias)
                accumulates = true
            }
        }
        guard let operands = Operands(a, b, result) else {
            // The batches' spacing takes more than one stride to tell, so give them one.
            let left = a.detached().expanded(to: batchLayout(of: a, in: layout)).contiguous(at: site)
            let right = b.detached().expanded(to: batchLayout(of: b, in: layout)).contiguous(at: site)
            guard !left.isFailed, !right.isFailed, let operands = Operands(left, right, result) else {
                return .failed(like: result)
            }
            return operands.launch(bias: rowBias, accumulates: accumulates, at: site) ? result : .failed(like: result)
        }
        return operands.launch(bias: rowBias, accumulates: accumulates, at: site) ? result : .failed(like: result)
    }

    /// `bias` as one value per column, if it is the same for all rows.
    private static func rowVector(_ bias: Tensor, columns: Int) -> Tensor? {
        for axis in 0..<max(0, bias.rank - 1) where bias.layout.sizes[axis] != 1 { return nil }
        return bias.layout.expanded(to: Layout(rowMajor: Array(bias.shape.dropLast()) + [columns])).map(bias.view)
    }

    /// `tensor`'s own matrices, with the batch dimensions of the product.
    private static func batchLayout(of tensor: Tensor, in product: Layout) -> Layout {
        let batch = product.shape.dropLast(2)
        return Layout(rowMajor: Array(batch) + Array(tensor.shape.suffix(2)))
    }

    /// A product in the terms of the kernels: one batch dimension, and strides of rows and columns.
    private struct Operands {
        private let a: Tensor
        private let b: Tensor
        private let result: Tensor
        private var batch = 1
        private var batchStrides: (a: Int, b: Int, result: Int) = (0, 0, 0)
        private let m: Int
        private let n: Int
        private let k: Int

        /// Nil if the batch dimensions do not merge into one.
        init?(_ a: Tensor, _ b: Tensor, _ result: Tensor) {
            self.a = a
            self.b = b
            self.result = result
            m = result.layout.sizes[result.rank - 2]
            n = result.layout.sizes[result.rank - 1]
            k = a.layout.sizes[a.rank - 1]
            guard let left = a.layout.expanded(to: MatrixProduct.batchLayout(of: a, in: result.layout)),
                let right = b.layout.expanded(to: MatrixProduct.batchLayout(of: b, in: result.layout))
            else { return nil }
            var space = IterationSpace(operandCount: 3)
            for axis in 0..<(result.rank - 2) {
                space.append(size: result.layout.sizes[axis]) { operand in
                    switch operand {
                    case 0: left.strides[axis]
                    case 1: right.strides[axis]
                    default: result.layout.strides[axis]
                    }
                }
            }
            guard space.rank <= 1 else { return nil }
            if space.rank == 1 {
                batch = space.sizes[0]
                batchStrides = (space.strides[0][0], space.strides[1][0], space.strides[2][0])
            }
        }

        func launch(bias: Tensor?, accumulates: Bool, at site: CallSite) -> Bool {
            let (rowsOfB, columnsOfB) = (b.layout.strides[b.rank - 2], b.layout.strides[b.rank - 1])
            let plan = MatrixProductPlan(batch: batch, m: m, n: n, k: k, columnStrideOfB: columnsOfB)
            var right = b.start
            var rightStrides = Self.extents(batchStrides.b, rowsOfB, columnsOfB)
            var packedB: Storage?
            if plan.packsB {
                let packs = batchStrides.b == 0 ? 1 : batch
                let panels = (n + plan.panelColumns - 1) / plan.panelColumns
                let packStride = panels * k * plan.panelColumns
                do throws(OutOfMemory) {
                    packedB = try Storage(byteCount: packs * packStride * 4)
                } catch {
                    refuse("matmul", "\(error)", at: site)
                    return false
                }
                right = packedB!.start
                var launch = Launch(
                    pack[b.dtype]!,
                    shape: Self.extents(packs, k, n),
                    rank: 3,
                    items: packs * panels,
                    nanosecondsPerItem: Double(k * plan.panelColumns) * PointwiseCost.arithmetic
                )
                launch.append(right, strides: Extents(repeating: 0))
                launch.append(b, strides: rightStrides)
                launch.setInteger(0, plan.panelColumns)
                guard Tensor.run(&launch, operation: "matmul", at: site) else { return false }
                rightStrides = Self.extents(batchStrides.b == 0 ? 0 : packStride, plan.panelColumns, 1)
            }
            let rowBlocks = (m + plan.rowBlock - 1) / plan.rowBlock
            let columnBlocks = (n + plan.columnBlock - 1) / plan.columnBlock
            let items = batch * rowBlocks * columnBlocks
            var shape = Self.extents(batch, m, n)
            shape[3] = k
            var launch = Launch(
                (plan.packsB ? packed : unpacked)[a.dtype]!,
                shape: shape,
                rank: 4,
                items: items,
                nanosecondsPerItem: Double(batch * m * n) * Double(max(k, 1)) * nanosecondsPerMultiplyAdd
                    / Double(items)
            )
            launch.scratchByteCount = plan.scratchByteCount
            launch.append(
                result,
                strides: Self.extents(batchStrides.result, result.layout.strides[result.rank - 2], 1)
            )
            launch.append(
                a,
                strides: Self.extents(batchStrides.a, a.layout.strides[a.rank - 2], a.layout.strides[a.rank - 1])
            )
            launch.append(right, strides: rightStrides)
            launch.append(bias?.start, strides: Self.extents(bias.map { $0.layout.strides[$0.rank - 1] } ?? 0, 0, 0))
            launch.setInteger(0, accumulates ? 1 : 0)
            launch.setInteger(1, plan.rowBlock)
            launch.setInteger(2, plan.columnBlock)
            launch.setInteger(3, plan.depthBlock)
            defer { withExtendedLifetime((packedB, bias, a, b)) {} }
            return Tensor.run(&launch, operation: "matmul", at: site)
        }

        private static func extents(_ first: Int, _ second: Int, _ third: Int) -> Extents {
            var extents = Extents(repeating: 0)
            extents[0] = first
            extents[1] = second
            extents[2] = third
            return extents
        }
    }
}
