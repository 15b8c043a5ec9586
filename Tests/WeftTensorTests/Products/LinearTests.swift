import Testing

@testable import WeftTensor

@Suite("Linear layers' products")
struct LinearTests {
    /// Result and gradients of a linear layer of random numbers, as bytes, and what recorded the result.
    private func outcome(
        _ sizes: [Int],
        _ dtype: DType,
        hasBias: Bool,
        _ output: (_ input: Tensor, _ weight: Tensor, _ bias: Tensor?) -> Tensor
    ) -> (bytes: [[UInt8]], gradFn: String?) {
        let (rows, depth, features) = (sizes[0], sizes[1], sizes[2])
        let tensors = withRandomSeed(5) {
            [[rows, depth], [features, depth], [features]].map {
                Tensor(normal: $0, standardDeviation: 0.5, dtype: dtype, requiresGrad: true)
            }
        }
        let bias = hasBias ? tensors[2] : nil
        let result = output(tensors[0], tensors[1], bias)
        let unrecorded = noGrad { output(tensors[0], tensors[1], bias) }
        (result * result).sum().backward()
        let all = [result, unrecorded] + tensors.compactMap(\.grad)
        return (all.map { $0.withUnsafeBytes { Array($0) } }, result.gradFn)
    }

    /// Few rows and many, narrow and wide, none, and a depth whose parts are products of their own.
    @Test(
        "An activation in the product has the bits of a step of its own, and so have the gradients",
        arguments: Activation.allCases,
        [[3, 5, 4], [70, 40, 33], [1, 40, 130], [2, 5000, 3], [0, 3, 2], [3, 0, 2]]
    )
    func activations(activation: Activation, sizes: [Int]) {
        let site = CallSite(#fileID, #line)
        for dtype in [DType.float32, .float64, .float16, .bfloat16] {
            for hasBias in [true, false] {
                let fused = outcome(sizes, dtype, hasBias: hasBias) { $0.linear($1, $2, activation, at: site) }
                let steps = outcome(sizes, dtype, hasBias: hasBias) {
                    $0.linear($1, $2, nil, at: site).applying(activation, file: #fileID, line: #line)
                }
                #expect(fused.bytes.count == (hasBias ? 5 : 4))
                #expect(fused.bytes[0] == fused.bytes[1])
                #expect(fused == steps, "\(dtype), \(hasBias ? "with" : "without") a bias")
            }
        }
    }

    @Test("A result that is changed in place leaves the saved one as it was")
    func savedResult() {
        let weight = Tensor([[1.0, -2.0], [0.5, 3.0]], requiresGrad: true)
        var result = Tensor([[1.0, 1.0]]).linear(weight, nil, .relu, at: CallSite(#fileID, #line))
        result *= Tensor(2.0)
        result.sum().backward()
        #expect(weight.grad?.array() == [0, 0, 2, 2])
    }
}
