import BenchmarkRows

/// Which rows of the catalog a run measures.
public enum Selection {
    /// The rows that `only` names, in the order of `rows`; all of them if it is empty.
    ///
    /// - Parameters:
    ///   - only: groups (`matmul`), rows (`matmul/512/nt`), or the first parts of rows' names (`pointwise/tanh`).
    ///   - quick: leaves out what a quick run does not have, except rows that are named in full.
    /// - Throws: `SelectionError` if a name selects nothing.
    public static func rows(of rows: [Row], only: [String], quick: Bool) throws(SelectionError) -> [Row] {
        if only.isEmpty { return rows.filter { $0.quick || !quick } }
        var selected: Set<String> = []
        for name in only {
            let matching = rows.filter { matches($0, name) }
            if matching.isEmpty { throw .unknown(name, known: neighbours(of: name, in: rows)) }
            let wanted = matching.filter { $0.quick || !quick || $0.name == name }
            if wanted.isEmpty { throw .notQuick(name) }
            selected.formUnion(wanted.map(\.name))
        }
        return rows.filter { selected.contains($0.name) }
    }

    private static func matches(_ row: Row, _ name: String) -> Bool {
        row.group == name || row.name == name || row.name.hasPrefix(name + "/")
    }

    /// What there is instead of a name: the rows that begin like it, or else the groups.
    private static func neighbours(of name: String, in rows: [Row]) -> [String] {
        let start = name.prefix { $0 != "/" }
        let near = rows.filter { $0.group == start || $0.name.hasPrefix(start + "/") }
        return near.isEmpty ? groups(of: rows) : near.map(\.name)
    }

    /// The groups, in the order of their first rows.
    public static func groups(of rows: [Row]) -> [String] {
        var seen: Set<String> = []
        return rows.map(\.group).filter { seen.insert($0).inserted }
    }
}

/// Why a selection cannot be made.
public enum SelectionError: Error, Equatable, CustomStringConvertible {
    case unknown(String, known: [String])
    case notQuick(String)

    public var description: String {
        switch self {
        case .unknown(let name, let known):
            "there is no row or group \(name); there are: \(known.joined(separator: ", "))"
        case .notQuick(let name): "a quick run has no row of \(name): name a row in full, or run it without QUICK=1"
        }
    }
}
