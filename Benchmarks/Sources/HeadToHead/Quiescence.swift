import Foundation

/// Waiting for a process to leave the cores to others.
///
/// Thread pools spin for milliseconds after their last work, in case more comes. The next turn belongs to another
/// process, which such threads would slow.
package enum Quiescence {
    /// Waits until no thread of the process wants to run, at most half a second.
    package static func wait(for process: Int32) {
        #if os(Linux)
            for _ in 0..<500 {
                if !hasRunnableThread(process) { return }
                usleep(1000)
            }
        #else
            // Longer than the pools of most libraries spin; libomp's default is 200 ms.
            usleep(200_000)
        #endif
    }

    #if os(Linux)
        /// Whether any thread of the process is running or waiting for a core.
        static func hasRunnableThread(_ process: Int32) -> Bool {
            let tasks = "/proc/\(process)/task"
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
            return threads.contains { thread in
                guard let stat = try? String(contentsOfFile: "\(tasks)/\(thread)/stat", encoding: .utf8) else {
                    return false
                }
                return state(inStat: stat) == "R"
            }
        }

        /// The state in a `/proc` stat line; it follows the name, which is in parentheses and may hold any character.
        package static func state(inStat line: String) -> Character? {
            guard let end = line.lastIndex(of: ")") else { return nil }
            return line[line.index(after: end)...].first { $0 != " " }
        }
    #endif
}
