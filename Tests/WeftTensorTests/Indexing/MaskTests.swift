import Testing

@testable import WeftTensor

@Suite("Masks and index tensors in subscripts")
struct MaskTests {
    private let reference = Reference.distinct([3, 4, 5])

    /// What a mask of the first dimensions selects, row by row.
    private func selected(_ x: Reference, _ mask: Reference) -> Reference {
        let rest = Array(x.shape.dropFirst(mask.shape.count))
        let rows = Reference.indices(mask.shape).filter { mask[$0] != 0 }
        return Reference([rows.count] + rest) { x[rows[$0[0]] + $0.dropFirst()] }
    }

    @Test(
        "A mask selects where it is true, of all dimensions or of the first ones",
        arguments: [[3, 4, 5], [3, 4], [3]],
        Placement.allCases
    )
    func selects(shape: [Int], placement: Placement) {
        let mask = Reference.distinct(shape).map { $0 > 0 ? 1 : 0 }
        let x = reference.tensor(placement)
        for other in Placement.allCases {
            expect(x[mask.tensor(other, .bool)], equals: selected(reference, mask))
        }
        #expect(x[Tensor(full: shape, false)].shape == [0] + reference.shape.dropFirst(shape.count))
        let all = reference.shape.dropFirst(shape.count)
        expect(
            x[Tensor(full: shape, true)],
            equals: Reference([shape.reduce(1, *)] + all, reference.values)
        )
    }

    @Test("Masks and indices combine with ranges, integers and new axes")
    func combined() {
        let x = reference.tensor()
        let columns = Tensor([true, false, true, false, true])
        expect(x[1, .ellipsis, columns], equals: Reference([4, 3]) { reference[[1, $0[0], $0[1] * 2]] })
        expect(
            x[1..., .newAxis, 2, columns],
            equals: Reference([2, 1, 3]) { reference[[$0[0] + 1, 2, $0[2] * 2]] }
        )
        expect(
            x[0..., Tensor([3, -4])],
            equals: Reference([3, 2, 5]) { reference[[$0[0], $0[1] == 0 ? 3 : 0, $0[2]]] }
        )
        // PyTorch's: the integer takes its dimension away first.
        expect(x[0, 0..., Tensor([0, 1])], equals: Reference([4, 2]) { reference[[0, $0[0], $0[1]]] })
        expect(x[.ellipsis, Tensor(2)], equals: Reference([3, 4]) { reference[$0 + [2]] })
        expect(
            x[.ellipsis, Tensor([[0, 1, 2], [4, 4, 4]])],
            equals: Reference([3, 4, 2, 3]) { reference[[$0[0], $0[1], $0[2] == 0 ? $0[3] : 4]] }
        )
    }

    @Test("Many elements are selected and assigned in parts, in order")
    func large() {
        let values = (0..<100_003).map { Float($0 * 7919 % 1000) }
        var x = Tensor(values)
        let mask = x .< 300
        let expected = values.filter { $0 < 300 }
        #expect(x[mask].array() == expected)
        x[mask] = Tensor(arange: 0..<expected.count).to(.float32)
        var next: Float = -1
        #expect(
            x.array()
                == values.map { value in
                    if value >= 300 { return value }
                    next += 1
                    return next
                }
        )
        x[x .>= 300] = -1.0
        #expect(x.min().item() == -1)
        // All but the 300 smallest of the numbers that were assigned.
        #expect((x .== -1).to(.int64).sum().item(as: Int.self) == values.count - 300)
    }

    @Test("Numbers and tensors are assigned to what a mask selects", arguments: Placement.allCases)
    func assigns(placement: Placement) {
        let mask = Reference([3, 4], [1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0])
        let truths = mask.tensor(placement, .bool)
        let rows = Reference.indices([3, 4]).filter { mask[$0] == 1 }
        var x = reference.tensor(placement)
        x[truths] = 0.5
        expect(x, equals: Reference([3, 4, 5]) { mask[[$0[0], $0[1]]] == 1 ? 0.5 : reference[$0] })
        x = reference.tensor(placement)
        x[truths] = Tensor([1.0, 2.0, 3.0, 4.0, 5.0])
        expect(x, equals: Reference([3, 4, 5]) { mask[[$0[0], $0[1]]] == 1 ? Double($0[2] + 1) : reference[$0] })
        x = reference.tensor(placement)
        x[truths] = Tensor([[10.0], [20.0], [30.0], [40.0]])
        expect(
            x,
            equals: Reference([3, 4, 5]) { index in
                rows.firstIndex(of: [index[0], index[1]]).map { Double($0 + 1) * 10 } ?? reference[index]
            }
        )
        // Behind an integer and a range, where what is picked from is a part with gaps.
        x = reference.tensor(placement)
        x[0..<2, 1..<3, Tensor([true, false, false, true, true])] = Tensor([7.0, 8.0, 9.0])
        expect(
            x,
            equals: Reference([3, 4, 5]) {
                $0[0] < 2 && (1..<3).contains($0[1]) && [0, 3, 4].contains($0[2])
                    ? [7.0, 0, 0, 8, 9][$0[2]] : reference[$0]
            }
        )
        x[x .> -5] += 1.0
        #expect(x.min().item() > -1.5)
    }

    @Test("Elements that indices name are assigned, the last of equal indices stays")
    func assignsAtIndices() {
        var x = Tensor(zeros: [2, 4])
        x[0..., Tensor([3, 0, 3])] = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        #expect(x.array() == [2, 0, 0, 3, 5, 0, 0, 6])
        x[Tensor([1])] = 9
        #expect(x.array() == [2, 0, 0, 3, 9, 9, 9, 9])
        x[0, Tensor([[0, 1], [2, -1]])] = Tensor([[1, 2], [3, 4]])
        #expect(x.array() == [1, 2, 3, 4, 9, 9, 9, 9])
        // As in PyTorch, it is added once.
        x[Tensor([1, 1])] += 1
        #expect(x.array() == [1, 2, 3, 4, 10, 10, 10, 10])
        let copy = x
        x[Tensor([0, 1])] = x[Tensor([1, 0])]
        #expect(x.array() == [10, 10, 10, 10, 1, 2, 3, 4])
        #expect(copy.array() == [1, 2, 3, 4, 10, 10, 10, 10], "a copy made before keeps its values")
    }

    @Test("Every dtype is selected and assigned")
    func dtypes() {
        for dtype in DType.allCases {
            var x = Tensor([1, 0, 1, 1], dtype: dtype)
            #expect(x[Tensor([true, true, false, false])].array() == [1, 0])
            x[Tensor([true, false, true, false])] = Tensor([0, 1])
            #expect(x.array() == [0, 0, 1, 1], "\(dtype)")
            x[Tensor([true, true, false, false])] = 1
            #expect(x.array() == [1, 1, 1, 1], "\(dtype)")
            #expect(x.dtype == dtype)
        }
    }

    @Test("Gradients flow to what was selected, kept and assigned")
    func gradients() {
        let x = Tensor([1.0, -2.0, 3.0, -4.0], requiresGrad: true)
        (x[x .> 0] * Tensor([10.0, 20.0])).sum().backward()
        #expect(x.grad!.array() == [10, 0, 20, 0])
        x.zeroGrad()
        let value = Tensor(5.0, requiresGrad: true)
        var y = x * 2
        y[x .< 0] = value
        (y * Tensor([1.0, 10.0, 100.0, 1000.0])).sum().backward()
        #expect(x.grad!.array() == [2, 0, 200, 0])
        #expect(value.grad!.item() == 1010)
    }

    @Test("What does not fit is refused, with what was called and what is missing")
    func refusals() {
        let x = Tensor(zeros: [3, 4])
        expectRefusal("subscript", "must be int64, which names elements, or bool, a mask of them, not float32") {
            _ = x[Tensor([0.5])]
        }
        expectRefusal("subscript", "a mask of shape [4] does not fit the dimensions from 0 on of shape [3, 4]") {
            _ = x[Tensor([true, true, false, false])]
        }
        expectRefusal("subscript", "mask of shape []") { _ = x[Tensor(true)] }
        expectRefusal("subscript", "3 indices are more than the dimensions") {
            _ = x[Tensor(full: [3, 4], true), 0]
        }
        expectRefusal("subscript", "the tensors among the indices do not broadcast") {
            _ = x[Tensor([0, 1]), Tensor([0, 1, 2])]
        }
        expectRefusal("subscript", "index 3 is out of range: -3 ... 2 are valid") { _ = x[Tensor([0, 3])] }
        expectRefusal("subscript", "more than 8 dimensions") {
            _ = x[Tensor(zeros: [1, 1, 1, 1, 1, 1, 1, 1], dtype: .int64)]
        }
        var y = Tensor(zeros: [4])
        let mask = Tensor([true, false, true, true])
        expectRefusal(
            "subscript",
            "shape [2] does not broadcast to the shape [3] of the 3 that the mask selects of [4]"
        ) {
            y[mask] = Tensor([1.0, 2.0])
        }
        expectRefusal("subscript", "shape [3, 2] does not broadcast") { y[mask] = Tensor(zeros: [3, 2]) }
        expectRefusal("subscript", "shape [3] does not broadcast to the part's shape [2]") {
            y[Tensor([0, 1])] = Tensor([1.0, 2.0, 3.0])
        }
        #expect(y.array() == [0, 0, 0, 0])
    }
}
