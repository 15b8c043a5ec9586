import Testing
import WeftRuntime

@testable import WeftTensor

@Suite("Batch, group, instance and local response norm")
struct ChannelNormTests {
    /// Normalised about the mean of all elements that share `statistics`, by definition.
    private static func normalized(
        _ x: Reference,
        weight: Reference?,
        bias: Reference?,
        epsilon: Double,
        statistics: ([Int]) -> Int
    ) -> Reference {
        var members: [Int: [Double]] = [:]
        let indices = Reference.indices(x.shape)
        for index in indices { members[statistics(index), default: []].append(x[index]) }
        let found = members.mapValues { values in
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
            return (mean: mean, scale: 1 / (variance + epsilon).squareRoot())
        }
        return Reference(x.shape) { index in
            let (mean, scale) = found[statistics(index)]!
            return (x[index] - mean) * scale * (weight?.values[index[1]] ?? 1) + (bias?.values[index[1]] ?? 0)
        }
    }

    private static let shapes = [[6, 4], [3, 4, 5], [2, 6, 3, 4], [2, 2, 2, 3, 2], [2, 2, 2, 1, 2, 2]]

    @Test("Any number of dimensions, however they lie", arguments: shapes, Placement.allCases)
    func values(shape: [Int], placement: Placement) {
        let (x, c) = (Reference.distinct(shape, from: -3, to: 5), shape[1])
        let (weight, bias) = (Reference.distinct([c], from: 0.5, to: 2), Reference.distinct([c]))
        for (w, b) in [(weight, bias), (weight, nil), (nil, bias), (nil, nil)] as [(Reference?, Reference?)] {
            let (input, wt, bt) = (x.tensor(placement), w?.tensor(placement), b?.tensor(placement))
            expect(
                input.batchNorm(weight: wt, bias: bt, epsilon: 0.1),
                equals: Self.normalized(x, weight: w, bias: b, epsilon: 0.1) { $0[1] },
                tolerance: 1e-5
            )
            expect(
                input.groupNorm(groups: 2, weight: wt, bias: bt, epsilon: 0.1),
                equals: Self.normalized(x, weight: w, bias: b, epsilon: 0.1) { $0[0] * 2 + $0[1] / (c / 2) },
                tolerance: 1e-5
            )
            if shape.count > 2 {
                expect(
                    input.instanceNorm(weight: wt, bias: bt, epsilon: 0.1),
                    equals: Self.normalized(x, weight: w, bias: b, epsilon: 0.1) { $0[0] * c + $0[1] },
                    tolerance: 1e-5
                )
            }
            let (mean, variance) = (Reference.distinct([c]), Reference.distinct([c], from: 0.5, to: 2))
            expect(
                input.batchNorm(
                    runningMean: mean.tensor(placement),
                    runningVar: variance.tensor(placement),
                    weight: wt,
                    bias: bt,
                    epsilon: 0.1
                ),
                equals: Reference(shape) { index in
                    (x[index] - mean.values[index[1]]) / (variance.values[index[1]] + 0.1).squareRoot()
                        * (w?.values[index[1]] ?? 1) + (b?.values[index[1]] ?? 0)
                },
                tolerance: 1e-5
            )
        }
    }

    /// The functions under test of an input, a weight and a bias.
    private static let functions: [(name: String, function: @Sendable ([Tensor]) -> Tensor)] = [
        ("batchNorm", { $0[0].batchNorm(weight: $0[1], bias: $0[2], epsilon: 0.1) }),
        (
            "batchNorm by given statistics",
            {
                let c = $0[0].shape[1]
                let dtype: DType = $0[0].dtype == .float64 ? .float64 : .float32
                let (mean, variance) = (Tensor(full: [c], 0.25, dtype: dtype), Tensor(full: [c], 1.5, dtype: dtype))
                return $0[0].batchNorm(runningMean: mean, runningVar: variance, weight: $0[1], bias: $0[2])
            }
        ),
        ("groupNorm", { $0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2], epsilon: 0.1) }),
        ("instanceNorm", { $0[0].instanceNorm(weight: $0[1], bias: $0[2], epsilon: 0.1) }),
        ("localResponseNorm", { $0[0].localResponseNorm(size: 3, alpha: 0.5) + 0 * ($0[1].sum() + $0[2].sum()) }),
    ]

    private static func inputs(_ shape: [Int]) -> [Tensor] {
        [
            Tensor(normal: shape, mean: 1, generator: RandomGenerator(seed: 1)),
            Tensor(uniform: [shape[1]], in: 0.5..<1.5, generator: RandomGenerator(seed: 2)),
            Tensor(normal: [shape[1]], generator: RandomGenerator(seed: 3)),
        ]
    }

    @Test("Gradients are those of the composed rule, with every choice of inputs")
    func gradients() {
        for shape in [[5, 4, 3, 3], [2, 34, 50], [3, 6, 40, 7]] {
            let gradient = Tensor(normal: shape, generator: RandomGenerator(seed: 4))
            for tracked in 1..<8 {
                let inputs = Self.inputs(shape).enumerated().map { tracked >> $0 & 1 == 1 ? $1.withRequiresGrad() : $1 }
                let wanted = inputs.filter(\.requiresGrad)
                for (name, function) in Self.functions {
                    func gradients(createGraph: Bool) -> [Tensor] {
                        grad(
                            of: function(inputs),
                            withRespectTo: wanted,
                            gradient: gradient,
                            createGraph: createGraph,
                            allowUnused: true
                        )
                    }
                    for (fused, composed) in zip(gradients(createGraph: false), gradients(createGraph: true)) {
                        expect(fused, equals: Reference(composed), tolerance: 5e-5, "\(name) of \(shape)")
                    }
                }
            }
        }
    }

    @Test(
        "Layouts and threads change no bit, and results keep the layout",
        arguments: [DType.float32, .float64, .float16]
    )
    func sameBits(dtype: DType) {
        for shape in [[4, 18, 7, 9], [2, 70, 130], [3, 6, 4, 5, 6]] {
            let gradient = Tensor(normal: shape, generator: RandomGenerator(seed: 4)).to(dtype)
            for (name, function) in Self.functions {
                func outcomes(_ format: MemoryFormat) -> [Tensor] {
                    let inputs = Self.inputs(shape).enumerated().map { place, input in
                        let input = input.to(place > 0 && dtype == .float16 ? .float32 : dtype)
                        return (place == 0 ? input.contiguous(format) : input).withRequiresGrad()
                    }
                    let result = function(inputs)
                    let gradients = grad(of: result, withRespectTo: inputs, gradient: gradient, allowUnused: true)
                    #expect(result.isContiguous(format) && gradients[0].isContiguous(format), "\(name) of \(shape)")
                    return [result.detached()] + gradients
                }
                let rowMajor = outcomes(.rowMajor)
                for (one, other) in zip(rowMajor, outcomes(.channelsLast)) {
                    #expect(
                        one.dtype == other.dtype && one.array(of: Double.self) == other.array(of: Double.self),
                        "\(name)"
                    )
                }
            }
        }
    }

    @Test("16-bit inputs take parameters of their own dtype or of float32", arguments: [DType.float16, .bfloat16])
    func halves(dtype: DType) {
        let inputs = Self.inputs([3, 4, 5])
        for (name, function) in Self.functions where name != "batchNorm by given statistics" {
            for parameters in [dtype, .float32] where !(name == "localResponseNorm" && parameters == .float32) {
                let leaves = [inputs[0].to(dtype), inputs[1].to(parameters), inputs[2].to(parameters)].map {
                    $0.withRequiresGrad()
                }
                let result = function(leaves)
                #expect(result.dtype == dtype, "\(name)")
                let wide = leaves.map { $0.detached().to(.float32).withRequiresGrad() }
                let exact = function(wide)
                expect(result, equals: Reference(exact), tolerance: dtype == .float16 ? 2e-3 : 1e-2, "\(name)")
                result.sum().backward()
                exact.sum().backward()
                for (leaf, wide) in zip(leaves, wide) {
                    #expect(leaf.grad?.dtype == leaf.dtype, "\(name)")
                    expect(leaf.grad!, equals: Reference(wide.grad!), tolerance: 0.05, "\(name)")
                }
            }
        }
    }

    @Test("Running statistics move by the momentum, and the running variance is unbiased")
    func running() {
        var (mean, variance) = (Tensor(zeros: [1]), Tensor(ones: [1]))
        let x = Tensor([[0.0], [2.0]])
        #expect(
            x.batchNorm(runningMean: &mean, runningVar: &variance, training: true, epsilon: 0).array() == [-1, 1]
        )
        expect(mean, equals: Reference([1], [0.1]), tolerance: 1e-7)
        expect(variance, equals: Reference([1], [1.1]), tolerance: 1e-7)
        let evaluated = x.batchNorm(runningMean: &mean, runningVar: &variance, epsilon: 0)
        expect(evaluated, equals: Reference([2, 1], [-0.0953463, 1.8115790]), tolerance: 1e-6)
        expect(variance, equals: Reference([1], [1.1]), tolerance: 1e-7)
        // As PyTorch has them: the averages over images.
        (mean, variance) = (Tensor(zeros: [2]), Tensor(ones: [2]))
        let images = Tensor(arange: 0..<12).to(.float32).reshaped([3, 2, 2])
        _ = images.instanceNorm(runningMean: &mean, runningVar: &variance)
        expect(mean, equals: Reference([2], [0.45, 0.65]), tolerance: 1e-6)
        expect(variance, equals: Reference([2], [0.95, 0.95]), tolerance: 1e-6)
        let given = images.instanceNorm(runningMean: &mean, runningVar: &variance, useInputStats: false)
        expect(
            given.sliced(axis: 0, start: 0, count: 1),
            equals: Reference([1, 2, 2], [-0.4617, 0.5643, 1.3851, 2.4110]),
            tolerance: 1e-4
        )
    }

    @Test("Nothing goes through, and changes no statistics")
    func nothing() {
        for (name, function) in Self.functions {
            let leaves = Self.inputs([0, 4, 3]).map { $0.withRequiresGrad() }
            let result = function(leaves)
            #expect(result.shape == [0, 4, 3], "\(name)")
            result.sum().backward()
            #expect(leaves[0].grad?.shape == [0, 4, 3], "\(name)")
            #expect(leaves[1].grad?.array() == [0, 0, 0, 0], "\(name)")
            let second = grad(of: function(leaves).sum(), withRespectTo: leaves, createGraph: true)
            #expect(second[2].array() == [0, 0, 0, 0], "\(name)")
        }
        var (mean, variance) = (Tensor(zeros: [4]), Tensor(ones: [4]))
        _ = Tensor(zeros: [0, 4]).batchNorm(runningMean: &mean, runningVar: &variance, training: true)
        #expect(mean.array() == [0, 0, 0, 0] && variance.array() == [1, 1, 1, 1])
        #expect(Tensor(zeros: [2, 0, 3]).groupNorm(groups: 2).shape == [2, 0, 3])
        #expect(Tensor(zeros: [2, 0, 3]).instanceNorm().shape == [2, 0, 3])
        #expect(Tensor([[1, 2], [3, 4]]).batchNorm().dtype == .float32)
    }

    @Test("What does not fit is refused, with the shapes")
    func refusals() {
        let x = Tensor(zeros: [2, 3, 4])
        let three = Tensor(ones: [3])
        expectRefusal("batchNorm", "[5]") { _ = Tensor(zeros: [5]).batchNorm() }
        expectRefusal("batchNorm", "weight of shape [4]", "3 numbers") { _ = x.batchNorm(weight: Tensor(ones: [4])) }
        expectRefusal("batchNorm", "bias of shape [1, 3]") { _ = x.batchNorm(bias: Tensor(ones: [1, 3])) }
        expectRefusal("batchNorm", "running mean of shape [2]") {
            _ = x.batchNorm(runningMean: Tensor(ones: [2]), runningVar: three)
        }
        expectRefusal("batchNorm", "float16 weight", "float32 input") { _ = x.batchNorm(weight: three.to(.float16)) }
        expectRefusal("batchNorm", "float32 weight", "float64 input") { _ = x.to(.float64).batchNorm(weight: three) }
        expectRefusal("batchNorm", "[1, 4]", "one value") { _ = Tensor(zeros: [1, 4]).batchNorm() }
        #expect(Tensor(zeros: [1, 3]).batchNorm(runningMean: three, runningVar: three).shape == [1, 3])
        expectRefusal("groupNorm", "3 channels", "2 groups") { _ = x.groupNorm(groups: 2) }
        expectRefusal("groupNorm", "0 groups") { _ = x.groupNorm(groups: 0) }
        expectRefusal("groupNorm", "[1, 4]", "one value") { _ = Tensor(zeros: [1, 4]).groupNorm(groups: 4) }
        expectRefusal("instanceNorm", "[2, 4, 1]", "one value") { _ = Tensor(zeros: [2, 4, 1]).instanceNorm() }
        expectRefusal("localResponseNorm", "[2, 3]") { _ = Tensor(zeros: [2, 3]).localResponseNorm(size: 2) }
        expectRefusal("localResponseNorm", "the window is 0") { _ = x.localResponseNorm(size: 0) }
    }

    @Test("The names in graphs are the operations'")
    func names() {
        let x = Tensor(ones: [2, 4, 3], requiresGrad: true)
        #expect(x.batchNorm().gradFn == "batch_norm")
        #expect(x.groupNorm(groups: 2).gradFn == "group_norm")
        #expect(x.instanceNorm().gradFn == "instance_norm")
        #expect(x.localResponseNorm(size: 2).gradFn == "local_response_norm")
    }
}
