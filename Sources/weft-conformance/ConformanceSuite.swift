import Weft

/// Every operation of the database that has a binding, and what is made of its cases.
enum ConformanceSuite {
    /// By the names of the database.
    static let operations: [String: CaseOperation] = {
        let families = [
            activations, arithmetic, attention, comparisons, convolutions, creation, images, indexing, joining, losses,
            norms, pooling, products, reductions, scans, sorting, unaryFunctions, views,
        ]
        return families.reduce(into: [:]) {
            $0.merge($1) { _, _ in preconditionFailure("an operation is bound twice") }
        }
    }()

    /// Runs all cases of an operation, each with its arguments as the sample has them and scattered in memory.
    static func report(on cases: OperationCases) -> OperationReport {
        var report = OperationReport(operation: cases.operation)
        guard let operation = operations[cases.operation] else {
            report.failures = cases.cases.indices.map {
                .init(name: "case \($0)", reason: "the operation is not there")
            }
            return report
        }
        for (number, description) in cases.cases.enumerated() {
            let name = "case \(number) (\(description.dtype))"
            do {
                for layout in CaseLayout.allCases {
                    let run = CaseRun(cases: cases, operation: operation, layout: layout)
                    do {
                        report.worst = max(report.worst, try run.run(description))
                    } catch let error as CaseError where layout != .given {
                        throw CaseError("\(layout.rawValue): \(error)")
                    }
                }
                report.passed += 1
            } catch let reason as LeftOut {
                report.leftOut[reason.reason, default: 0] += 1
            } catch {
                report.failures.append(.init(name: name, reason: "\(error)"))
            }
        }
        for (number, refused) in cases.errors.enumerated() {
            let run = CaseRun(cases: cases, operation: operation, layout: .given)
            if let complaint = run.complaint(about: refused) {
                report.failures.append(.init(name: "error \(number)", reason: complaint))
            } else {
                report.passed += 1
            }
        }
        return report
    }
}

/// Why a binding leaves a case out.
struct LeftOut: Error {
    let reason: String
}
