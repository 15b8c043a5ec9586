import Testing

@testable import WeftTensor

@Suite("Cumulative sums")
struct CumulativeTests {
    @Test("Along any axis, however the elements lie", arguments: [0, 1, 2, -1], Placement.allCases)
    func values(axis: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        let positive = axis < 0 ? axis + 3 : axis
        let expected = Reference(x.shape) { index in
            (0...index[positive]).reduce(0) { sum, place in
                var source = index
                source[positive] = place
                return sum + x[source]
            }
        }
        expect(x.tensor(placement).cumulativeSum(axis: axis), equals: expected, tolerance: 1e-6)
    }

    @Test("Long sums keep their digits")
    func long() {
        let sums = Tensor(full: [300_000], Float(0.1)).cumulativeSum(axis: 0)
        #expect(sums[299_999].item() == Double(Float(Double(Float(0.1)) * 300_000)))
    }

    @Test("Integers and truth values are summed as int64")
    func integers() {
        #expect(
            Tensor([[1, 2], [3, 1 << 60]]).cumulativeSum(axis: 1).array(of: Int.self) == [1, 3, 3, (1 << 60) + 3]
        )
        let truths = Tensor([true, false, true]).cumulativeSum(axis: 0)
        #expect(truths.dtype == .int64)
        #expect(truths.array(of: Int.self) == [1, 1, 2])
    }

    @Test("Scalars and nothing go through, and a NaN stays to the end")
    func edges() {
        #expect(Tensor(3.0).cumulativeSum(axis: 0).item() == 3)
        #expect(Tensor(zeros: [0]).cumulativeSum(axis: 0).shape == [0])
        #expect(Tensor(zeros: [3, 0]).cumulativeSum(axis: 0).shape == [3, 0])
        let sums = Tensor([1.0, .nan, 2.0]).cumulativeSum(axis: 0).array()
        #expect(sums[0] == 1 && sums[1].isNaN && sums[2].isNaN)
    }

    @Test("An axis that is not there is refused")
    func refusals() {
        expectRefusal("cumulativeSum", "axis 2") { _ = Tensor(zeros: [2, 3]).cumulativeSum(axis: 2) }
    }
}
