#if os(Linux)
    import Foundation
    import Testing

    /// Variables that LLVM's OpenMP runtime would end the process for, crash on, or take its threads from.
    @Suite("The environment of OpenMP")
    struct OpenMPEnvironmentTests {
        /// Trains in a process of its own, with these variables in its environment from the start, and gives the bytes of
        /// the weights.
        private func weights(_ variables: [String: String]) throws -> Data {
            let file = FileManager.default.temporaryDirectory.appending(path: "weft-\(UUID().uuidString)")
            let process = Process()
            process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
                .deletingLastPathComponent().appending(path: "weft")
            let outputs = ["weights", "curves"].map { file.appendingPathExtension($0) }
            defer { for output in outputs { try? FileManager.default.removeItem(at: output) } }
            process.arguments =
                ["train", "digits", "--epochs", "1", "--batch-size", "1000"]
                + ["--weights", outputs[0].path, "--curves", outputs[1].path]
            let own = ["WEFT_LANES": "1x2"]
            process.environment = ProcessInfo.processInfo.environment.merging(own.merging(variables) { $1 }) { $1 }
            let errors = Pipe()
            process.standardOutput = FileHandle.nullDevice
            process.standardError = errors
            try process.run()
            let said = try errors.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            #expect(process.terminationReason == .exit && process.terminationStatus == 0, "\(variables)")
            #expect(String(decoding: said, as: UTF8.self) == "", "\(variables)")
            return try Data(contentsOf: outputs[0])
        }

        private static let variables: [[String: String]] = [
            ["OMP_NUM_THREADS": ""], ["OMP_NUM_THREADS": "%s%n"], ["OMP_NUM_THREADS": "99999999999999999999"],
            ["OMP_THREAD_LIMIT": "0"], ["OMP_MAX_ACTIVE_LEVELS": "0"], ["OMP_STACKSIZE": "99999999999999999999"],
            ["KMP_STACKSIZE": "1e400"], ["KMP_GTID_MODE": "abc"], ["KMP_ALIGN_ALLOC": "99999999999999999999"],
            ["KMP_CPUINFO_FILE": "none"], ["KMP_FORCE_REDUCTION": ""], ["KMP_FORKJOIN_BARRIER": "0"],
            ["KMP_SPIN_BACKOFF_PARAMS": ""], ["KMP_ADAPTIVE_LOCK_PROPS": ""], ["KMP_SETTINGS": "1"],
            ["KMP_AFFINITY": "}{", "OMP_PLACES": "{0:", "OMP_PROC_BIND": "x", "KMP_HW_SUBSET": "0"],
            ["GOMP_CPU_AFFINITY": "1,2,,x"], ["GOMP_STACKSIZE": "99999999999999999999"],
            ["OMP_NUM_THREADS": "", "LIBOMP_NUM_HIDDEN_HELPER_THREADS": "-1"],
        ]

        @Test("OpenMP's own variables neither end a process nor say nor change anything, however malformed")
        func malformed() throws {
            let expected = try weights([:])
            for variables in Self.variables {
                #expect(try weights(variables) == expected, "\(variables)")
            }
        }
    }
#endif
