import Testing

@testable import WeftTensor

@Suite("The tape")
struct TapeTests {
    @Test("A sum's gradient reaches both terms")
    func sumOfTerms() {
        let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        let y = Tensor([4.0, 5.0, 6.0], requiresGrad: true)
        let loss = (x + y).sum()
        loss.backward()
        #expect("\(x.grad!)" == "tensor([1., 1., 1.])")
        #expect("\(y.grad!)" == "tensor([1., 1., 1.])")
    }

    @Test("A chain of a million additions records, differentiates and is freed")
    func millionAdditions() {
        let x = Tensor(0.0, requiresGrad: true)
        do {
            var sum = x
            for _ in 0..<1_000_000 { sum = sum + 1 }
            #expect(sum.item() == 1_000_000)
            sum.backward()
            #expect(x.grad!.item() == 1)
        }
        do {
            var sum = x
            for _ in 0..<1_000_000 { sum = sum + 1 }
            #expect(sum.gradFn == "add")
        }
    }

    @Test("Least squares by hand converge")
    func leastSquares() {
        let (x, y) = withRandomSeed(1) {
            let x = Tensor(normal: [64, 3])
            return (x, matmul(x, Tensor([[1.0], [-2.0], [0.5]])))
        }
        var w = Tensor(zeros: [3, 1], requiresGrad: true)
        for _ in 0..<500 {
            let loss = (matmul(x, w) - y).square().mean()
            loss.backward()
            noGrad { w -= 0.1 * w.grad! }
            w.zeroGrad()
        }
        let found = w.array()
        for (value, expected) in zip(found, [1, -2, 0.5] as [Float]) { #expect(abs(value - expected) < 1e-4) }
    }
}
