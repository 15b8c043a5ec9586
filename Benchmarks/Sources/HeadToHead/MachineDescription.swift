import Foundation

/// The machine that a run was made on.
public struct MachineDescription: Codable, Equatable, Sendable {
    public var cpu: String
    /// Cores that this process may use.
    public var cores: Int
    /// In GiB.
    public var memory: Double
    public var system: String
    public var kernel: String
    /// When the kernel uses huge pages: `always`, `madvise` or `never`; nil where there is no such setting.
    public var transparentHugePages: String?

    private enum CodingKeys: String, CodingKey {
        case cpu, cores
        case memory = "memory_gib"
        case system, kernel
        case transparentHugePages = "transparent_huge_pages"
    }

    /// This machine.
    public static func current() -> MachineDescription {
        let information = ProcessInfo.processInfo
        var name = utsname()
        uname(&name)
        let kernel = withUnsafeBytes(of: &name.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        let processors = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let pages = try? String(contentsOfFile: "/sys/kernel/mm/transparent_hugepage/enabled", encoding: .utf8)
        return MachineDescription(
            cpu: cpu(inProcessors: processors) ?? "unknown",
            cores: information.activeProcessorCount,
            memory: (Double(information.physicalMemory) / 0x1p30 * 10).rounded() / 10,
            system: information.operatingSystemVersionString,
            kernel: kernel,
            transparentHugePages: pages.flatMap(chosen)
        )
    }

    /// The CPU's name in `/proc/cpuinfo`, with family and model, which say more than a cloud's names do.
    package static func cpu(inProcessors text: String) -> String? {
        var fields: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, fields[parts[0]] == nil { fields[parts[0]] = parts[1] }
        }
        guard let name = fields["model name"] else { return nil }
        guard let family = fields["cpu family"], let model = fields["model"] else { return name }
        return "\(name) (family \(family), model \(model))"
    }

    /// The word in brackets: what is chosen in `always [madvise] never`.
    package static func chosen(in setting: String) -> String? {
        guard let start = setting.firstIndex(of: "["), let end = setting.firstIndex(of: "]"), start < end else {
            return nil
        }
        return String(setting[setting.index(after: start)..<end])
    }
}
