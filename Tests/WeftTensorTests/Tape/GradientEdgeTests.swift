import Testing
import WeftTensor

@Suite("Gradients at the edges")
struct GradientEdgeTests {
    @Test("The divisor's gradient survives divisors whose square leaves float32", arguments: [Float(1e-25), 1e25])
    func extremeDivisors(divisor: Float) {
        let a = Tensor(divisor)
        let b = Tensor(divisor, requiresGrad: true)
        (a / b).backward()
        let expected = -1 / Double(divisor)
        #expect(abs(b.grad!.item() / expected - 1) < 1e-5)
    }

    @Test("A maximum that is NaN gives its gradient to the NaN elements")
    func maximumOfNaN() {
        let x = Tensor([1.0, Double.nan, 3.0, Double.nan], requiresGrad: true)
        x.max().backward()
        #expect(x.grad!.array() == [0, 0.5, 0, 0.5])
    }

    @Test("An infinite gradient stays zero behind relu, recorded or not", arguments: [false, true])
    func infiniteGradientBehindRelu(createGraph: Bool) {
        let x = Tensor([-1.0, 2.0], requiresGrad: true)
        let gradient = Tensor([Double.infinity, 1.0])
        let found = grad(of: x.relu(), withRespectTo: [x], gradient: gradient, createGraph: createGraph)[0]
        #expect(found.array() == [0, 1])
    }

    @Test("Gradients of an inner tensor leave the graph behind it for later")
    func innerTensor() {
        let x = Tensor(3.0, requiresGrad: true)
        let inner = x.square()
        let outer = inner.square()
        #expect(grad(of: outer, withRespectTo: [inner])[0].item() == 18)
        inner.backward()
        #expect(x.grad!.item() == 6)
    }

    @Test("Parts of one tensor, overlapping ones and those used elsewhere, add up in its gradient")
    func partsOfOneTensor() {
        let x = Tensor([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]], requiresGrad: true)
        let inner = x * 2
        let sums = inner[0].sum() + 10 * inner[0..<2, 1].sum() + 100 * inner[1..., 0..<2].sum()
        // The gradient of this sum repeats one number, and is not to be written to by parts.
        (sums + 1000 * inner.sum()).backward(retainGraph: true)
        let expected: [Float] = [[1001, 1011, 1001], [1100, 1110, 1000], [1100, 1100, 1000]].flatMap {
            $0.map { $0 * 2 }
        }
        #expect(x.grad!.array() == expected)
        sums.backward()
        #expect(x.grad!.array() == expected.map { $0 * 2 - 2000 })
    }

    @Test("A part's gradient leaves alone whatever else holds the sum that it is added to", arguments: [false, true])
    func partOfHeldSum(createGraph: Bool) {
        let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        let y = x * 1
        let z = y * 1
        // The same gradient goes to y, which a part is taken of, and is found as that of z.
        let found = grad(of: z.sum() + 5 * y[1], withRespectTo: [z, y, x], createGraph: createGraph)
        #expect(found[0].array() == [1, 1, 1])
        #expect(found[1].array() == [1, 6, 1])
        #expect(found[2].array() == [1, 6, 1])
    }

    @Test("A tensor that was refused and carried out of its scope cannot be read")
    func escapedFailure() async {
        await #expect(processExitsWith: .failure) {
            var escaped: Tensor?
            _ = try? withTensorErrors { escaped = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0]) }
            _ = escaped?.sum().item()
        }
    }
}
