import Foundation
import Testing

@testable import WeftRuntime

@Suite("Control groups")
struct ControlGroupsTests {
    @Test("The tightest group counts, be it the process's own, one above it, or none")
    func unified() throws {
        try withFolder { folder in
            try write("50000 100000", to: "\(folder)/a/b/cpu.max")
            try write("max 100000", to: "\(folder)/a/cpu.max")
            try write("max", to: "\(folder)/a/b/memory.max")
            try write("1048576", to: "\(folder)/a/memory.max")
            try write("4194304", to: "\(folder)/memory.max")
            let own = ControlGroups(mount: folder, membership: "0::/a/b\n")
            #expect(own.coreQuota == 1)
            #expect(own.memoryLimit == 1_048_576)
            let above = ControlGroups(mount: folder, membership: "0::/a")
            #expect(above.coreQuota == nil)
            let root = ControlGroups(mount: folder, membership: "0::/")
            #expect(root.memoryLimit == 4_194_304)
        }
    }

    @Test("A quota is rounded up to whole cores")
    func rounding() throws {
        try withFolder { folder in
            try write("250000 100000", to: "\(folder)/cpu.max")
            #expect(ControlGroups(mount: folder, membership: "0::/").coreQuota == 3)
        }
    }

    @Test("Version 1 has a hierarchy for each controller")
    func legacy() throws {
        try withFolder { folder in
            try write("150000", to: "\(folder)/cpu/job/cpu.cfs_quota_us")
            try write("100000", to: "\(folder)/cpu/job/cpu.cfs_period_us")
            try write("-1", to: "\(folder)/cpu/cpu.cfs_quota_us")
            try write("100000", to: "\(folder)/cpu/cpu.cfs_period_us")
            try write("2097152", to: "\(folder)/memory/memory.limit_in_bytes")
            let groups = ControlGroups(
                mount: folder,
                membership: "5:memory:/elsewhere/on/the/host\n3:cpu,cpuacct:/job\n1:name=systemd:/\n"
            )
            #expect(groups.coreQuota == 2)
            #expect(groups.memoryLimit == 2_097_152)
        }
    }

    @Test("What is missing or makes no sense limits nothing", arguments: ["", "nonsense", "0::/gone", "0:::::"])
    func nothing(membership: String) throws {
        try withFolder { folder in
            try write("a b c", to: "\(folder)/cpu.max")
            try write("plenty", to: "\(folder)/memory.max")
            let groups = ControlGroups(mount: folder, membership: membership)
            #expect(groups.coreQuota == nil)
            #expect(groups.memoryLimit == nil)
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "weft-cgroups-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    private func write(_ text: String, to path: String) throws {
        let url = URL(filePath: path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("\(text)\n".utf8).write(to: url)
    }
}
