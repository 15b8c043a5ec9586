import Testing

@testable import WeftTensor

@Suite("Places")
struct PlaceTests {
    private let x = Tensor(arange: 0..<24).reshaped([2, 3, 4])

    @Test("Several tensors among the indices name places together, where they stand or first of all")
    func severalTensors() {
        #expect(x[0..., Tensor([0, -1]), Tensor([[1], [2]])].shape == [2, 2, 2])
        #expect(x[0, Tensor([0, -1]), Tensor([[1], [2]])].array(of: Int.self) == [1, 9, 2, 10])
        #expect(x[Tensor([1, 0]), 0..., Tensor([3, 0])].array(of: Int.self) == [15, 19, 23, 0, 4, 8])
        #expect(x[Tensor([true, false]), Tensor([0, 2])].array(of: Int.self) == [0, 1, 2, 3, 8, 9, 10, 11])
        var y = x
        y[Tensor([1, 0]), (0...).by(2), Tensor([3, 0])] = Tensor([[-1, -2], [-3, -4]])
        #expect(y[1].array(of: Int.self) == [12, 13, 14, -1, 16, 17, 18, 19, 20, 21, 22, -2])
        #expect(y[0, 2, 0].item(as: Int.self) == -4)
    }

    @Test("Gradients flow through several tensors, and are added up where places are named twice")
    func gradients() {
        let x = Tensor([[1.0, 2], [3, 4]], requiresGrad: true)
        x[Tensor([0, 1, 1]), Tensor([1, 0, 0])].square().sum().backward()
        #expect(x.grad?.array() == [0, 4, 12, 0])
        let put = Tensor(zeros: [3]).indexPut([Tensor([1, 1])], Tensor([2.0, 3.0]), accumulates: true)
        #expect(put.array() == [0, 5, 0])
    }

    @Test("Places of what is not 0, NaN included, of any rank")
    func nonzero() {
        #expect(Tensor([[0, .nan], [2, -0.0]] as [[Float]]).nonzero().array(of: Int.self) == [0, 1, 1, 0])
        #expect(Tensor(3.0).nonzero().shape == [1, 0])
        #expect(Tensor(zeros: [0, 2]).nonzero().shape == [0, 2])
        #expect(x[x.nonzeroIndices()[0], x.nonzeroIndices()[1], x.nonzeroIndices()[2]].count == 23)
    }

    @Test("Masks pick and place elements in order")
    func masks() {
        let mask = Tensor([true, false, true])
        #expect(Tensor([[1.0], [2]]).maskedSelect(mask).array() == [1, 1, 2, 2])
        #expect(Tensor(zeros: [3]).maskedScatter(mask, Tensor([5.0, 6, 7])).array() == [5, 0, 6])
        expectRefusal("maskedScatter", "selects 2 elements") {
            _ = Tensor(zeros: [3]).maskedScatter(mask, Tensor([5.0]))
        }
    }

    @Test("Scattered elements are reduced with what is there, or without")
    func reductions() {
        let (index, source) = (Tensor([0, 0, 2]), Tensor([3.0, -1, .nan] as [Float]))
        let x = Tensor([1.0, 2, 3])
        #expect(x.scatterReduce(axis: 0, index, source, .product).array()[..<2] == [-3, 2])
        #expect(x.scatterReduce(axis: 0, index, source, .max)[2].item(as: Float.self).isNaN)
        #expect(x.scatterReduce(axis: 0, index, source, .mean, includesSelf: false).array()[..<2] == [1, 2])
        let floors = Tensor([0, 0]).scatterReduce(axis: 0, Tensor([0, 1]), Tensor([-1, 1]), .mean)
        #expect(floors.array(of: Int.self) == [-1, 0])
        let halves = Tensor([2.0, 1]).to(.float16).scatterReduce(
            axis: 0,
            Tensor([1, 1]),
            Tensor([3.0, 4]).to(.float16),
            .min,
            includesSelf: false
        )
        #expect(halves.array() == [2, 3])
        expectRefusal("scatterReduce", "truth values have no mean") {
            _ = Tensor([true]).scatterReduce(axis: 0, Tensor([0]), Tensor([true]), .mean)
        }
    }
}
