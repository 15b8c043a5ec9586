internal import CKernels

/// What the launches of each kernel took together, and how near that came to the machine's limits.
struct ProfileTable: CustomStringConvertible {
    /// All launches of one kernel.
    struct Row {
        let kernel: String
        let calls: Int
        let seconds: Double
        let bytes: Double
        let operations: Double
    }

    /// What the machine reaches with all of the runtime's threads.
    struct Limits {
        /// Operations a second.
        let peak: Double
        /// Bytes a second.
        let bandwidth: Double

        /// Measures the multiply-add peak and the bandwidth of the triad.
        static func measured() throws(OutOfMemory) -> Limits {
            Limits(peak: try MachineLimit.multiplyAdd.measured(), bandwidth: try MachineLimit.triad.measured())
        }

        /// The share of the peak or of the bandwidth that a row reached, whichever is nearer to its limit.
        func share(of row: Row) -> String {
            guard row.seconds > 0 else { return "" }
            let compute = row.operations / row.seconds / peak
            let memory = row.bytes / row.seconds / bandwidth
            return compute > memory
                ? "\((compute * 100).fixed(digits: 1)) % of peak"
                : "\((memory * 100).fixed(digits: 1)) % of bandwidth"
        }
    }

    let rows: [Row]
    /// From the start of recording to its end.
    let seconds: Double
    /// Nil if there was no memory to measure them with.
    let limits: Limits?
    /// Launches and chunks that the trace lacks. The rows have all launches.
    let droppedEvents: Int

    init(rows: [Row], seconds: Double, limits: Limits?, droppedEvents: Int) {
        self.rows = rows.sorted { ($0.seconds, $1.kernel) > ($1.seconds, $0.kernel) }
        self.seconds = seconds
        self.limits = limits
        self.droppedEvents = droppedEvents
    }

    var description: String {
        let total = rows.reduce(0) { $0 + $1.seconds }
        var lines = [["kernel", "calls", "time", "of all", "moved", "rate", "computed", "rate", "reached"]]
        for row in rows {
            lines.append([
                row.kernel,
                "\(row.calls)",
                (row.seconds * 1e3).fixed(digits: 3) + " ms",
                (total > 0 ? row.seconds / total * 100 : 0).fixed(digits: 1) + " %",
                (row.bytes * 1e-6).fixed(digits: 3) + " MB",
                Self.perSecond(row.bytes, of: row) + " GB/s",
                (row.operations * 1e-6).fixed(digits: 3) + " MFLOP",
                Self.perSecond(row.operations, of: row) + " GFLOP/s",
                limits?.share(of: row) ?? "",
            ])
        }
        let calls = rows.reduce(0) { $0 + $1.calls }
        let layout = Scheduler.shared.layout
        var text = "weft: \(calls) launches"
        text += " took their callers \((total * 1e3).fixed(digits: 3)) ms,"
        text += " in a run of \((seconds * 1e3).fixed(digits: 3)) ms"
        text += " on \(layout.lanes * layout.team) threads (\(layout)), \(RuntimeConfiguration.current.isa)\n"
        text += Self.aligned(lines)
        if let limits {
            text += "The peak is \((limits.peak * 1e-9).fixed(digits: 1)) GFLOP/s of multiply-adds,"
            text += " the bandwidth \((limits.bandwidth * 1e-9).fixed(digits: 1)) GB/s of a = b + s * c on memory."
        } else {
            text += "There was no memory to measure the machine's limits with."
        }
        if droppedEvents > 0 {
            text += "\n\(droppedEvents) events found no room: the trace lacks them, the table has every launch."
        }
        return text
    }

    /// Billions of `amount` in a second of the row's time.
    private static func perSecond(_ amount: Double, of row: Row) -> String {
        (row.seconds > 0 ? amount / row.seconds * 1e-9 : 0).fixed(digits: 2)
    }

    /// Columns under each other, the first to the left and the others to the right.
    private static func aligned(_ lines: [[String]]) -> String {
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.reduce(into: "") { text, line in
            for (column, cell) in line.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                text += column == 0 ? cell + padding : "  " + padding + cell
            }
            text += "\n"
        }
    }
}

extension ProfileTable.Row {
    /// What was recorded of a kernel's launches; nil if there were none.
    init?(_ handle: KernelHandle) {
        let totals = ck_trace_kernel_totals(handle.kernel)
        guard totals.calls > 0 else { return nil }
        kernel = handle.name
        calls = Int(totals.calls)
        seconds = Double(totals.nanoseconds) * 1e-9
        bytes = Double(totals.bytes)
        operations = Double(totals.operations)
    }
}
