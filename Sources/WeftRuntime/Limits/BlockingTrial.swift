import Dispatch

/// How a matrix product is cut into blocks: what the plan chooses by its numbers for the CPU.
@_spi(Benchmarking)
public struct MatrixProductBlocking: Hashable, Sendable {
    /// Whether B is packed before the product, rather than read where it lies.
    public var packsB: Bool
    /// Rows and columns of the result in one block, and the depth of one pass over k.
    public var rowBlock: Int
    public var columnBlock: Int
    public var depthBlock: Int

    public init(packsB: Bool, rowBlock: Int, columnBlock: Int, depthBlock: Int) {
        self.packsB = packsB
        self.rowBlock = rowBlock
        self.columnBlock = columnBlock
        self.depthBlock = depthBlock
    }
}

/// A float32 product of row-major matrices, [m, k] by [k, n], that can be run under any blocking: what a sweep for the
/// plan's numbers measures.
@_spi(Benchmarking)
public struct BlockingTrial {
    /// What the plan chooses for this product.
    public let planned: MatrixProductBlocking
    /// The micro-kernel's rows and columns, of which blocks are multiples.
    public let panelRows: Int
    public let panelColumns: Int
    private let m: Int
    private let n: Int
    private let k: Int
    private let a: Storage
    private let b: Storage
    private let packed: Storage
    private let c: Storage

    /// Stops the process if there is no memory for the matrices.
    public init(m: Int, n: Int, k: Int) {
        let plan = MatrixProductPlan(batch: 1, m: m, n: n, k: k, columnStrideOfB: 1)
        planned = MatrixProductBlocking(
            packsB: plan.packsB,
            rowBlock: plan.rowBlock,
            columnBlock: plan.columnBlock,
            depthBlock: plan.depthBlock
        )
        (panelRows, panelColumns) = (plan.panelRows, plan.panelColumns)
        (self.m, self.n, self.k) = (m, n, k)
        let packedColumns = (n + plan.panelColumns - 1) / plan.panelColumns * plan.panelColumns
        a = Self.matrix(m * k)
        b = Self.matrix(k * n)
        packed = Self.matrix(k * packedColumns)
        c = Self.matrix(m * n)
    }

    private static func matrix(_ count: Int) -> Storage {
        do throws(OutOfMemory) {
            return try Storage(floats: count) { Float($0 % 7) - 3 }
        } catch {
            stop("no memory to try a matrix product: \(error)")
        }
    }

    /// Seconds that a product takes under `blocking`, packing included: the least of a few.
    ///
    /// Stops the process unless blocks are positive and, where B is packed, whole panels.
    public func seconds(_ blocking: MatrixProductBlocking) -> Double {
        precondition(
            isPossible(blocking),
            "a block of a matrix product is positive and a multiple of \(panelRows) by \(panelColumns) if B is packed"
        )
        var best = Double.infinity
        for _ in 0..<3 {
            let start = DispatchTime.now().uptimeNanoseconds
            multiply(blocking)
            best = min(best, Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9)
        }
        return best
    }

    /// Whether kernels, which check nothing, may be run with `blocking`.
    func isPossible(_ blocking: MatrixProductBlocking) -> Bool {
        let (rows, columns) = blocking.packsB ? (panelRows, panelColumns) : (1, 1)
        return blocking.rowBlock > 0 && blocking.rowBlock % rows == 0
            && blocking.columnBlock > 0 && blocking.columnBlock % columns == 0
            && blocking.depthBlock > 0
    }

    private func multiply(_ blocking: MatrixProductBlocking) {
        let panels = (n + panelColumns - 1) / panelColumns
        if blocking.packsB {
            var pack = launch("gemm_pack_f32", [1, k, n], items: panels)
            pack.append(packed.start, 0, 0, 0)
            pack.append(b.start, 0, n, 1)
            pack.setInteger(0, panelColumns)
            run(&pack)
        }
        let items =
            (m + blocking.rowBlock - 1) / blocking.rowBlock * ((n + blocking.columnBlock - 1) / blocking.columnBlock)
        var product = launch(blocking.packsB ? "gemm_f32" : "gemm_small_f32", [1, m, n, k], items: items)
        // A packed block of A, each of whose panels has a gap of a vector, or a panel of B.
        let vector = 16
        let scratch = blocking.rowBlock * blocking.depthBlock + blocking.rowBlock / panelRows * vector
        product.scratchByteCount = (scratch + panelColumns * blocking.depthBlock) * MemoryLayout<Float>.size
        product.append(c.start, 0, n, 1)
        product.append(a.start, 0, k, 1)
        product.append(blocking.packsB ? packed.start : b.start, 0, blocking.packsB ? panelColumns : n, 1)
        product.append(nil, 0, 0, 0)
        product.setInteger(1, blocking.rowBlock)
        product.setInteger(2, blocking.columnBlock)
        product.setInteger(3, blocking.depthBlock)
        run(&product)
    }

    private func launch(_ name: String, _ shape: [Int], items: Int) -> Launch {
        guard let handle = KernelHandle(named: name) else {
            preconditionFailure("the kernel table has no kernel named \(name)")
        }
        var sizes = Extents(repeating: 0)
        for (dimension, size) in shape.enumerated() { sizes[dimension] = size }
        // All of it is shared out, whatever it costs.
        return Launch(handle, shape: sizes, rank: shape.count, items: items, nanosecondsPerItem: 1e6)
    }

    private func run(_ launch: inout Launch) {
        do {
            try Scheduler.run(&launch)
        } catch {
            stop("no memory to try a matrix product: \(error)")
        }
    }
}
