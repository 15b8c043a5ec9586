import Foundation
import Testing

@testable import WeftTensor

@Suite("Softmax")
struct SoftmaxTests {
    private static func softmax(_ x: Reference, axis: Int) -> Reference {
        let sums = x.reduced([axis], keepDims: true) { row in
            let largest = row.max()!
            return largest + log(row.reduce(0) { $0 + exp($1 - largest) })
        }
        return x.combined(sums) { exp($0 - $1) }
    }

    @Test("Rows along any axis, however they lie", arguments: [0, 1, 2, -1, -3], Placement.allCases)
    func values(axis: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5], from: -6, to: 6)
        let expected = Self.softmax(x, axis: axis < 0 ? axis + 3 : axis)
        expect(x.tensor(placement).softmax(axis: axis), equals: expected, tolerance: 1e-6)
        expect(x.tensor(placement).logSoftmax(axis: axis), equals: expected.map { log($0) }, tolerance: 1e-6)
    }

    @Test("Rows of any length", arguments: [1, 2, 7, 8, 15, 16, 17, 33, 129, 1000])
    func lengths(length: Int) {
        let x = Reference.distinct([3, length], from: -3, to: 3)
        expect(x.tensor().softmax(axis: 1), equals: Self.softmax(x, axis: 1), tolerance: 1e-6)
        expect(x.tensor().logSoftmax(axis: 1), equals: Self.softmax(x, axis: 1).map { log($0) }, tolerance: 1e-6)
        let columns = x.permuted([1, 0])
        expect(columns.tensor().softmax(axis: 0), equals: Self.softmax(columns, axis: 0), tolerance: 1e-6)
    }

    @Test("Large numbers do not overflow, and the logarithm stays exact where the share is nearly 0")
    func extreme() {
        expect(Tensor([1000.0, 1000.0]).softmax(axis: 0), equals: Reference([2], [0.5, 0.5]), tolerance: 1e-6)
        expect(Tensor([-1e30, -1e30]).softmax(axis: 0), equals: Reference([2], [0.5, 0.5]), tolerance: 1e-6)
        expect(Tensor([0.0, -500.0]).logSoftmax(axis: 0), equals: Reference([2], [0, -500]), tolerance: 1e-6)
        expect(Tensor([-Double.infinity, 0.0]).softmax(axis: 0), equals: Reference([2], [0, 1]))
        expect(Tensor([-Double.infinity, 0.0]).logSoftmax(axis: 0), equals: Reference([2], [-.infinity, 0]))
    }

    @Test("NaN, and rows without a finite number, give NaN in their own row alone")
    func nan() {
        let x = Tensor([
            [1.0, .nan, 2.0], [0.0, 0.0, 0.0], [-.infinity, -.infinity, -.infinity], [.infinity, 0.0, 1.0],
        ])
        let result = x.softmax(axis: 1)
        #expect(result[0].array().allSatisfy { $0.isNaN })
        expect(result[1], equals: Reference([3], [1.0 / 3, 1.0 / 3, 1.0 / 3]), tolerance: 1e-6)
        #expect(result[2].array().allSatisfy { $0.isNaN })
        #expect(result[3, 0].item().isNaN)
        #expect(x.logSoftmax(axis: 1)[0].array().allSatisfy { $0.isNaN })
    }

    @Test("Scalars, integers and nothing go through")
    func edges() {
        #expect(Tensor(3.0).softmax(axis: 0).item() == 1)
        #expect(Tensor(3.0).logSoftmax(axis: -1).item() == 0)
        expect(Tensor([0, 0]).softmax(axis: 0), equals: Reference([2], [0.5, 0.5]), tolerance: 1e-6)
        #expect(Tensor(zeros: [0, 3]).softmax(axis: 1).shape == [0, 3])
        #expect(Tensor(zeros: [3, 0]).softmax(axis: 1).shape == [3, 0])
        #expect(Tensor(zeros: [3, 0]).logSoftmax(axis: 0).shape == [3, 0])
    }

    @Test("An axis that is not there is refused")
    func refusals() {
        expectRefusal("softmax", "axis 2 is out of range for shape [2, 3]") {
            _ = Tensor(zeros: [2, 3]).softmax(axis: 2)
        }
        expectRefusal("log_softmax", "axis -3") { _ = Tensor(zeros: [2, 3]).logSoftmax(axis: -3) }
    }
}
