import Testing

@testable import WeftTensor

@Suite("Sorting")
struct SortingTests {
    @Test("Equal elements keep their order, either way, and NaN counts as the greatest")
    func order() {
        let x = Tensor([2.0, .nan, -1.0, 2.0, -0.0, 0.0, -.infinity])
        #expect(x.argsort().array(of: Int.self) == [6, 2, 4, 5, 0, 3, 1])
        #expect(x.argsort(descending: true).array(of: Int.self) == [1, 0, 3, 4, 5, 2, 6])
    }

    @Test(
        "Rows of any length come out as Swift sorts them",
        arguments: [1, 40, 41, 300, 5000],
        [DType.float32, .float64, .int64, .float16, .bfloat16, .bool]
    )
    func lengths(length: Int, dtype: DType) {
        let numbers = (0..<length).map { ($0 * 7919 + 13) % 1009 - 500 }
        let x = Tensor([numbers, numbers.reversed()]).to(dtype)
        let elements = x[0].array(of: Double.self)
        let expected = elements.indices.sorted { (elements[$0], $0) < (elements[$1], $1) }
        let (values, indices) = x.sorted()
        #expect(indices[0].array(of: Int.self) == expected)
        #expect(values.dtype == dtype)
        #expect(values[0].array(of: Double.self) == elements.sorted())
        #expect(values[1].array(of: Double.self) == elements.sorted())
        #expect(x.T.contiguous().sorted(axis: 0).indices.T[0].array(of: Int.self) == expected)
    }

    @Test("Gradients flow back to where elements came from")
    func gradient() {
        let x = Tensor([3.0, 1.0, 2.0], requiresGrad: true)
        (x.sorted().values * Tensor([10.0, 20.0, 30.0])).sum().backward()
        #expect(x.grad?.array() == [30, 10, 20])
    }

    @Test("The first few are those of the sorted order", arguments: [1, 3, 16, 17, 200, 2000])
    func top(k: Int) {
        let x = Tensor((0..<2000).map { Double(($0 * 7919 + 13) % 701) })
        for largest in [false, true] {
            let all = x.argsort(descending: largest).array(of: Int.self)
            #expect(x.topK(k, largest: largest).indices.array(of: Int.self) == Array(all.prefix(k)))
        }
    }

    @Test("Scalars and nothing go through")
    func edges() {
        #expect(Tensor(3.0).sorted().indices.shape == [])
        #expect(Tensor(3.0).topK(1).values.item() == 3)
        #expect(Tensor(zeros: [0]).argsort().shape == [0])
        #expect(Tensor(zeros: [2, 0]).sorted(axis: 0).values.shape == [2, 0])
        #expect(Tensor([1.0, 2.0]).topK(0).values.shape == [0])
    }

    @Test("More elements than there are, and axes that there are not, are refused")
    func refusals() {
        expectRefusal("topK", "3") { _ = Tensor([1.0, 2.0]).topK(3) }
        expectRefusal("sorted", "axis 1") { _ = Tensor([1.0, 2.0]).sorted(axis: 1) }
        expectRefusal("kthValue", "0") { _ = Tensor([1.0, 2.0]).kthValue(0) }
        expectRefusal("median", "no elements") { _ = Tensor(zeros: [2, 0]).median(axis: 1) }
    }

    @Test("A median is the lower of two, and NaN or what is not")
    func medians() {
        let x = Tensor([[4.0, 1.0, 3.0, 2.0], [.nan, 5.0, .nan, 7.0]])
        let (values, indices) = x.median(axis: 1)
        #expect(values.array()[0] == 2 && values.array()[1].isNaN)
        #expect(indices.array(of: Int.self) == [3, 0])
        #expect(x.nanMedian(axis: 1).values.array() == [2, 5])
        #expect(Tensor(zeros: [0]).median().item().isNaN)
    }

    @Test("The mode is the least of the most frequent, at its last place")
    func mode() {
        let (values, indices) = Tensor([3, 1, 3, 1, 2]).mode()
        #expect(values.item() == 1 && indices.item() == 3)
    }

    @Test("Quantiles lie between elements")
    func quantiles() {
        let x = Tensor([3.0, 1.0, 2.0, 4.0])
        #expect(x.quantile(0.5).item() == 2.5)
        #expect(x.quantile(0.5, interpolation: .lower).item() == 2)
        #expect(x.quantile(0.5, interpolation: .higher).item() == 3)
        #expect(x.quantile(0.4, interpolation: .nearest).item() == 2)
        #expect(x.quantile(Tensor([0.0, 1.0])).array() == [1, 4])
        #expect(Tensor([1.0, .nan]).quantile(0.0).item().isNaN)
        #expect(Tensor([1.0, .nan]).nanQuantile(1.0).item() == 1)
        expectRefusal("quantile", "probability") { _ = x.quantile(1.5) }
    }
}

@Suite("Searching sorted elements")
struct SearchTests {
    @Test("Places before or behind equal elements, and behind all for NaN")
    func places() {
        let row = Tensor([1.0, 2.0, 2.0, 5.0])
        let values = Tensor([0.0, 2.0, 5.0, 6.0, .nan])
        #expect(row.searchSorted(values).array(of: Int.self) == [0, 1, 3, 4, 4])
        #expect(row.searchSorted(values, right: true).array(of: Int.self) == [0, 3, 4, 4, 4])
        let shuffled = Tensor([5.0, 2.0, 1.0, 2.0])
        #expect(shuffled.searchSorted(values, order: shuffled.argsort()).array(of: Int.self) == [0, 1, 3, 4, 4])
        #expect(values.bucketized(row).array(of: Int.self) == [0, 1, 3, 4, 4])
    }

    @Test("Each row is looked for in its own")
    func rows() {
        let rows = Tensor([[1, 2, 3], [10, 20, 30]])
        #expect(rows.searchSorted(Tensor([[2], [2]])).array(of: Int.self) == [1, 0])
        expectRefusal("searchSorted", "[3, 1]") { _ = rows.searchSorted(Tensor(zeros: [3, 1])) }
    }

    @Test("Membership")
    func isIn() {
        #expect(Tensor([1.0, .nan, 3.0]).isIn(Tensor([3.0, .nan])).array(of: Bool.self) == [false, false, true])
        #expect(Tensor([1, 2]).isIn(Tensor(zeros: [0], dtype: .int64)).array(of: Bool.self) == [false, false])
    }

    @Test("Different elements, their places and numbers")
    func unique() {
        let (values, inverse, counts) = Tensor([[3, 1], [3, 2]]).unique()
        #expect(values.array(of: Int.self) == [1, 2, 3])
        #expect(inverse.shape == [2, 2] && inverse.array(of: Int.self) == [2, 0, 2, 1])
        #expect(counts.array(of: Int.self) == [1, 1, 2])
        let rows = Tensor([[2, 1], [1, 9], [2, 1]]).unique(axis: 0)
        #expect(rows.values.array(of: Int.self) == [1, 9, 2, 1])
        #expect(rows.inverse.array(of: Int.self) == [1, 0, 1])
        #expect(rows.counts.array(of: Int.self) == [1, 2])
    }
}
