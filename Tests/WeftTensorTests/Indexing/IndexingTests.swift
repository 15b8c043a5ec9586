import Testing

@testable import WeftTensor

@Suite("Gathering by index")
struct IndexingTests {
    @Test(
        "Slices along any axis are picked in any order and as often as wanted",
        arguments: [0, 1, 2, -1],
        Placement.allCases
    )
    func indexSelect(axis: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        let positive = axis < 0 ? axis + 3 : axis
        let indices = [2, 0, -1, 1, 0, -3]
        var shape = x.shape
        shape[positive] = indices.count
        let expected = Reference(shape) { index in
            var source = index
            let picked = indices[index[positive]]
            source[positive] = picked < 0 ? picked + x.shape[positive] : picked
            return x[source]
        }
        expect(x.tensor(placement).indexSelect(axis: axis, Tensor(indices)), equals: expected)
        // Every other element of a longer index: a strided view.
        let strided = Tensor(indices.map { [$0, 99] })[.ellipsis, 0]
        expect(x.tensor(placement).indexSelect(axis: axis, strided), equals: expected)
    }

    @Test("The indices' shape takes the place of the axis")
    func indexShapes() {
        let x = Reference.distinct([4, 3])
        let table = x.tensor()
        expect(
            table[Tensor([[0, 1], [3, 3]])],
            equals: Reference([2, 2, 3]) { x[[[[0, 1], [3, 3]][$0[0]][$0[1]], $0[2]]] }
        )
        expect(table[Tensor(2)], equals: x.slice(0, at: 2))
        expect(
            table.indexSelect(axis: 1, Tensor([[2], [0]])),
            equals: Reference([4, 2, 1]) { x[[$0[0], $0[1] == 0 ? 2 : 0]] }
        )
        #expect(table[Tensor(zeros: [0], dtype: .int64)].shape == [0, 3])
        #expect(Tensor(zeros: [3, 0])[Tensor([1, 1])].shape == [2, 0])
    }

    @Test("Every dtype can be picked from")
    func dtypes() {
        let order = Tensor([1, 0, 1])
        #expect(Tensor([1 << 60, 5])[order].array(of: Int.self) == [5, 1 << 60, 5])
        #expect(Tensor([true, false])[order].array(of: Bool.self) == [false, true, false])
        #expect(Tensor([[true], [false]]).gather(axis: 0, Tensor([[1]])).array(of: Bool.self) == [false])
        #expect(Tensor([[7, 8]]).gather(axis: 1, Tensor([[1, -2]])).array(of: Int.self) == [8, 7])
    }

    @Test("Single elements are picked along an axis", arguments: [0, 1, 2, -2], Placement.allCases)
    func gather(axis: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        let positive = axis < 0 ? axis + 3 : axis
        var shape = [2, 3, 4]
        shape[positive] = 6
        let index = Reference(shape) {
            Double(($0.reduce(0, +) * 5 + $0[0]) % (2 * x.shape[positive]) - x.shape[positive])
        }
        let expected = Reference(shape) { position in
            var source = position
            let picked = Int(index[position])
            source[positive] = picked < 0 ? picked + x.shape[positive] : picked
            return x[source]
        }
        for other in Placement.allCases {
            expect(x.tensor(placement).gather(axis: axis, index.tensor(other, .int64)), equals: expected)
        }
    }

    @Test("Scalars and nothing can be gathered")
    func gatherEdges() {
        #expect(Tensor(5.0).gather(axis: 0, Tensor(0)).item() == 5)
        #expect(Tensor(zeros: [3, 4]).gather(axis: 1, Tensor(zeros: [3, 0], dtype: .int64)).shape == [3, 0])
        #expect(Tensor(zeros: [0, 4]).gather(axis: 1, Tensor(zeros: [0, 2], dtype: .int64)).shape == [0, 2])
    }

    @Test("Many rows are picked from a large table")
    func large() {
        let table = Tensor(arange: 0..<90_000).to(.float32).reshaped([3000, 30])
        let picks = (0..<5000).map { $0 * 7919 % 3000 }
        let expected = picks.flatMap { row in (0..<30).map { Float(row * 30 + $0) } }
        #expect(table[Tensor(picks)].array() == expected)
    }

    @Test("Indices out of range, of another dtype or shape are refused")
    func refusals() {
        let x = Tensor(zeros: [3, 4])
        func select(_ index: Tensor) -> Tensor { x.indexSelect(axis: 0, index) }
        expectRefusal("indexSelect", "index 3 is out of range: -3 ... 2 are valid") { _ = select(Tensor([0, 3])) }
        expectRefusal("indexSelect", "index -4 is out of range") { _ = select(Tensor([-4, 0])) }
        expectRefusal("indexSelect", "must be int64, not float32") { _ = select(Tensor([0.0])) }
        expectRefusal("indexSelect", "must be int64, not bool: what a mask selects is `x[mask]`") {
            _ = select(Tensor([true]))
        }
        expectRefusal("indexSelect", "of a scalar one index is wanted") {
            _ = Tensor(1.0).indexSelect(axis: 0, Tensor([0, 0]))
        }
        expectRefusal("indexSelect", "axis 2") { _ = x.indexSelect(axis: 2, Tensor([0])) }
        expectRefusal("indexSelect", "none to choose from") {
            _ = Tensor(zeros: [0, 2]).indexSelect(axis: 0, Tensor([0]))
        }
        expectRefusal("indexSelect", "more than 8 dimensions") {
            _ = x.indexSelect(axis: 0, Tensor(zeros: [1, 1, 1, 1, 1, 1, 1, 1], dtype: .int64))
        }
        expectRefusal("gather", "index 4 is out of range: -4 ... 3") { _ = x.gather(axis: 1, Tensor([[4]])) }
        expectRefusal("gather", "shape [2] does not fit shape [3, 4]") { _ = x.gather(axis: 1, Tensor([0, 1])) }
        expectRefusal("gather", "[4, 1]") { _ = x.gather(axis: 1, Tensor(zeros: [4, 1], dtype: .int64)) }
        expectRefusal("gather", "must be int64") { _ = x.gather(axis: 0, Tensor([[0.5]])) }
    }
}
