internal import CKernels

/// How a matrix product is cut: its blocking numbers, which depend on the ISA and the shape alone.
package struct MatrixProductPlan: Sendable {
    /// Whether B is packed by a launch of its own first.
    package let packsB: Bool
    /// Whether it is computed as a product of transposes, by the kernels named `gemm_turned`.
    package let turns: Bool
    package let panelRows: Int
    package let panelColumns: Int
    package let rowBlock: Int
    package let columnBlock: Int
    package let depthBlock: Int
    package let scratchByteCount: Int

    /// The plan for `batch` products of m x k by k x n matrices of a floating-point dtype.
    package init(_ dtype: DType = .float32, batch: Int, m: Int, n: Int, k: Int, columnStrideOfB: Int) {
        let plan = ck_gemm_make_plan(
            RuntimeConfiguration.current.isa.rawIdentifier,
            Int64(dtype.size),
            Int64(batch),
            Int64(m),
            Int64(n),
            Int64(k),
            Int64(columnStrideOfB)
        )
        packsB = plan.packs_b
        turns = plan.turns
        panelRows = Int(plan.panel_rows)
        panelColumns = Int(plan.panel_columns)
        rowBlock = Int(plan.row_block)
        columnBlock = Int(plan.column_block)
        depthBlock = Int(plan.depth_block)
        scratchByteCount = Int(plan.scratch_bytes)
    }
}
