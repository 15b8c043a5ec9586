import Testing

@testable import WeftTensor

/// A differentiable function and where to differentiate it: away from kinks and poles.
struct DifferentiableCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let inputs: [Reference]
    let function: @Sendable ([Tensor]) -> Tensor

    init(
        _ name: String,
        _ shapes: [[Int]],
        from low: Double = -2,
        to high: Double = 2,
        _ function: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.init(name, shapes.enumerated().map { .distinct($1, from: low + 0.1 * Double($0), to: high) }, function)
    }

    init(_ name: String, _ inputs: [Reference], _ function: @escaping @Sendable ([Tensor]) -> Tensor) {
        testDescription = name
        self.inputs = inputs
        self.function = function
    }

    /// One input of shape [2, 3] with values between `low` and `high`.
    init(
        _ name: String,
        from low: Double = -2,
        to high: Double = 2,
        _ function: @escaping @Sendable (Tensor) -> Tensor
    ) {
        self.init(name, [[2, 3]], from: low, to: high) { function($0[0]) }
    }

    /// Far from 0, of both signs, and far from one another.
    private static let apart = Reference([2, 3], [-1.5, 0.75, 2.25, -0.5, 1.5, -2.5])
    private static let block = Reference([2, 2, 2], [-1.5, 0.75, 2.25, -0.5, 1.5, -2.5, 0.25, -1])
    private static let labels = Tensor([2, 0, 1])

    static let arithmetic = [
        DifferentiableCase("a + b", [[2, 3], [2, 3]]) { $0[0] + $0[1] },
        DifferentiableCase("a + row", [[2, 3], [3]]) { $0[0] + $0[1] },
        DifferentiableCase("column - row", [[2, 1], [1, 3]]) { $0[0] - $0[1] },
        DifferentiableCase("a * b", [[2, 3], [2, 3]]) { $0[0] * $0[1] },
        DifferentiableCase("scalar * a", [[], [2, 3]]) { $0[0] * $0[1] },
        DifferentiableCase("a * a", [[2, 3]]) { $0[0] * $0[0] },
        DifferentiableCase("a / b", [[2, 3], [2, 3]], from: 0.8) { $0[0] / $0[1] },
        DifferentiableCase("row / column", [[3], [2, 1]], from: 0.8) { $0[0] / $0[1] },
        DifferentiableCase("integer / a", [[3]], from: 0.8) { Tensor([2, -3, 5]) / $0[0] },
        DifferentiableCase("a / integer", [[3]]) { $0[0] / Tensor([2, -3, 5]) },
        DifferentiableCase("1 - a * 2 / 3 + 4") { 1 - $0 * 2 / 3 + 4 },
        DifferentiableCase("-a") { -$0 },
        DifferentiableCase("maximum", [apart, apart.map { $0 * 0.5 + 0.3 }]) { Tensor.maximum($0[0], $0[1]) },
        DifferentiableCase("minimum with a row", [apart, Reference([3], [0.1, -0.2, 0.3])]) {
            Tensor.minimum($0[0], $0[1])
        },
        DifferentiableCase("updates in place", [[2, 3], [3]], from: 0.8) {
            var sum = $0[0] * 1
            sum += $0[1]
            sum *= $0[0]
            sum -= $0[1]
            sum /= $0[1]
            return sum
        },
        DifferentiableCase("addcmul", [[2, 3], [3], [2, 1]]) { addcmul($0[0], $0[1], $0[2]) },
        DifferentiableCase("addcmul with a factor", [[3], [2, 3], []]) { addcmul($0[0], $0[1], $0[2], value: -0.5) },
        DifferentiableCase("where", [[2, 3], [3]]) {
            `where`(Tensor([[true, false, true], [false, false, true]]), $0[0], $0[1])
        },
        DifferentiableCase("where with scalars", [[], [2, 1]]) {
            `where`(Tensor([[true, false, true]]), $0[0], $0[1])
        },
    ]

    static let functions = [
        DifferentiableCase("abs", [apart]) { $0[0].abs() },
        DifferentiableCase("sign", [apart]) { $0[0].sign() * $0[0] },
        DifferentiableCase("square") { $0.square() },
        DifferentiableCase("sqrt", from: 0.5, to: 3) { $0.sqrt() },
        DifferentiableCase("reciprocal", from: 0.8, to: 3) { $0.reciprocal() },
        DifferentiableCase("exp") { $0.exp() },
        DifferentiableCase("log", from: 0.6, to: 4) { $0.log() },
        DifferentiableCase("erf") { $0.erf() },
        DifferentiableCase("tanh") { $0.tanh() },
        DifferentiableCase("sigmoid", from: -4, to: 4) { $0.sigmoid() },
        DifferentiableCase("relu", [apart]) { $0[0].relu() },
        DifferentiableCase("relu of a square", [apart]) { ($0[0].square() - 1).relu() },
        DifferentiableCase("gelu", from: -3, to: 3) { $0.gelu() },
        DifferentiableCase("to float32") { $0.to(.float32) * $0 },
        DifferentiableCase("sin, cos and tan", from: -1.2, to: 1.2) { $0.sin() * $0.cos() + $0.tan() },
        DifferentiableCase("asin, acos and atan", from: -0.5, to: 0.5) { $0.asin() * $0.acos() + $0.atan() },
        DifferentiableCase("sinh and cosh") { $0.sinh() * $0.cosh() },
        DifferentiableCase("asinh and atanh", from: -0.5, to: 0.5) { $0.asinh() * $0.atanh() },
        DifferentiableCase("acosh", from: 1.5, to: 4) { $0.acosh() },
        DifferentiableCase("exp2 and expm1") { $0.exp2() * $0.expm1() },
        DifferentiableCase("log2, log10 and log1p", from: 0.6, to: 4) { $0.log2() * $0.log10() + $0.log1p() },
        DifferentiableCase("rsqrt", from: 0.6, to: 4) { $0.rsqrt() },
        DifferentiableCase("erfc and erfinv", from: -0.5, to: 0.5) { $0.erfc() * $0.erfinv() },
        DifferentiableCase("lgamma", from: 0.6, to: 4) { $0.lgamma() },
        DifferentiableCase("digamma", from: 0.8, to: 4) { $0.digamma() },
        DifferentiableCase("sinc and logit", from: 0.3, to: 0.7) { $0.sinc() * $0.logit() },
        DifferentiableCase("atan2", [[2, 3], [3]], from: 0.5) { $0[0].atan2($0[1]) },
        DifferentiableCase("hypot", [[2, 3], [3]], from: 0.5) { $0[0].hypot($0[1]) },
        DifferentiableCase("pow", [[2, 3], [3]], from: 0.6) { $0[0].pow($0[1]) },
        DifferentiableCase("xlogy", [[2, 3], [3]], from: 0.6) { $0[0].xlogy($0[1]) },
        DifferentiableCase("logAddExp", [[2, 3], [3]]) { $0[0].logAddExp($0[1]) },
        DifferentiableCase("lerp", [[2, 3], [3], []], from: 0.6, to: 1.2) { $0[0].lerp($0[1], weight: $0[2]) },
        DifferentiableCase("clamp", [apart]) { $0[0].clamp(min: -1.0, max: 1.75).square() },
        DifferentiableCase("addcdiv", [[2, 3], [3], [2, 1]], from: 0.8) { addcdiv($0[0], $0[1], $0[2], value: 1.5) },
    ]

    static let reductions = [
        DifferentiableCase("sum") { $0.sum().square() },
        DifferentiableCase("sum along an axis") { $0.sum(axis: 0).square() },
        DifferentiableCase("sum with keepDims") { $0 * $0.sum(axis: 1, keepDims: true) },
        DifferentiableCase("sum along axes", [[2, 3, 2]]) { $0[0].square().sum(axes: [0, -1]) },
        DifferentiableCase("mean") { $0.square().mean() },
        DifferentiableCase("mean along an axis") { $0.mean(axis: -1).square() },
        DifferentiableCase("mean along no axis") { $0.mean(axes: []).square() },
        DifferentiableCase("max", [apart]) { $0[0].max().square() },
        DifferentiableCase("min", [apart]) { $0[0].min().square() },
        DifferentiableCase("max along an axis", [apart]) { $0[0].max(axis: 1).values.square() },
        DifferentiableCase("max along two axes", [block]) { $0[0].max(axes: [0, 2]).square() },
        DifferentiableCase("min along axes with keepDims", [apart]) { $0[0] * $0[0].min(axes: [1], keepDims: true) },
        DifferentiableCase("min with keepDims", [apart]) { $0[0] * $0[0].min(axis: 0, keepDims: true).values },
        DifferentiableCase("variance", [[3, 4]]) {
            ($0[0] - $0[0].mean(axis: 1, keepDims: true)).square().mean(axis: 1)
        },
    ]

    static let spreads = [
        DifferentiableCase("variance()") { $0.variance() },
        DifferentiableCase("variance along an axis", [[3, 4]]) { $0[0].variance(axis: 0) },
        DifferentiableCase("biased variance along axes", [[2, 3, 2]]) {
            $0[0].variance(axes: [0, 2], correction: 0, keepDims: true) * $0[0]
        },
        DifferentiableCase("standardDeviation", [[3, 4]]) { $0[0].standardDeviation(axis: 1) },
        DifferentiableCase("cumulativeSum", [[3, 4]]) { $0[0].cumulativeSum(axis: 1).square() },
        DifferentiableCase("cumulativeSum of columns", [[3, 4]]) { $0[0].cumulativeSum(axis: 0) * $0[0] },
        DifferentiableCase("layerNorm", [[3, 4]]) { $0[0].layerNorm([4], epsilon: 0.1) },
        DifferentiableCase("layerNorm with weight and bias", [[3, 4], [4], [4]]) {
            $0[0].layerNorm([4], weight: $0[1], bias: $0[2], epsilon: 0.1)
        },
        DifferentiableCase("layerNorm with a bias over two axes", [[2, 2, 3], [2, 3]]) {
            $0[0].layerNorm([2, 3], bias: $0[1], epsilon: 0.1)
        },
        DifferentiableCase("rmsNorm", [[3, 4]]) { $0[0].rmsNorm([4], epsilon: 0.1) },
        DifferentiableCase("rmsNorm with weight", [[2, 2, 3], [2, 3]]) {
            $0[0].rmsNorm([2, 3], weight: $0[1], epsilon: 0.1)
        },
    ]

    static let joined = [
        DifferentiableCase("concatenated", [[2, 3], [2, 1], [2, 3]]) {
            concatenated([$0[0], $0[1], $0[2], $0[0]], axis: 1).square()
        },
        DifferentiableCase("stacked", [[2, 3], [2, 3]]) { stacked([$0[0], $0[1], $0[0]], axis: 1).square() },
        DifferentiableCase("indexAdd", [[3, 2], [4, 2]]) {
            $0[0].indexAdd(axis: 0, Tensor([2, 0, -1, 1]), $0[1]).square()
        },
        DifferentiableCase("scatterAdd", [[3, 4], [3, 3]]) {
            $0[0].scatterAdd(axis: 1, Tensor([[0, 3, 3], [-1, 1, 0]]), $0[1]).square()
        },
        DifferentiableCase("scatter", [[3, 4], [3, 3]]) {
            $0[0].scatter(axis: 1, Tensor([[0, 3, 2], [-1, 1, 0]]), $0[1]).square()
        },
        DifferentiableCase("embedding", [[4, 3]]) { $0[0].embedding(Tensor([[1, 3], [1, 0]])).square() },
    ]

    static let views = [
        DifferentiableCase("reshaped") { $0.reshaped([3, 2]).square() },
        DifferentiableCase("reshaped transpose") { $0.T.reshaped([2, 3]) * $0 },
        DifferentiableCase("flattened") { $0.flattened().square() },
        DifferentiableCase("transposed", [[2, 3, 2]]) { $0[0].transposed(0, -1) * $0[0] },
        DifferentiableCase("permuted", [[2, 3, 2]]) { $0[0].permuted([1, 2, 0]).square() },
        DifferentiableCase("squeezed and unsqueezed", [[2, 1, 3]]) {
            $0[0].squeezed(axis: 1).unsqueezed(axis: -1).square()
        },
        DifferentiableCase("expanded", [[3, 1]]) { $0[0].expanded(to: [2, 3, 4]).square() },
        DifferentiableCase("slices") { $0[0..<1] * $0[1] * $0[.ellipsis, 2].sum() },
        DifferentiableCase("new axes and negative ranges", [[3, 4]]) { $0[0][1..., .newAxis, -3 ..< -1].square() },
        DifferentiableCase("assigned parts", [[2, 3], [2]]) {
            var whole = $0[0] * $0[0]
            whole[.ellipsis, 1] = $0[1] * $0[1]
            return whole * $0[0]
        },
        DifferentiableCase("a part updated", [[2, 3], [3]]) {
            var whole = $0[0] * 1
            whole[1] *= $0[1]
            return whole * whole
        },
        DifferentiableCase("a part of a constant assigned", [[3]]) {
            var constant = Tensor(ones: [2, 3])
            constant[0] = $0[0]
            return constant.square()
        },
        DifferentiableCase("indexSelect", [[4, 3]]) { $0[0][Tensor([1, 3, 1, -4])].square() },
        DifferentiableCase("indexSelect with a matrix of indices", [[2, 3, 2]]) {
            $0[0].indexSelect(axis: 1, Tensor([[0, 2], [2, 2]])).square()
        },
        DifferentiableCase("indices after a range", [[3, 4, 2]]) {
            $0[0][1..., Tensor([[3, 0], [0, 1]]), .newAxis].square()
        },
        DifferentiableCase("a mask", [[2, 3, 2]]) {
            $0[0][0..., Tensor([[true, false], [true, true], [false, true]])].square()
        },
        DifferentiableCase("assigning at indices", [[4, 3], [2, 3]]) {
            var whole = $0[0] * 1
            whole[Tensor([3, 0])] = $0[1] * $0[1]
            return whole.square()
        },
        DifferentiableCase("assigning to a mask", [[2, 3], [4]]) {
            var whole = $0[0] * 1
            whole[Tensor([[true, false, true], [true, true, false]])] = $0[1] * $0[1]
            return whole.square()
        },
        DifferentiableCase("assigning one value to a mask", [[2, 3], []]) {
            var whole = $0[0] * 1
            whole[Tensor([[true, false, true], [true, true, false]])] = $0[1] * $0[1]
            return whole.square()
        },
        DifferentiableCase("masked", [[2, 3], [3]]) {
            $0[0].masked(Tensor([[true], [false]]), with: $0[1] * $0[1]).square()
        },
        DifferentiableCase("gather", [[3, 4]]) { $0[0].gather(axis: 1, Tensor([[0, 3, 3], [-1, 1, 0]])).square() },
    ]

    static let rows = [
        DifferentiableCase("softmax", [[3, 4]]) { $0[0].softmax(axis: 1) },
        DifferentiableCase("softmax of columns", [[3, 2, 2]]) { $0[0].softmax(axis: 0) },
        DifferentiableCase("logSoftmax", [[3, 4]]) { $0[0].logSoftmax(axis: -1) },
        DifferentiableCase("logSoftmax of the middle axis", [[2, 3, 2]]) { $0[0].logSoftmax(axis: 1) },
        DifferentiableCase("softmax of a scalar", [[]]) { $0[0].softmax(axis: 0) * $0[0].square() },
        DifferentiableCase("crossEntropy", [[3, 4]]) { $0[0].crossEntropy(labels) },
        DifferentiableCase("crossEntropy, summed", [[3, 4]]) { $0[0].crossEntropy(labels, reduction: .sum) },
        DifferentiableCase("crossEntropy, each", [[3, 4]]) { $0[0].crossEntropy(labels, reduction: .none) },
        DifferentiableCase("crossEntropy, smoothed", [[3, 4]]) { $0[0].crossEntropy(labels, labelSmoothing: 0.3) },
        DifferentiableCase("crossEntropy, ignoring", [[3, 4]]) {
            $0[0].crossEntropy(labels, ignoreIndex: 0, labelSmoothing: 0.1)
        },
        DifferentiableCase("crossEntropy of columns", [[4, 3]]) { $0[0].T.crossEntropy(labels) },
        DifferentiableCase("crossEntropy with more dimensions", [[2, 3, 2]]) {
            $0[0].crossEntropy(Tensor([[0, 2], [1, 1]]), labelSmoothing: 0.2)
        },
        DifferentiableCase("crossEntropy of one sample", [[4]]) { $0[0].crossEntropy(Tensor(2)) },
    ]

    static let products = [
        DifferentiableCase("matrix · matrix", [[2, 3], [3, 4]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("vector · vector", [[3], [3]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("matrix · vector", [[2, 3], [3]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("vector · matrix", [[3], [3, 2]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("transposed operands", [[3, 2], [4, 3]]) { matmul($0[0].T, $0[1].T) },
        DifferentiableCase("batch · matrix", [[2, 2, 3], [3, 2]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("matrix · batch", [[2, 3], [2, 3, 2]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("batches that broadcast", [[2, 1, 2, 3], [3, 3, 1]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("batch · vector", [[2, 2, 3], [3]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("vector · batch", [[3], [2, 3, 2]]) { matmul($0[0], $0[1]) },
        DifferentiableCase("a square", [[3, 3]]) { matmul($0[0], $0[0]) },
        DifferentiableCase("addmm with a row", [[4], [2, 3], [3, 4]]) { addmm($0[0], $0[1], $0[2]) },
        DifferentiableCase("addmm with a column", [[2, 1], [2, 3], [3, 4]]) { addmm($0[0], $0[1], $0[2]) },
        DifferentiableCase("addmm with a matrix", [[2, 4], [2, 3], [3, 4]]) { addmm($0[0], $0[1], $0[2]) },
        DifferentiableCase("addmm with a scalar", [[], [2, 3], [3, 4]]) { addmm($0[0], $0[1], $0[2]) },
        DifferentiableCase("two layers", [[3, 4], [4, 5], [5], [5, 2]], from: -1, to: 1) {
            matmul(addmm($0[2], $0[0], $0[1]).tanh(), $0[3]).crossEntropy(Tensor([0, 1, 1]))
        },
    ]

    /// Linear layers with each activation, with and without a bias.
    static let layers = Activation.allCases.flatMap { activation in
        [[[3, 4], [2, 4], [2]], [[3, 4], [2, 4]]].map { shapes in
            DifferentiableCase("linear with \(activation), \(shapes.count) inputs", shapes, from: -1.3, to: 1.1) {
                $0[0].linear($0[1], $0.count > 2 ? $0[2] : nil, activation, at: CallSite(#fileID, #line))
            }
        }
    }

    /// Each with what is read, the weight and, of the first two, a bias.
    static let convolutions = [
        DifferentiableCase("convolution", [[2, 2, 4, 3], [3, 2, 2, 3], [3]], from: -1, to: 1) {
            conv2d($0[0], weight: $0[1], bias: $0[2], stride: [2, 1], padding: 1)
        },
        DifferentiableCase("transposed convolution", [[2, 2, 3], [2, 2, 3], [4]], from: -1, to: 1) {
            convTranspose1d($0[0], weight: $0[1], bias: $0[2], stride: 2, padding: 1, outputPadding: 1, groups: 2)
        },
        DifferentiableCase("convolution of groups that dilates", [[1, 4, 6], [2, 2, 2]], from: -1, to: 1) {
            conv1d($0[0], weight: $0[1], dilation: 3, groups: 2)
        },
        DifferentiableCase("depthwise convolution", [[2, 3, 4, 4], [3, 1, 3, 3]], from: -1, to: 1) {
            conv2d($0[0], weight: $0[1], padding: .same, groups: 3).square()
        },
        DifferentiableCase("convolution channels-last", [[2, 3, 2, 3], [2, 3, 1, 1]], from: -1, to: 1) {
            conv2d($0[0].contiguous(.channelsLast), weight: $0[1]).tanh()
        },
    ]

    static let activations = [
        DifferentiableCase("elu", [apart]) { $0[0].elu(alpha: 1.5) },
        DifferentiableCase("selu", [apart]) { $0[0].selu() },
        DifferentiableCase("celu", [apart]) { $0[0].celu(alpha: 1.5) },
        DifferentiableCase("softplus") { $0.softplus(beta: 1.5) },
        DifferentiableCase("logSigmoid") { $0.logSigmoid() },
        DifferentiableCase("silu") { $0.silu() },
        DifferentiableCase("mish") { $0.mish() },
        DifferentiableCase("hardswish") { $0.hardswish() },
        DifferentiableCase("softsign", [apart]) { $0[0].softsign() },
        DifferentiableCase("tanhshrink") { $0.tanhshrink() },
        DifferentiableCase("gelu by tanh") { $0.gelu(approximate: .tanh) },
        DifferentiableCase("leakyRelu", [apart]) { $0[0].leakyRelu(negativeSlope: 0.2) },
        DifferentiableCase("hardtanh", [apart]) { $0[0].hardtanh(min: -1, max: 1) * $0[0] },
        DifferentiableCase("hardsigmoid") { $0.hardsigmoid() * $0 },
        DifferentiableCase("softshrink", [apart]) { $0[0].softshrink(lambda: 1) },
        DifferentiableCase("prelu with a slope", [apart, Reference([1], [0.3])]) { $0[0].prelu($0[1]) },
        DifferentiableCase("prelu with a slope a channel", [apart, Reference([3], [0.3, -0.2, 0.5])]) {
            $0[0].prelu($0[1])
        },
        DifferentiableCase("glu", [[2, 4]]) { $0[0].glu() },
        DifferentiableCase("glu along the first axis", [[4, 3]]) { $0[0].glu(axis: 0) },
    ]

    private static let bagged = Tensor([0, 2, 2, 1, 0, 3])
    private static let bagStarts = Tensor([0, 2, 2])

    static let bags = [
        DifferentiableCase("sums of bags", [[4, 3]]) { $0[0].embeddingBag(bagged, offsets: bagStarts, mode: .sum) },
        DifferentiableCase("means of bags", [[4, 3]]) {
            $0[0].embeddingBag(bagged, offsets: bagStarts, mode: .mean, paddingIndex: 2).square()
        },
        DifferentiableCase("maxima of bags", [[4, 3]]) {
            $0[0].embeddingBag(bagged, offsets: bagStarts, mode: .max).square()
        },
        DifferentiableCase("weighted bags", [[4, 3], [6]]) {
            $0[0].embeddingBag(bagged, offsets: bagStarts, mode: .sum, perSampleWeights: $0[1], paddingIndex: 3)
        },
        DifferentiableCase("weighted bags with a last offset", [[4, 3], [6]]) {
            let offsets = Tensor([0, 2, 2, 5])
            return $0[0].embeddingBag(
                bagged,
                offsets: offsets,
                mode: .sum,
                perSampleWeights: $0[1],
                includeLastOffset: true
            )
        },
    ]

    static let all =
        activations + bags + arithmetic + functions + reductions + spreads + joined + views + rows + products + layers
        + windows + convolutions
}
