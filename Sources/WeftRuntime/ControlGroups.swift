/// What Linux's control groups, version 2 or 1, leave to a process: the least that any group grants, from the
/// process's own up to the root.
struct ControlGroups {
    /// Where the hierarchies are mounted.
    var mount = "/sys/fs/cgroup"
    /// Lines of `hierarchy:controllers:path`, as in `/proc/self/cgroup`.
    var membership = text(ofFile: "/proc/self/cgroup") ?? ""

    /// Whole cores' worth of CPU time, rounded up; nil where no group limits it.
    var coreQuota: Int? {
        let unified = folders(of: nil).compactMap { folder -> Int? in
            let fields = text(ofFile: "\(folder)/cpu.max")?.split(separator: " ") ?? []
            return fields.count == 2 ? Self.cores(Double(fields[0]), per: Double(fields[1])) : nil
        }
        let legacy = folders(of: "cpu").compactMap { folder in
            Self.cores(
                text(ofFile: "\(folder)/cpu.cfs_quota_us").flatMap(Double.init),
                per: text(ofFile: "\(folder)/cpu.cfs_period_us").flatMap(Double.init)
            )
        }
        return (unified + legacy).min()
    }

    /// Bytes of memory; nil where no group limits it.
    var memoryLimit: Int? {
        let files =
            folders(of: nil).map { "\($0)/memory.max" }
            + folders(of: "memory").map { "\($0)/memory.limit_in_bytes" }
        return files.compactMap { text(ofFile: $0).flatMap(Int.init) }.filter { $0 > 0 }.min()
    }

    /// The folders of the process's group and of those above it, in the hierarchy of a controller of version 1, or in
    /// that of version 2.
    private func folders(of controller: String?) -> [String] {
        let root = controller.map { "\(mount)/\($0)" } ?? mount
        let path = membership.split(separator: "\n").lazy.compactMap { line -> Substring? in
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            let controllers = fields[1].split(separator: ",").map(String.init)
            return controller.map(controllers.contains) ?? fields[1].isEmpty ? fields[2] : nil
        }.first
        // In a container the path may be one of the host's, of which only the upper part, or nothing, is there.
        let names = path?.split(separator: "/") ?? []
        return (0...names.count).map { ([root] + names.prefix($0).map(String.init)).joined(separator: "/") }
    }

    private static func cores(_ quota: Double?, per period: Double?) -> Int? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return max(1, Int((quota / period).rounded(.up)))
    }
}
