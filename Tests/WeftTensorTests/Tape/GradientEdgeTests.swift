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

    @Test("Operations with an empty result are recorded, and their gradients are zeros")
    func emptyResults() {
        let none = Tensor(zeros: [0, 3], dtype: .int64)
        let operations: [(Tensor) -> Tensor] = [
            { $0.max(axis: 1).values }, { $0.min(axis: 1, keepDims: true).values }, { $0.max(axes: [1]) },
            { $0.gather(axis: 1, none) }, { $0.gather(axis: 0, none) }, { $0.softmax(axis: 1) },
            { $0.indexSelect(axis: 1, Tensor([0, 0])) }, { $0.cumulativeSum(axis: 1) }, { $0.layerNorm([3]) },
            { $0.variance(axis: 1) }, { $0.standardDeviation(axis: 1) }, { $0.sum(axis: 1) }, { $0.mean(axis: 1) },
            { $0.indexAdd(axis: 1, Tensor([0]), Tensor(zeros: [0, 1])) }, { $0.scatterAdd(axis: 1, none, $0 * 1) },
            { matmul($0, Tensor(zeros: [3, 2])) }, { concatenated([$0, $0]) }, { $0.gelu() }, { $0[.ellipsis, 1] },
        ]
        for (index, operation) in operations.enumerated() {
            let x = Tensor(zeros: [0, 3], requiresGrad: true)
            let y = operation(x)
            #expect(y.count == 0 && y.requiresGrad, "operation \(index)")
            y.sum().backward()
            #expect(x.grad?.shape == [0, 3], "operation \(index)")
        }
        let x = Tensor([[1.0, 2, 3]], requiresGrad: true)
        x.gather(axis: 0, none).sum().backward()
        #expect(x.grad?.array() == [0, 0, 0])
    }

    @Test("relu passes the gradient at NaN and none at 0, recorded or not", arguments: [false, true])
    func reluAtNaN(createGraph: Bool) {
        let x = Tensor([Double.nan, 0, -1, 2], requiresGrad: true)
        #expect(grad(of: x.relu().sum(), withRespectTo: [x], createGraph: createGraph)[0].array() == [1, 0, 0, 1])
    }

    @Test("Equal operands of a maximum get half each, equal maxima share, and along an axis the first gets all")
    func ties() {
        let (x, y) = (Tensor([2.0, 1], requiresGrad: true), Tensor([2.0, 3], requiresGrad: true))
        (Tensor.maximum(x, y) + 10 * Tensor.minimum(x, y)).sum().backward()
        #expect(x.grad?.array() == [5.5, 10])
        #expect(y.grad?.array() == [5.5, 1])
        let z = Tensor([3.0, 1, 3, 3], requiresGrad: true)
        z.max().backward()
        #expect(areThirds(z.grad, [0, 2, 3]))
        let first = grad(of: z.max(axis: 0).values, withRespectTo: [z])[0]
        #expect(first.array() == [1, 0, 0, 0])
    }

    private func areThirds(_ gradient: Tensor?, _ places: [Int]) -> Bool {
        guard let values = gradient?.array() else { return false }
        return values.indices.allSatisfy { abs(values[$0] - (places.contains($0) ? 1 / 3 : 0)) < 1e-6 }
    }

    @Test("Where a branch that was not chosen has no derivative, the chain rule's NaN stays")
    func unchosenBranch() {
        let x = Tensor([4.0, 0, -1], requiresGrad: true)
        `where`(x .> 0, x.sqrt(), Tensor(0.0)).sum().backward()
        let gradient = x.grad!.array()
        #expect(gradient[0] == 0.25 && gradient[1].isNaN && gradient[2].isNaN)
    }

    @Test("gelu and its gradient are NaN at minus infinity")
    func geluAtMinusInfinity() {
        let x = Tensor([-Double.infinity], requiresGrad: true)
        let y = x.gelu()
        y.backward()
        #expect(y.item().isNaN && x.grad!.item().isNaN)
    }

    @Test("The gradient of gelu keeps its digits where it is tiny")
    func geluTail() {
        let x = Tensor([-6.0, -10, 6], requiresGrad: true)
        x.gelu().sum().backward()
        // Phi(x) + x phi(x) in more precision.
        let exact = [-3.54687095e-8, -7.6183e-22, 1.0000000355]
        for (value, exact) in zip(x.grad!.array(of: Double.self), exact) {
            #expect(abs(value / exact - 1) < 1e-4)
        }
        #expect(abs(Double(x.grad!.array()[0]) / -3.54687095e-8 - 1) < 1e-6)
    }
}
