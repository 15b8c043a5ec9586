/// What came of the cases of one operation.
struct OperationReport {
    let operation: String
    var passed = 0
    var failures: [Failure] = []
    /// Reasons, with how many cases are left out for each.
    var leftOut: [String: Int] = [:]
    /// The worst error of the cases that passed, as a fraction of what it may be.
    var worst = 0.0

    struct Failure {
        let name: String
        let reason: String
    }

    var leftOutCount: Int { leftOut.values.reduce(0, +) }
    var ran: Int { passed + failures.count }
    /// Whether everything there is was compared and found right.
    var isCovered: Bool { passed > 0 && failures.isEmpty }

    var line: String {
        var line = "\(operation): \(ran) run, \(passed) passed"
        if leftOutCount > 0 {
            let reasons = leftOut.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            line += ", \(leftOutCount) left out (\(reasons.joined(separator: ", ")))"
        }
        line += ", worst error \((worst * 100).rounded() / 100) of the tolerance"
        if let first = failures.first { line += "\n    \(failures.count) failed, first \(first.name): \(first.reason)" }
        return line
    }
}

extension OperationReport {
    /// What a file of cases of this operation is called, without what comes behind the last point.
    static func fileName(_ operation: String) -> String {
        String(operation.map { $0 == "." || $0 == "/" ? "-" : $0 })
    }
}
