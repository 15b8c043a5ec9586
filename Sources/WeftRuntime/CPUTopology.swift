internal import CKernels

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this process may use of the machine.
package struct CPUTopology: Sendable {
    /// Cores that the affinity mask and the control groups' quotas leave to this process.
    package let allowedCores: Int
    /// Groups of allowed cores that share a last-level cache.
    package let cacheGroups: Int
    /// Bytes that the last-level caches of the allowed cores hold together; 0 where the system does not tell.
    package let lastLevelCacheByteCount: Int
    /// Bytes of memory that this process may use: the machine's, or its control groups' limit if lower.
    package let memory: Int

    package static let current = CPUTopology()

    private init() {
        #if os(Linux)
            let groups = ControlGroups()
            let cores = Self.affinityMask()
            let quota = groups.coreQuota ?? Int.max
            allowedCores = max(1, min(cores.count, quota))
            let caches = Self.lastLevelCaches(of: cores)
            cacheGroups = max(1, caches.count)
            lastLevelCacheByteCount = caches.values.reduce(0, +)
            memory = min(Self.physicalMemory, groups.memoryLimit ?? Int.max)
        #else
            allowedCores = Self.onlineCores
            cacheGroups = 1
            lastLevelCacheByteCount = 0
            memory = Self.physicalMemory
        #endif
    }

    /// The CPU's own name, for people. Asked for when it is wanted: Linux takes long to tell it.
    package static var model: String {
        #if os(Linux)
            linuxModelName()
        #else
            machineName()
        #endif
    }

    private static var onlineCores: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }

    private static var physicalMemory: Int {
        let (bytes, overflow) = sysconf(CInt(_SC_PHYS_PAGES)).multipliedReportingOverflow(
            by: sysconf(CInt(_SC_PAGESIZE))
        )
        // What the system does not tell, which it says by -1, sets no limit.
        return overflow || bytes <= 0 ? Int.max : bytes
    }

    private static func machineName() -> String {
        var system = utsname()
        guard uname(&system) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &system.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    #if os(Linux)
        private static func affinityMask() -> [Int] {
            var cores = [Int32](repeating: 0, count: 8192)
            let count = ck_affinity_mask(&cores, Int32(cores.count))
            guard count > 0 else { return Array(0..<onlineCores) }
            return cores.prefix(Int(count)).map(Int.init)
        }

        /// The sizes in bytes of the caches behind `cores`, by the cores that share one.
        private static func lastLevelCaches(of cores: [Int]) -> [String: Int] {
            var caches: [String: Int] = [:]
            for core in cores {
                let last = (0...4).reversed().lazy.compactMap { index -> (cores: String, byteCount: Int)? in
                    let folder = "/sys/devices/system/cpu/cpu\(core)/cache/index\(index)"
                    guard let cores = text(ofFile: "\(folder)/shared_cpu_list") else { return nil }
                    // As in `32768K`.
                    let size = text(ofFile: "\(folder)/size").flatMap { Int($0.dropLast()) } ?? 0
                    return (cores, size << 10)
                }.first
                caches[last?.cores ?? "unknown"] = last?.byteCount ?? 0
            }
            return caches
        }

        private static func linuxModelName() -> String {
            let lines = text(ofFile: "/proc/cpuinfo")?.split(separator: "\n") ?? []
            guard let line = lines.first(where: { $0.hasPrefix("model name") }),
                let colon = line.firstIndex(of: ":")
            else { return machineName() }
            return String(decoding: trimmed(Array(line[line.index(after: colon)...].utf8)[...]), as: UTF8.self)
        }
    #endif
}
