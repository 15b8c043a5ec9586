import Testing

@testable import WeftTensor

/// Derivatives against differences of values.
///
/// Float32 leaves about seven digits, so the differences are taken over a wide step, and the four-point formula
/// f'(x) ≈ (8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h makes up for it: with h = 1/32 its own error
/// is about h⁴/30, less than that of rounding. Weighted sums of the outputs are added up in Double.
@Suite("Gradients")
struct GradientTests {
    private static let step = 1.0 / 32
    private static let tolerance = 3e-4

    @Test("First derivatives agree with differences of the values", arguments: DifferentiableCase.all)
    func first(function: DifferentiableCase) {
        let leaves = function.inputs.map { $0.tensor(requiresGrad: true) }
        let output = function.function(leaves)
        let weights = Reference.distinct(output.shape, from: 0.5, to: 1.5)
        output.backward(gradient: weights.tensor())
        for index in leaves.indices {
            let expected = Self.differences(of: function.inputs, at: index) { inputs in
                [Self.weighted(function.function(inputs.map { $0.tensor() }), weights)]
            }
            expect(leaves[index].grad!, equals: expected[0], tolerance: Self.tolerance, "input \(index)")
        }
    }

    @Test(
        "Derivatives that can be differentiated again are the same as those that cannot",
        arguments: DifferentiableCase.all
    )
    func recordedFirst(function: DifferentiableCase) {
        let leaves = function.inputs.map { $0.tensor(requiresGrad: true) }
        let output = function.function(leaves)
        let weights = Reference.distinct(output.shape, from: 0.5, to: 1.5).tensor()
        let recorded = grad(of: output, withRespectTo: leaves, gradient: weights, createGraph: true)
        let plain = grad(of: output, withRespectTo: leaves, gradient: weights)
        for (one, other) in zip(recorded, plain) {
            expect(one, equals: Reference(other), tolerance: 1e-5)
            #expect(!other.requiresGrad)
        }
    }

    @Test("Second derivatives agree with differences of the first", arguments: DifferentiableCase.all)
    func second(function: DifferentiableCase) {
        let leaves = function.inputs.map { $0.tensor(requiresGrad: true) }
        let output = function.function(leaves)
        let weights = Reference.distinct(output.shape, from: 0.5, to: 1.5)
        let first = grad(of: output, withRespectTo: leaves, gradient: weights.tensor(), createGraph: true)
        let directions = function.inputs.map { Reference.distinct($0.shape, from: -1, to: 1.2) }
        var sum = Tensor(0.0)
        for (gradient, direction) in zip(first, directions) { sum = sum + (gradient * direction.tensor()).sum() }
        let expected = leaves.indices.map { index in
            Self.differences(of: function.inputs, at: index) { inputs in
                let leaves = inputs.map { $0.tensor(requiresGrad: true) }
                function.function(leaves).backward(gradient: weights.tensor())
                return [zip(leaves, directions).reduce(0) { $0 + Self.weighted($1.0.grad!, $1.1) }]
            }[0]
        }
        guard sum.requiresGrad else {
            // A linear function: its derivative does not depend on the inputs.
            for reference in expected {
                expect(Tensor(zeros: reference.shape), equals: reference, tolerance: Self.tolerance)
            }
            return
        }
        let second = grad(of: sum, withRespectTo: leaves, allowUnused: true)
        for (gradient, reference) in zip(second, expected) {
            expect(gradient, equals: reference, tolerance: 2 * Self.tolerance)
        }
    }

    @Test("Third derivatives are there too")
    func third() {
        let x = Tensor([0.5, 1.5], requiresGrad: true)
        var derivative = x.square().square() + x.exp()
        for _ in 0..<3 { derivative = grad(of: derivative.sum(), withRespectTo: [x], createGraph: true)[0] }
        let expected = Reference([2], [0.5, 1.5]).map { 24 * $0 }.combined(Reference(Tensor([0.5, 1.5]).exp())) {
            $0 + $1
        }
        expect(derivative, equals: expected, tolerance: 1e-5)
    }

    @Test("Operands that lie in memory in another way have the same gradients", arguments: Placement.allCases)
    func placement(placement: Placement) {
        for function in DifferentiableCase.all {
            let plain = function.inputs.map { $0.tensor(requiresGrad: true) }
            let placed = function.inputs.map { $0.tensor(placement).withRequiresGrad() }
            let weights = Reference.distinct(function.function(plain).shape, from: 0.5, to: 1.5)
            function.function(plain).backward(gradient: weights.tensor())
            function.function(placed).backward(gradient: weights.tensor(placement))
            for (one, other) in zip(placed, plain) {
                expect(one.grad!, equals: Reference(other.grad!), tolerance: 1e-5, "\(function.testDescription)")
            }
        }
    }

    @Test("Where several elements share an extreme, they share its gradient")
    func ties() {
        let x = Tensor([3.0, 1.0, 3.0], requiresGrad: true)
        x.max().backward()
        #expect(x.grad!.array() == [0.5, 0, 0.5])
        x.zeroGrad()
        Tensor.maximum(x, Tensor([3.0, 0.0, 4.0])).sum().backward()
        #expect(x.grad!.array() == [0.5, 1, 0])
        x.zeroGrad()
        let rows = Tensor([[3.0, 1.0, 3.0], [2.0, 5.0, 4.0]], requiresGrad: true)
        rows.max(axes: [1]).sum().backward()
        #expect(rows.grad!.array() == [0.5, 0, 0.5, 0, 1, 0])
        x.zeroGrad()
        // Along an axis the first of equals has it all, as it is the one whose index is given.
        x.max(axis: 0).values.backward()
        #expect(x.grad!.array() == [1, 0, 0])
    }

    @Test("At kinks the gradient is 0")
    func kinks() {
        let x = Tensor([0.0, -0.0], requiresGrad: true)
        (x.relu() + x.abs()).sum().backward()
        #expect(x.grad!.array() == [0, 0])
    }

    @Test("Gradients flow to floating-point inputs of mixed operations alone")
    func mixed() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let y = x * Tensor([3, 4]) + Tensor([true, false])
        #expect(!y.to(.int64).requiresGrad)
        #expect(!(x .> 1).requiresGrad)
        #expect(!x.argmax().requiresGrad)
        #expect(!x.argmax(axis: 0).requiresGrad)
        #expect(!x.max(axis: 0).indices.requiresGrad)
        y.sum().backward()
        #expect(x.grad!.array() == [3, 4])
    }

    @Test("Gradients of large tensors are right to the last element")
    func large() {
        let x = Tensor(uniform: [300, 500], in: -1..<1, requiresGrad: true, generator: RandomGenerator(seed: 4))
        let values = Reference(x.detached())
        (x.tanh() * x).mean().backward()
        let tanh = Reference(x.detached().tanh())
        let expected = values.combined(tanh) { x, t in ((1 - t * t) * x + t) / 150_000 }
        expect(x.grad! * 150_000, equals: expected.map { $0 * 150_000 }, tolerance: 1e-5)
    }

    // MARK: - Differences

    private static func weighted(_ tensor: Tensor, _ weights: Reference) -> Double {
        zip(tensor.array(of: Double.self), weights.values).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The derivatives of each of the numbers that `function` gives by every element of input `index`.
    private static func differences(
        of inputs: [Reference],
        at index: Int,
        _ function: ([Reference]) -> [Double]
    ) -> [Reference] {
        let derivatives = inputs[index].values.indices.map { element in
            let values = [1.0, -1, 2, -2].map { steps in
                var moved = inputs
                moved[index].values[element] += steps * step
                return function(moved)
            }
            return values[0].indices.map { number in
                let near = values[0][number] - values[1][number]
                let far = values[2][number] - values[3][number]
                return (8 * near - far) / (12 * step)
            }
        }
        let count = derivatives.first?.count ?? 0
        return (0..<count).map { number in Reference(inputs[index].shape, derivatives.map { $0[number] }) }
    }
}

@Suite struct SettingGradientTests {
    @Test func replacesWhatPassesAddTo() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let copy = x
        x.grad = Tensor([10.0, 20.0])
        (x * 3).sum().backward()
        #expect(copy.grad?.array() == [13, 23])
        x.grad! *= 0.5
        #expect(x.grad?.array() == [6.5, 11.5])
        x.grad = nil
        #expect(x.grad == nil)
    }

    @Test func keepsAValueOfItsOwn() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        var source = Tensor([[3.0, 0.0], [4.0, 0.0]])
        x.grad = source.T[0]
        source += 1
        #expect(x.grad?.array() == [3, 4])
        #expect(x.grad?.isContiguous == true)
    }

    @Test func isRefusedForAnotherShapeOrDType() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        x.grad = Tensor([5.0, 6.0])
        for wrong in [Tensor([1.0]), Tensor([[1.0, 2.0]]), Tensor([1, 2]), Tensor([1.0, 2.0], dtype: .float64)] {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { x.grad = wrong } }
            #expect(error?.operation == "grad")
            #expect(
                error?.message
                    == "a \(wrong.dtype) gradient of shape \(wrong.shape) does not fit a float32 tensor of shape [2]"
            )
        }
        #expect(x.grad?.array() == [5, 6])
    }

    @Test func isRefusedForWhatHasNoGradient() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        for tensor in [Tensor([1.0]), x.sum().reshaped([1])] {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { tensor.grad = Tensor([1.0]) } }
            #expect(error?.message == "the tensor of shape [1] is not a leaf that requires a gradient: it has none")
        }
        // As there is none, there is nothing to forget.
        Tensor([1.0]).grad = nil
    }
}
