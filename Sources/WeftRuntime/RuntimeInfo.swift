internal import CKernels

/// What this process runs on and how, for people and bug reports.
public struct RuntimeInfo: Sendable {
    /// The CPU's own name.
    public let cpu: String
    public let isa: ISA
    /// Every instruction set that this machine could use.
    public let availableISAs: [ISA]
    /// Cores that the affinity mask and the cgroup leave to this process.
    public let allowedCores: Int
    public let layout: LaneLayout
    /// The file that the OpenMP runtime was loaded from.
    public let openMPLibrary: String
    /// The most bytes of freed memory that are kept for reuse.
    public let cacheLimit: Int
    /// The most bytes that tensors and the cache may take together.
    public let memoryLimit: Int

    public static var current: RuntimeInfo {
        RuntimeInfo(
            cpu: CPUTopology.model,
            isa: RuntimeConfiguration.current.isa,
            availableISAs: ISA.allCases.filter(\.isAvailable),
            allowedCores: CPUTopology.current.allowedCores,
            layout: Scheduler.shared.layout,
            openMPLibrary: String(cString: ck_openmp_library()),
            cacheLimit: Memory.cacheLimit,
            memoryLimit: Memory.limit
        )
    }
}

/// Weft's version, as in its release tags.
public let weftVersion = "0.1.0"
