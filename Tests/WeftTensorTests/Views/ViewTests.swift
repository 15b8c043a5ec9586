import Testing

@testable import WeftTensor

@Suite("Views")
struct ViewTests {
    @Test(
        "Reshaping keeps the row-major order, however the elements lie",
        arguments: Placement.allCases,
        [[24], [4, 6], [2, 3, 4], [4, 3, 2], [1, 24, 1], [2, 2, 2, 3], [6, -1], [-1, 1]]
    )
    func reshaped(placement: Placement, shape: [Int]) {
        let x = Reference.distinct([2, 3, 4])
        let result = x.tensor(placement).reshaped(shape)
        #expect(result.array(of: Double.self) == x.values)
        #expect(result.shape == shape.map { $0 == -1 ? -24 / shape.reduce(1, *) : $0 })
    }

    @Test("Every way to split and merge the dimensions of every permutation keeps the order")
    func reshapedPermutations() {
        let x = Reference.distinct([2, 3, 1, 4])
        for axes in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 0, 2, 3], [0, 3, 1, 2], [2, 1, 3, 0], [0, 1, 3, 2]] {
            let (permuted, expected) = (x.tensor().permuted(axes), x.permuted(axes))
            for shape in [
                [24], [2, 12], [12, 2], [3, 8], [8, 3], [6, 4], [4, 6], [2, 3, 4], [3, 1, 2, 4], [4, 3, 2], [2, 2, 6],
                [1, 2, 2, 1, 2, 3],
            ] {
                #expect(permuted.reshaped(shape).array(of: Double.self) == expected.values, "\(axes) as \(shape)")
            }
        }
    }

    @Test("Reshaping broadcast and cut tensors keeps the order")
    func reshapedBroadcast() {
        let row = Tensor([1.0, 2.0, 3.0]).expanded(to: [4, 3])
        #expect(row.reshaped([12]).array() == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
        #expect(row.reshaped([2, 2, 3]).array() == row.array())
        let column = Tensor([[1.0], [2.0]]).expanded(to: [2, 4])
        #expect(column.reshaped([2, 2, 2]).array() == [1, 1, 1, 1, 2, 2, 2, 2])
        let cut = Tensor(arange: 0..<24).reshaped([4, 6])[1..<3, 2..<4]
        #expect(cut.reshaped([4]).array(of: Int.self) == [8, 9, 14, 15])
        #expect(cut.T.flattened().array(of: Int.self) == [8, 14, 9, 15])
    }

    @Test("Tensors without elements take any shape without elements")
    func reshapedEmpty() {
        #expect(Tensor(zeros: [0, 3]).reshaped([3, 0, 2]).shape == [3, 0, 2])
        #expect(Tensor(zeros: [0]).reshaped([-1, 5]).shape == [0, 5])
        #expect(Tensor(zeros: [2, 0]).T.reshaped([0]).shape == [0])
        #expect(Tensor(5.0).reshaped([1, 1]).reshaped([]).shape == [])
    }

    @Test("Shapes that hold another number of elements are refused")
    func reshapedRefusals() {
        let x = Tensor(zeros: [2, 3])
        expectRefusal("reshaped", "[2, 3] has 6 elements", "[4] holds 4") { _ = x.reshaped([4]) }
        expectRefusal("reshaped", "[2, 3]", "[-1, 4]") { _ = x.reshaped([-1, 4]) }
        expectRefusal("reshaped", "[-1, -1]") { _ = x.reshaped([-1, -1]) }
        expectRefusal("reshaped", "[-1, 0]") { _ = x.reshaped([-1, 0]) }
        expectRefusal("reshaped", "negative") { _ = x.reshaped([-2, -3]) }
        expectRefusal("reshaped", "at most 8") { _ = x.reshaped([1, 1, 1, 1, 1, 1, 1, 2, 3]) }
    }

    @Test("Transposing swaps two dimensions, counted from either end")
    func transposed() {
        let x = Reference.distinct([2, 3, 4])
        expect(x.tensor().transposed(0, 1), equals: x.permuted([1, 0, 2]))
        expect(x.tensor().transposed(-1, 0), equals: x.permuted([2, 1, 0]))
        expect(x.tensor().transposed(1, 1), equals: x)
        expect(x.tensor().T, equals: x.permuted([0, 2, 1]))
        #expect(Tensor([1, 2]).T.shape == [2])
        #expect(Tensor(1).T.shape == [])
        expectRefusal("transposed", "axis 3 is out of range for shape [2, 3, 4]: -3 ... 2") {
            _ = x.tensor().transposed(0, 3)
        }
        expectRefusal("transposed", "axis -4") { _ = x.tensor().transposed(-4, 0) }
    }

    @Test(
        "A contiguous copy keeps the values and the gradient, and is none where the elements lie so",
        arguments: Placement.allCases
    )
    func contiguous(placement: Placement) {
        let x = Reference.distinct([2, 3, 4])
        let tensor = x.tensor(placement)
        #expect(tensor.contiguous().isContiguous)
        expect(tensor.contiguous(), equals: x)
        let leaf = x.tensor().withRequiresGrad()
        let weights = Reference.distinct([4, 3, 2]).tensor()
        (leaf.permuted([2, 1, 0]).contiguous() * weights).sum().backward()
        expect(leaf.grad!, equals: Reference(weights.permuted([2, 1, 0])))
        let row = Tensor(arange: 0..<6)
        row.withUnsafeBytes { bytes in
            row.contiguous().withUnsafeBytes { #expect($0.baseAddress == bytes.baseAddress) }
        }
    }

    @Test("Permuting reorders all dimensions", arguments: [[0, 1, 2], [2, 0, 1], [1, -1, 0], [-3, -2, -1]])
    func permuted(axes: [Int]) {
        let x = Reference.distinct([2, 3, 4])
        expect(x.tensor().permuted(axes), equals: x.permuted(axes.map { $0 < 0 ? $0 + 3 : $0 }))
    }

    @Test(
        "Permutations that miss or repeat a dimension are refused",
        arguments: [[0, 1], [0, 0, 1], [0, 1, 3], [0, 1, 2, 0], [0, 1, -1, 2]]
    )
    func permutedRefusals(axes: [Int]) {
        expectRefusal("permuted", "\(axes)", "[2, 3, 4]") { _ = Tensor(zeros: [2, 3, 4]).permuted(axes) }
    }

    @Test("Dimensions of size 1 come and go")
    func squeezing() {
        let x = Reference.distinct([3, 1, 2])
        expect(x.tensor().squeezed(axis: 1), equals: Reference([3, 2], x.values))
        expect(x.tensor().squeezed(axis: -2), equals: Reference([3, 2], x.values))
        expect(x.tensor().unsqueezed(axis: 0), equals: Reference([1, 3, 1, 2], x.values))
        expect(x.tensor().unsqueezed(axis: -1), equals: Reference([3, 1, 2, 1], x.values))
        expect(x.tensor().unsqueezed(axis: 3), equals: Reference([3, 1, 2, 1], x.values))
        #expect(Tensor(1.0).unsqueezed(axis: -1).shape == [1])
        expectRefusal("squeezed", "size 3, not 1") { _ = x.tensor().squeezed(axis: 0) }
        expectRefusal("squeezed", "axis 3") { _ = x.tensor().squeezed(axis: 3) }
        expectRefusal("unsqueezed", "axis 4", "-4 ... 3") { _ = x.tensor().unsqueezed(axis: 4) }
        expectRefusal("unsqueezed", "most dimensions") {
            _ = Tensor(zeros: [1, 1, 1, 1, 1, 1, 1, 1]).unsqueezed(axis: 0)
        }
    }

    @Test("Expanding repeats without copying")
    func expanded() {
        let x = Tensor([[1.0], [2.0]])
        let wide = x.expanded(to: [3, 2, 2])
        expect(wide, equals: Reference([3, 2, 2]) { $0[1] == 0 ? 1 : 2 })
        #expect(wide.start == x.start)
        #expect(Tensor(1.0).expanded(to: [0]).shape == [0])
        #expect(x.expanded(to: [2, 0]).shape == [2, 0])
        expectRefusal("expanded", "[2, 1] does not broadcast to [3, 1]") { _ = x.expanded(to: [3, 1]) }
        expectRefusal("expanded", "does not broadcast to [2]") { _ = x.expanded(to: [2]) }
        expectRefusal("expanded", "negative") { _ = x.expanded(to: [2, -2]) }
    }

    @Test("Views share memory, and know whether they are row-major")
    func sharing() {
        let x = Tensor(zeros: [4, 6])
        #expect(x.isContiguous)
        for (view, first, isContiguous) in [
            (x.T, 0, false), (x[1], 6, true), (x[1..<3], 6, true), (x[.ellipsis, 1], 1, false),
            (x[1..<3, 2..<4][1], 14, true), (x.reshaped([24]), 0, true), (x.unsqueezed(axis: 1), 0, true),
            (x.T.T, 0, true), (x[0..<1].T, 0, true), (x[0..<0].T, 0, true),
        ] {
            #expect(view.start == x.start + first * 4)
            #expect(view.isContiguous == isContiguous)
        }
    }
}
