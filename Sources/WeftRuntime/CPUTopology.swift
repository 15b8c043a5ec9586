internal import CKernels
import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What this process may use of the machine.
package struct CPUTopology: Sendable {
    /// The CPU's own name, for people.
    package let model: String
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
            model = Self.linuxModelName()
        #else
            allowedCores = max(1, ProcessInfo.processInfo.activeProcessorCount)
            cacheGroups = 1
            lastLevelCacheByteCount = 0
            memory = Self.physicalMemory
            model = Self.machineName()
        #endif
    }

    private static var physicalMemory: Int { Int(clamping: ProcessInfo.processInfo.physicalMemory) }

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
            guard count > 0 else { return Array(0..<max(1, ProcessInfo.processInfo.activeProcessorCount)) }
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
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
    #endif
}
