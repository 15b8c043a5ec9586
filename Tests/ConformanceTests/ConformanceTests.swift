import Foundation
import Testing

@testable import weft_conformance

/// The samples of PyTorch's operator database that are kept beside this file: a few of every form that each operation has.
struct ConformanceTests {
    /// Operations of whose cases some do not pass: there PyTorch's float32 numbers are further from the exact ones than its
    /// tolerance, and Weft's are not.
    static let unfinished: Set<String> = ["logcumsumexp", "nn.functional.ctc_loss", "nn.functional.layer_norm"]

    static let files: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
        return (try? OperationCases.files(in: folder)) ?? []
    }()

    @Test
    func `Cases are there`() {
        #expect(Self.files.count > 300)
    }

    @Test(arguments: files)
    func `Operations give what PyTorch's give`(_ file: URL) throws {
        let cases = try OperationCases(contentsOf: file)
        guard ConformanceSuite.operations[cases.operation] != nil else { return }
        let report = ConformanceSuite.report(on: cases)
        let reasons = report.failures.map { "\($0.name): \($0.reason)" }
        if Self.unfinished.contains(cases.operation) {
            #expect(!reasons.isEmpty, "\(cases.operation) is finished")
        } else {
            #expect(reasons.isEmpty, "\(cases.operation)")
        }
    }
}
