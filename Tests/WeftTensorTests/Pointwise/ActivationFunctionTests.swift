import Testing

@testable import WeftTensor

@Suite("Activation functions")
struct ActivationFunctionTests {
    private static let edges: [Float] = [-.infinity, -3, -0.5, 0, 0.5, 3, 6, .infinity, .nan]

    private struct Edge: Sendable {
        let name: String
        let function: @Sendable (Tensor) -> Tensor
        /// At the edges, in their order; nil where it does not matter.
        let values: [Float?]
        let slopes: [Float?]

        init(
            _ name: String,
            _ values: [Float?],
            _ slopes: [Float?],
            _ function: @escaping @Sendable (Tensor) -> Tensor
        ) {
            (self.name, self.values, self.slopes, self.function) = (name, values, slopes, function)
        }
    }

    private static let inf = Float.infinity
    private static let nan = Float.nan

    // As PyTorch 2.13 gives them.
    private static let cases = [
        Edge("leakyRelu", [-inf, -0.03, -0.005, 0, 0.5, 3, 6, inf, nan], [0.01, 0.01, 0.01, 0.01, 1, 1, 1, 1, 0.01]) {
            $0.leakyRelu()
        },
        Edge("hardtanh", [-1, -1, -0.5, 0, 0.5, 1, 1, 1, nan], [0, 0, 1, 1, 1, 0, 0, 0, 1]) { $0.hardtanh() },
        Edge("hardtanh at its bounds", [-0.5, -0.5, -0.5, 0, 0.5, 3, 3, 3, nan], [0, 0, 0, 1, 1, 0, 0, 0, 1]) {
            $0.hardtanh(min: -0.5, max: 3)
        },
        Edge("relu6", [0, 0, 0, 0, 0.5, 3, 6, 6, nan], [0, 0, 0, 0, 1, 1, 0, 0, 1]) { $0.relu6() },
        Edge(
            "hardsigmoid",
            [0, 0, 5.0 / 12, 0.5, 7.0 / 12, 1, 1, 1, nan],
            [0, 0, 1.0 / 6, 1.0 / 6, 1.0 / 6, 0, 0, 0, 0]
        ) {
            $0.hardsigmoid()
        },
        Edge(
            "hardswish",
            [nan, 0, -1.25 / 6, 0, 1.75 / 6, 3, 6, inf, nan],
            [0, 0, 1.0 / 3, 0.5, 2.0 / 3, 1, 1, 1, nil]
        ) {
            $0.hardswish()
        },
        Edge("softshrink", [-inf, -2.5, 0, 0, 0, 2.5, 5.5, inf, nan], [1, 1, 0, 0, 0, 1, 1, 1, 1]) { $0.softshrink() },
        Edge("hardshrink", [-inf, -3, 0, 0, 0, 3, 6, inf, nan], [1, 1, 0, 0, 0, 1, 1, 1, 1]) { $0.hardshrink() },
        Edge("threshold", [7, 7, 7, 7, 7, 3, 6, inf, nan], [0, 0, 0, 0, 0, 1, 1, 1, 1]) { $0.threshold(0.5, 7) },
        Edge("elu", [-1, -0.95021, -0.39347, 0, 0.5, 3, 6, inf, nan], [0, 0.04979, 0.60653, 1, 1, 1, 1, 1, nil]) {
            $0.elu()
        },
        Edge(
            "selu",
            [-1.7581, -1.67057, -0.69176, 0, 0.52535, 3.1521, 6.3042, inf, nan],
            [0, 0.08753, 1.06634, 1.7581, 1.0507, 1.0507, 1.0507, 1.0507, nil]
        ) { $0.selu() },
        Edge("celu", [-2, -1.55374, -0.4424, 0, 0.5, 3, 6, inf, nan], [0, 0.22313, 0.7788, 1, 1, 1, 1, 1, nil]) {
            $0.celu(alpha: 2)
        },
        Edge(
            "softplus",
            [0, 0.048587, 0.47408, 0.69315, 0.97408, 3.04859, 6.00248, inf, nan],
            [0, 0.047426, 0.37754, 0.5, 0.62246, 0.95257, 0.99753, 1, nan]
        ) { $0.softplus() },
        Edge(
            "logSigmoid",
            [-inf, -3.04859, -0.97408, -0.69315, -0.47408, -0.048587, -0.0024757, 0, nan],
            [1, 0.95257, 0.62246, 0.5, 0.37754, 0.047426, 0.0024726, 0, nan]
        ) { $0.logSigmoid() },
        Edge(
            "silu",
            [nan, -0.14228, -0.18877, 0, 0.31123, 2.85772, 5.98516, inf, nan],
            [nan, -0.088104, 0.26004, 0.5, 0.73996, 1.0881, 1.01233, nan, nan]
        ) { $0.silu() },
        Edge(
            "mish",
            [nan, -0.14565, -0.22074, 0, 0.37525, 2.98653, 5.99993, inf, nan],
            [nan, -0.093393, 0.28951, 0.6, 0.88642, 1.02111, 1.00013, nan, nan]
        ) { $0.mish() },
        Edge(
            "softsign",
            [nan, -0.75, -1.0 / 3, 0, 1.0 / 3, 0.75, 6.0 / 7, nan, nan],
            [nan, 0.0625, 4.0 / 9, 1, 4.0 / 9, 0.0625, 1.0 / 49, nan, nan]
        ) { $0.softsign() },
        Edge(
            "tanhshrink",
            [-inf, -2.00495, -0.037883, 0, 0.037883, 2.00495, 5.00001, inf, nan],
            [1, 0.99013, 0.21355, 0, 0.21355, 0.99013, 0.99998, 1, nan]
        ) { $0.tanhshrink() },
        Edge(
            "gelu by tanh",
            [nan, -0.0036374, -0.15429, 0, 0.34571, 2.99636, 6, inf, nan],
            [nan, -0.011584, 0.13263, 0.5, 0.86737, 1.01158, 1, nan, nan]
        ) { $0.gelu(approximate: .tanh) },
        Edge("prelu", [-inf, -0.75, -0.125, 0, 0.5, 3, 6, inf, nan], [0.25, 0.25, 0.25, 0.25, 1, 1, 1, 1, 0.25]) {
            $0.prelu(Tensor([0.25]))
        },
        Edge("rrelu", [-inf, -0.6875, -0.11458, 0, 0.5, 3, 6, inf, nan], [11.0 / 48, nil, nil, nil, 1, 1, 1, 1, nil]) {
            $0.rrelu()
        },
    ]

    @Test("Kinks, infinities and NaN have PyTorch's values and gradients", arguments: cases.indices)
    func edges(index: Int) {
        let edge = Self.cases[index]
        func matches(_ found: Float, _ expected: Float?) -> Bool {
            guard let expected else { return true }
            return found == expected || found.isNaN && expected.isNaN
                || abs(found - expected) <= 1e-5 * max(1, abs(expected))
        }
        for createGraph in [false, true] {
            let x = Tensor(Self.edges, requiresGrad: true)
            let y = edge.function(x)
            let slopes = grad(of: y.sum(), withRespectTo: [x], createGraph: createGraph)[0].array()
            for (i, value) in y.array().enumerated() {
                #expect(matches(value, edge.values[i]), "\(edge.name) at \(Self.edges[i]): \(value)")
                // What is composed multiplies by 0 where the kernel chooses; infinities are the kernel's.
                guard !createGraph || Self.edges[i].isFinite else { continue }
                #expect(matches(slopes[i], edge.slopes[i]), "slope of \(edge.name) at \(Self.edges[i]): \(slopes[i])")
            }
        }
    }

    @Test(
        "16-bit and float64 elements give the function rounded once",
        arguments: [DType.float16, .bfloat16, .float64]
    )
    func dtypes(dtype: DType) {
        let values = [-3.0, -0.5, 0.25, 2]
        for edge in Self.cases where edge.name != "prelu" {
            let found = edge.function(Tensor(values, dtype: dtype))
            let wide = edge.function(Tensor(values, dtype: .float64)).array(of: Double.self)
            #expect(found.dtype == dtype)
            let tolerance = dtype == .float64 ? 0 : dtype == .float16 ? 6e-4 : 5e-3
            for (one, other) in zip(found.array(of: Double.self), wide) {
                #expect(abs(one - other) <= tolerance * max(0.1, abs(other)), "\(edge.name)")
            }
        }
    }

    @Test(
        "A shrunk element at the bound is 0, of any dtype",
        arguments: [DType.float16, .bfloat16, .float32, .float64]
    )
    func shrinkBounds(dtype: DType) {
        let x = Tensor([0.5, -0.5, 0.75], dtype: dtype)
        #expect(x.softshrink().array(of: Double.self) == [0, 0, 0.25])
        #expect(x.hardshrink().array(of: Double.self) == [0, 0, 0.75])
        #expect(Tensor([0.0, 1.0], dtype: dtype).hardshrink(lambda: 0).array(of: Double.self) == [0, 1])
    }

    @Test("Slopes of rrelu in training are drawn between the bounds, and are those of the gradient")
    func rreluDraws() {
        let x = Tensor(full: [1000], -2.0, requiresGrad: true)
        let y = x.rrelu(lower: 0.1, upper: 0.3, training: true)
        y.sum().backward()
        let slopes = y.array().map { $0 / -2 }
        #expect(slopes.allSatisfy { (0.1...0.3).contains($0) })
        #expect(Set(slopes).count > 900)
        #expect(x.grad!.array() == slopes)
    }

    @Test("Empty tensors give empty results")
    func empty() {
        let x = Tensor(zeros: [0, 4], requiresGrad: true)
        for edge in Self.cases where edge.name != "prelu" { #expect(edge.function(x).shape == [0, 4]) }
        #expect(x.glu().shape == [0, 2])
    }

    @Test("gradFn names the function and not the kernel that several share")
    func names() {
        let x = Tensor([1.0], requiresGrad: true)
        #expect(x.elu().gradFn == "elu")
        #expect(x.selu().gradFn == "selu")
        #expect(x.leakyRelu().gradFn == "leaky_relu")
        #expect(x.logSigmoid().gradFn == "log_sigmoid")
    }

    @Test("Arguments that make no sense are refused by the function's name, and leave the right shape")
    func refused() {
        let x = Tensor(zeros: [2, 3])
        func message(_ body: @escaping () -> Tensor) -> String? {
            var shape: [Int] = []
            let error = #expect(throws: TensorError.self) { try withTensorErrors { shape = body().shape } }
            #expect(shape == [2, 3])
            return error.map { "\($0.operation): \($0.message)" }
        }
        #expect(message { x.softshrink(lambda: -1) } == "softshrink: lambda is -1.0; it cannot be negative")
        #expect(
            message { x.hardtanh(min: 2, max: 1) }
                == "hardtanh: the least value, 2.0, is greater than the greatest, 1.0"
        )
        #expect(message { x.celu(alpha: 0) } == "celu: alpha cannot be 0")
        #expect(message { x.softplus(beta: 0) } == "softplus: beta cannot be 0")
        #expect(
            message { x.rrelu(lower: 1, upper: 0) } == "rrelu: the least slope, 1.0, is greater than the greatest, 0.0"
        )
        #expect(
            message { x.prelu(Tensor(zeros: [2])) }
                == "prelu: a weight of shape [2] does not fit shape [2, 3]: one number, or one for each channel, is wanted"
        )
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors { #expect(x.glu().shape == [2, 1]) }
        }
        #expect(error?.message == "axis 1 of shape [2, 3] has an odd size, which has no halves")
    }
}
