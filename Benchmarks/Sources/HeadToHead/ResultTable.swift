/// The results of a group as text.
public struct ResultTable {
    /// The titles of the columns, then the rows, each with as many cells.
    public let titles: [String]
    public let cells: [[String]]

    /// - Parameter rows: of one group.
    public init(_ rows: [RowResult]) {
        let peers = Peer.all.map(\.name).filter { name in rows.contains { $0.ratio[name] != nil } }
        let hasScaling = rows.contains { $0.scaling != nil }
        let hasMicrokernel = rows.contains { $0.microkernelFraction != nil }
        let hasIdeal = rows.contains { $0.idealSeconds != nil && $0.group == "train" }
        let hasLatency = rows.contains { $0.latency?[RowResult.weft] != nil }
        titles =
            ["row", "weft"] + peers + ["best peer", "of limit"] + (hasMicrokernel ? ["of micro-kernel"] : [])
            + (hasIdeal ? ["at peak"] : []) + (hasLatency ? ["p50", "p99", "per second"] : []) + ["spread"]
            + (hasScaling ? ["scaling"] : []) + ["remark"]
        cells = rows.map { row in
            let latency = row.latency?[RowResult.weft]
            return [row.name, row.weftCost ?? "–"]
                + peers.map { row.ratio[$0].map(Format.ratio) ?? "" }
                + [row.bestPeer ?? "", row.limit.fraction.map { "\(Format.percent($0)) \(row.limit.kind)" } ?? ""]
                + (hasMicrokernel ? [row.microkernelFraction.map(Format.percent) ?? ""] : [])
                + (hasIdeal ? [row.idealSeconds.map(Format.seconds) ?? ""] : [])
                + (hasLatency
                    ? [
                        latency.map { Format.seconds($0.p50) } ?? "", latency.map { Format.seconds($0.p99) } ?? "",
                        row.throughput?[RowResult.weft].map { Format.significant($0, 3) } ?? "",
                    ] : [])
                + [row.spread.map(Format.percent) ?? ""]
                + (hasScaling ? [row.scaling.map(Format.ratio) ?? ""] : [])
                + [ResultTable.remark(row)]
        }
    }

    /// The groups of rows, in the order of their first rows.
    public static func groups(of rows: [RowResult]) -> [String] {
        var seen: Set<String> = []
        return rows.map(\.group).filter { seen.insert($0).inserted }
    }

    private static func remark(_ row: RowResult) -> String {
        if row.failure != nil { return "failed, see below" }
        if let missing = row.missing { return "missing: \(missing)" }
        return row.defeat ?? row.defeatDisturbed ?? ""
    }

    /// With columns of equal width, the numbers at their right.
    public var text: String {
        let widths = titles.indices.map { column in ([titles] + cells).map { $0[column].count }.max() ?? 0 }
        let lines = ([titles] + cells).map { line in
            line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return isText(column) ? line[column] + padding : padding + line[column]
            }.joined(separator: "  ").trimmingSuffix(" ")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// As a table of Markdown.
    public var markdown: String {
        let rules = titles.indices.map { isText($0) ? "---" : "---:" }
        let lines = ([titles, rules] + cells).map { line in
            "| " + line.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func isText(_ column: Int) -> Bool { ["row", "best peer", "remark"].contains(titles[column]) }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        guard let last = lastIndex(where: { $0 != character }) else { return "" }
        return String(self[...last])
    }
}
