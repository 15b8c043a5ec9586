import Testing
import WeftTensor

/// Products that are contractions of labelled axes.
@Suite("Einsum and its relatives")
struct EinsumTests {
    private let a = Tensor([[1, 2, 3], [4, 5, 6]])
    private let b = Tensor([[1, 0], [0, 1], [2, 2]])

    @Test("Axes are multiplied, added up, repeated and put in order")
    func forms() {
        #expect(einsum("ij,jk->ik", a, b).array(of: Int.self) == matmul(a, b).array(of: Int.self))
        #expect(einsum("ij->ji", a).array(of: Int.self) == [1, 4, 2, 5, 3, 6])
        #expect(einsum("ii", Tensor([[1, 2], [3, 4]])).item(as: Int.self) == 5)
        #expect(einsum("ba", a).shape == [3, 2])
        #expect(einsum("...j -> ...", a).array(of: Int.self) == [6, 15])
        #expect(einsum("ij,jk,k->i", a, b, Tensor([1, -1])).array(of: Int.self) == [-1, -1])
        #expect(einsum("ij,ij->j", a, Tensor([[1, 1, 1]])).array(of: Int.self) == [5, 7, 9])
    }

    @Test("Gradients flow to every operand")
    func gradient() {
        let (x, y) = (Tensor([[1.0, 2], [3, 4]], requiresGrad: true), Tensor([0.5, -1], requiresGrad: true))
        einsum("ii,i->", x, y).backward()
        #expect(x.grad?.array() == [0.5, 0, 0, -1])
        #expect(y.grad?.array() == [1, 4])
    }

    @Test(
        "Equations that do not fit are refused",
        arguments: ["ij", "ijk,jk", "ij,kj->ik", "ij,jk->il", "ij,jk->ii", "i1,jk", "ij,jk-ik", "i.j,jk", "i..,jk"]
    )
    func refusals(equation: String) {
        let error = #expect(throws: TensorError.self) { try withTensorErrors { _ = einsum(equation, a, b) } }
        #expect(error?.operation == "einsum")
    }

    @Test("Inner, outer, Kronecker and cross products")
    func vectors() {
        let (x, y) = (Tensor([1, 2, 3]), Tensor([0, 1, 1]))
        #expect(dot(x, y).item(as: Int.self) == 5)
        #expect(inner(a, Tensor([1, 0, 1])).array(of: Int.self) == [4, 10])
        #expect(outer(x, Tensor([true, false])).array(of: Int.self) == [1, 0, 2, 0, 3, 0])
        #expect(kron(Tensor([1, 2]), Tensor([[1, 3]])).array(of: Int.self) == [1, 3, 2, 6])
        #expect(cross(x, y).array(of: Int.self) == [-1, -1, 1])
        #expect(tensordot(a, b, axes: ([1], [0])).array(of: Int.self) == [7, 8, 16, 17])
        #expect(tensordot(a, b, axes: 0).shape == [2, 3, 3, 2])
    }

    @Test("What is multiplied by 0 does not count, and factors of integers are whole")
    func scaledSums() {
        let nan = Tensor([Double.nan])
        #expect(addmm(nan, Tensor([[2.0]]), Tensor([[3.0]]), beta: 0).item() == 6)
        #expect(addmv(Tensor([10, 10]), a, Tensor([1, 1, 1]), beta: 0.9, alpha: 2.5).array(of: Int.self) == [12, 30])
        #expect(addr(Tensor(false), Tensor([true, false]), Tensor([true])).array(of: Int.self) == [1, 0])
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors { _ = baddbmm(Tensor(0.0), Tensor(zeros: [2, 1, 1]), Tensor(zeros: [1, 1, 1])) }
        }
        #expect(error?.operation == "baddbmm")
    }
}
