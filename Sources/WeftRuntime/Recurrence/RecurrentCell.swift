internal import CKernels

/// What a time step of a recurrent layer computes.
package enum RecurrentCell: Sendable {
    case tanh
    case relu
    case lstm
    case gru

    /// The blocks of rows that the weights have for each row of the state.
    package var gateCount: Int {
        switch self {
        case .tanh, .relu: 1
        case .lstm: 4
        case .gru: 3
        }
    }

    /// Whether there is a second state, c, beside h.
    package var hasCellState: Bool { self == .lstm }

    /// Whether the backward pass needs more of each step than the gates.
    package var keepsMore: Bool { self == .lstm || self == .gru }

    /// What stands for it among the integers of a launch.
    package var identifier: Int {
        let cell =
            switch self {
            case .tanh: CK_RECURRENCE_TANH
            case .relu: CK_RECURRENCE_RELU
            case .lstm: CK_RECURRENCE_LSTM
            case .gru: CK_RECURRENCE_GRU
            }
        return Int(cell.rawValue)
    }
}

/// How a recurrent layer is cut, which depends on the ISA and on shapes alone.
package struct RecurrencePlan: Sendable {
    /// Whether each time step is a launch.
    package let isBySteps: Bool
    package let rows: Int
    package let panelColumns: Int
    package let items: Int
    package let scratchByteCount: Int

    /// The plan for a layer whose h has `outputs` elements and whose gates have `hidden` each.
    package init(_ dtype: DType, _ cell: RecurrentCell, directions: Int, batch: Int, hidden: Int, outputs: Int) {
        let plan = ck_recurrence_make_plan(
            RuntimeConfiguration.current.isa.rawIdentifier,
            Int64(dtype.size),
            Int64(directions),
            Int64(batch),
            Int64(cell.gateCount),
            Int64(hidden),
            Int64(outputs)
        )
        isBySteps = plan.by_steps
        rows = Int(plan.rows)
        panelColumns = Int(plan.panel_columns)
        items = Int(plan.items)
        scratchByteCount = Int(plan.scratch_bytes)
    }
}
