import Testing

@testable import WeftTensor

@Suite("Products, norms and other reductions")
struct ProductTests {
    @Test("Gradients of products are right where elements are 0")
    func zeros() {
        let x = Tensor([2.0, 0.0, 5.0], requiresGrad: true)
        x.product().backward()
        #expect(x.grad?.array() == [0, 10, 0])
        let y = Tensor([2.0, 0.0, 5.0], requiresGrad: true)
        y.cumulativeProduct(axis: 0).sum().backward()
        #expect(y.grad?.array() == [1, 12, 0])
    }

    @Test("Products of many, of nothing, and of truth values", arguments: [1, 9, 100, 70_000])
    func values(count: Int) {
        // Not of 2 and 1/2 in turn, which fall into different lanes, and there overflow and vanish.
        let numbers = (0..<count).map { [2.0, 2.0, 0.25, 1.0][$0 / 64 % 4] }
        let x = Tensor(numbers)
        #expect(x.product().item() == numbers.reduce(1, *))
        let columns = x.reshaped([count, 1]).expanded(to: [count, 12])
        #expect(columns.product(axis: 0).array()[11] == x.product().array()[0])
        #expect(Tensor(zeros: [0]).product().item() == 1)
        #expect(Tensor([true, true]).product().dtype == .int64)
    }

    @Test("Running extrema keep the last of equals, and NaN")
    func runningExtrema() {
        let (values, indices) = Tensor([1.0, 3.0, 3.0, 2.0, .nan, 4.0]).cumulativeMax(axis: 0)
        #expect(values.array().prefix(4) == [1, 3, 3, 3] && values.array()[5].isNaN)
        #expect(indices.array(of: Int.self) == [0, 1, 2, 2, 4, 4])
        #expect(Tensor([2, 1, 1]).cumulativeMin(axis: 0).indices.array(of: Int.self) == [0, 1, 2])
    }

    @Test("Norms of any order, with a gradient of 0 at 0")
    func norms() {
        let x = Tensor([3.0, -4.0, 0.0])
        #expect(x.norm().item() == 5)
        #expect(x.norm(1).item() == 7)
        #expect(x.norm(0).item() == 2)
        #expect(x.norm(.infinity).item() == 4)
        #expect(abs(x.norm(3).item() - 4.497941) < 1e-5)
        let zero = Tensor([0.0, 0.0], requiresGrad: true)
        zero.norm().backward()
        #expect(zero.grad?.array() == [0, 0])
    }

    @Test("Truth, and what counts")
    func truth() {
        let x = Tensor([[1.0, 0.0], [.nan, 2.0]])
        #expect(x.all(axis: 1).array(of: Bool.self) == [false, true])
        #expect(x.any(axis: 0).array(of: Bool.self) == [true, true])
        #expect(x.countNonzero().item() == 3)
        #expect(Tensor(zeros: [0]).all().item() == 1 && Tensor(zeros: [0]).any().item() == 0)
        #expect(x.nanSum().item() == 3 && x.nanMean(axes: [0]).array() == [1, 1])
    }

    @Test("Sums of exponentials do not overflow")
    func exponentials() {
        let x = Tensor([1000.0, 1000.0])
        #expect(abs(x.logSumExp().item() - 1000.6931) < 1e-3)
        #expect(abs(x.logCumulativeSumExp(axis: 0).array()[1] - 1000.6931) < 1e-3)
        #expect(Tensor(zeros: [0]).logSumExp().item() == -.infinity)
    }

    @Test("Histograms and counts")
    func counts() {
        #expect(Tensor([0.0, 1.0, 2.0, 3.0, 9.0]).histogram(bins: 3, min: 0, max: 3).array() == [1, 1, 2])
        #expect(Tensor([0, 2, 2]).binCount(minimumLength: 4).array(of: Int.self) == [1, 0, 2, 0])
        expectRefusal("binCount", "negative") { _ = Tensor([-1]).binCount() }
    }

    @Test("Differences, areas and slopes")
    func differences() {
        let x = Tensor([1.0, 4.0, 9.0, 16.0])
        #expect(x.differences(order: 2).array() == [2, 2])
        #expect(x.cumulativeTrapezoid().array() == [2.5, 9, 21.5])
        #expect(x.numericalGradients(edgeOrder: 2)[0].array() == [2, 4, 6, 8])
        expectRefusal("numericalGradients", "fewer") { _ = Tensor([1.0]).numericalGradients() }
    }

    @Test("Covariances and correlations")
    func covariance() {
        let x = Tensor([[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]])
        #expect(x.covariance().array() == [1, 2, 2, 4])
        #expect(x.correlation().array() == [1, 1, 1, 1])
        expectRefusal("covariance", "negative") { _ = x.covariance(weights: Tensor([1.0, -1.0, 1.0])) }
    }
}
