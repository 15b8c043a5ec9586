import Testing

@testable import WeftTensor

@Suite("Functions with a derivative of their own")
struct CustomFunctionTests {
    /// x³, whose derivative is made of differentiable operations.
    private func cube(_ x: Tensor) -> Tensor {
        differentiable("cube", x) {
            $0 * $0 * $0
        } derivative: { gradient, step in
            gradient * 3 * step.inputs[0].square()
        }
    }

    /// Sine and cosine of a small angle by their power series, of which the derivatives are each other.
    private func sineAndCosine(_ x: Tensor) -> [Tensor] {
        differentiable("sine_and_cosine", [x]) { inputs in
            let x = inputs[0]
            let square = x.square()
            return (
                outputs: [x * (1 - square / 6 + square.square() / 120), 1 - square / 2 + square.square() / 24],
                saved: []
            )
        } derivative: { gradients, step in
            [gradients[0] * step.outputs[1] - gradients[1] * step.outputs[0]]
        }
    }

    @Test("The gradient is what the rule gives, and the step has the function's name")
    func gradient() {
        let x = Tensor([1.0, -2.0], requiresGrad: true)
        let y = cube(x)
        #expect(y.gradFn == "cube")
        #expect(y.array() == [1, -8])
        y.sum().backward()
        #expect(x.grad?.array() == [3, 12])
    }

    @Test("A rule in differentiable operations is differentiated again, and again")
    func higherDerivatives() {
        let x = Tensor([2.0, 3.0], requiresGrad: true)
        let first = grad(of: cube(x).sum(), withRespectTo: [x], createGraph: true)[0]
        let second = grad(of: first.sum(), withRespectTo: [x], createGraph: true)[0]
        let third = grad(of: second.sum(), withRespectTo: [x])[0]
        #expect(first.array() == [12, 27])
        #expect(second.array() == [12, 18])
        #expect(third.array() == [6, 6])
    }

    @Test("A second derivative goes through outputs too")
    func derivativeOfOutputs() {
        let x = Tensor([0.5], requiresGrad: true)
        let e = differentiable("exponential", x) {
            $0.exp()
        } derivative: { gradient, step in
            gradient * step.outputs[0]
        }
        let first = grad(of: e, withRespectTo: [x], createGraph: true)[0]
        let second = grad(of: first, withRespectTo: [x])[0]
        #expect(second.item() == x.detached().exp().item())
    }

    @Test("Each of several outputs has its own gradient, zeros where none reaches it")
    func severalOutputs() {
        let x = Tensor([0.25, -0.5], requiresGrad: true)
        let both = sineAndCosine(x)
        #expect(both.map(\.gradFn) == ["sine_and_cosine", "sine_and_cosine"])
        let sine = grad(of: both[0].sum(), withRespectTo: [x], retainGraph: true)[0]
        #expect(sine.array() == both[1].array())
        let together = grad(of: (both[0] * 2 + both[1]).sum(), withRespectTo: [x], createGraph: true)[0]
        #expect(together.array() == (both[1] * 2 - both[0]).array())
        let second = grad(of: together.sum(), withRespectTo: [x])[0]
        #expect(second.array() == (both[0] * -2 - both[1]).array())
    }

    @Test("Several inputs, saved values, and an input without a gradient")
    func severalInputs() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let w = Tensor([3.0, 4.0], dtype: .float64, requiresGrad: true)
        let shift = Tensor([10, 20])
        let y = differentiable("affine", [x, w, shift]) { inputs in
            let product = inputs[0] * inputs[1]
            return (outputs: [product + inputs[2]], saved: [inputs[1] * 2])
        } derivative: { gradients, step in
            [(gradients[0] * step.saved[0] / 2).to(.float32), gradients[0] * step.inputs[0], nil]
        }
        #expect(y[0].dtype == .float64)
        y[0].sum().backward()
        #expect(x.grad?.dtype == .float32)
        #expect(x.grad?.array() == [3, 4])
        #expect(w.grad?.array() == [1, 2])
    }

    @Test("An output that is no floating-point tensor carries no gradient")
    func integerOutputs() {
        let x = Tensor([3.0, 7.0, 5.0], requiresGrad: true)
        let results = differentiable("largest", [x]) { inputs in
            let index = inputs[0].argmax()
            return (outputs: [inputs[0].max(), index], saved: [index])
        } derivative: { gradients, step in
            [`where`(Tensor(arange: 0..<3) .== step.saved[0], gradients[0], Tensor(0.0))]
        }
        #expect(results[1].item(as: Int.self) == 1)
        #expect(!results[1].requiresGrad)
        results[0].backward()
        #expect(x.grad?.array() == [0, 1, 0])
    }

    @Test("Nothing is recorded where no gradient is wanted")
    func unrecorded() {
        let x = Tensor([2.0])
        #expect(cube(x).gradFn == nil)
        #expect(noGrad { cube(Tensor([2.0], requiresGrad: true)).gradFn } == nil)
    }

    @Test("A rule that gives another shape, dtype or number of gradients is refused with the call's line")
    func wrongRules() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        func error(_ gradients: @escaping @Sendable (Tensor) -> [Tensor?], line: UInt) -> TensorError? {
            #expect(throws: TensorError.self) {
                try withTensorErrors {
                    differentiable("wrong", [x], line: line) {
                        ([$0[0] * 2], [])
                    } derivative: { gradient, _ in
                        gradients(gradient[0])
                    }[0].sum().backward()
                }
            }
        }
        let shape = error({ [$0.sum()] }, line: 41)
        #expect(shape?.operation == "wrong")
        #expect(shape?.line == 41)
        #expect(shape?.message.contains("float32 gradient of shape [] for input 0, float32 of shape [2]") == true)
        #expect(error({ [$0.to(.float64)] }, line: 42)?.message.contains("float64 gradient") == true)
        #expect(error({ [$0, $0] }, line: 43)?.message.contains("2 gradients for 1 inputs") == true)
        #expect(x.grad == nil)
    }

    @Test("What a rule saved is freed by the pass that used it, and a second pass is refused")
    func freed() {
        let x = Tensor(ones: [1000], requiresGrad: true)
        let y = cube(x).sum()
        y.backward()
        let error = #expect(throws: TensorError.self) { try withTensorErrors { y.backward() } }
        #expect(error?.operation == "backward")
    }

    @Test("After a refused input the outputs stand for their shapes")
    func refusedInput() {
        #expect(throws: TensorError.self) {
            try withTensorErrors {
                let refused = Tensor(zeros: [2, 3]).reshaped([7])
                #expect(cube(refused).shape == [7])
            }
        }
    }
}
