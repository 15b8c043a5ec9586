import Testing

@testable import WeftTensor

@Suite("Slices and diagonals")
struct PartTests {
    private let x = Tensor(arange: 0..<12).reshaped([3, 4])

    @Test("A step in a subscript takes every so many elements, for reading and for assigning")
    func steps() {
        #expect(x[1, (0...).by(3)].array(of: Int.self) == [4, 7])
        #expect(x[(0..<3).by(2), (1...2).by(5)].array(of: Int.self) == [1, 9])
        #expect(x[(...1).by(Int.max)].shape == [1, 4])
        var y = x
        y[0..., (1...).by(2)] += 100
        #expect(y[2].array(of: Int.self) == [8, 109, 10, 111])
        expectRefusal("subscript", "step must be positive, not 0") { _ = x[(0...).by(0)] }
    }

    @Test("Gradients of a part are zero around it")
    func gradients() {
        let x = Tensor([[1.0, 2, 3], [4, 5, 6]], requiresGrad: true)
        (x[0..., (0...).by(2)].square().sum() + x.diagonal(offset: 1).sum() * 10).backward()
        #expect(x.grad?.array() == [2, 10, 6, 8, 0, 22])
    }

    @Test("Diagonals beyond a corner are empty, and negative offsets lie below")
    func diagonals() {
        #expect(x.diagonal(offset: -1).array(of: Int.self) == [4, 9])
        #expect(x.diagonal(offset: 4).shape == [0])
        #expect(x.diagonal(offset: .min).shape == [0])
        #expect(Tensor([1, 2]).diag(offset: -1).array(of: Int.self) == [0, 0, 0, 1, 0, 0, 0, 2, 0])
        expectRefusal("diagonal", "must differ") { _ = x.diagonal(axis1: 1, axis2: -1) }
        expectRefusal("diag", "a vector or a matrix") { _ = Tensor(1).diag() }
    }

    @Test("Slices out of range are cut, elements out of range are refused")
    func bounds() {
        #expect(x.sliced(axis: 1, from: -2, to: 99).shape == [3, 2])
        #expect(x.sliced(axis: 0, from: 2, to: 1).shape == [0, 4])
        #expect(x.selected(axis: -1, index: -1).array(of: Int.self) == [3, 7, 11])
        expectRefusal("selected", "index 3 is out of range") { _ = x.selected(axis: 0, index: 3) }
        expectRefusal("narrowed", "no 4 elements from 1 on") { _ = x.narrowed(axis: 1, start: 1, count: 4) }
        expectRefusal("selectScatter", "does not fit the part") {
            _ = x.selectScatter(Tensor([1, 2]), axis: 0, index: 0)
        }
    }

    @Test("Windows overlap, and an element's gradient is the sum of its copies'")
    func windows() {
        let x = Tensor([1.0, 2, 3, 4], requiresGrad: true)
        let windows = x.unfolded(axis: 0, size: 3, step: 1)
        #expect(windows.array() == [1, 2, 3, 2, 3, 4])
        windows.sum().backward()
        #expect(x.grad?.array() == [1, 2, 2, 1])
        expectRefusal("unfolded", "do not fit axis 0") { _ = x.unfolded(axis: 0, size: 5, step: 1) }
    }
}
