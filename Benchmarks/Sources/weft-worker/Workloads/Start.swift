import Foundation
import Weft

/// Processes that multiply two matrices and print the sum of the product, from start to exit.
struct Start: Workload {
    private let program: String

    init(_ row: PreparedRow) throws {
        guard row.operation == "first-result" else { throw row.unknownOperation }
        guard let worker = Bundle.main.executableURL else { throw Mistake("the worker cannot find itself") }
        program = worker.deletingLastPathComponent().appending(path: "first-result").path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Mistake("\(program) is missing; build the product first-result")
        }
    }

    func outputs() -> [Tensor] { [] }

    func run(_ iterations: Int) throws -> Timing {
        Timing(
            seconds: try seconds {
                for _ in 0..<iterations {
                    let printed = try outputOfChild(program)
                    guard Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)) == 64 else {
                        throw Mistake("\(program) printed \(printed), not 64")
                    }
                }
            }
        )
    }
}
