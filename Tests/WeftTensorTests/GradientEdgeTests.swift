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

    @Test("A tensor that was refused and carried out of its scope cannot be read")
    func escapedFailure() async {
        await #expect(processExitsWith: .failure) {
            var escaped: Tensor?
            _ = try? withTensorErrors { escaped = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0]) }
            _ = escaped?.sum().item()
        }
    }
}
