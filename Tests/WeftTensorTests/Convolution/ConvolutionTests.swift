import Testing

@testable import WeftTensor

@Suite("Convolution")
struct ConvolutionTests {
    private static func tensor(_ shape: [Int], _ dtype: DType = .float32, grad: Bool = false) -> Tensor {
        let values = Reference.distinct(shape).values
        return Tensor(values, dtype: dtype).reshaped(shape).withRequiresGrad(grad)
    }

    @Test("Sums are those of the definition")
    func values() {
        let x = Tensor([[[1.0, 2.0, 3.0, 4.0]]])
        let weight = Tensor([[[1.0, 10.0]]])
        #expect(conv1d(x, weight: weight).array() == [21, 32, 43])
        #expect(conv1d(x, weight: weight, stride: 2, padding: 1).array() == [10, 32, 4])
        #expect(conv1d(x, weight: weight, dilation: 2).array() == [31, 42])
        #expect(conv1d(x, weight: weight, bias: Tensor([100.0])).array() == [121, 132, 143])
        let image = Tensor(arange: 0..<16).to(.float32).reshaped([1, 1, 4, 4])
        let square = Tensor(ones: [1, 1, 2, 2])
        #expect(conv2d(image, weight: square, stride: 2).array() == [10, 18, 42, 50])
        #expect(conv3d(image.reshaped([1, 1, 1, 4, 4]), weight: Tensor(ones: [1, 1, 1, 4, 4])).array() == [120])
    }

    @Test("Padding .same puts the zero too many behind, and .valid adds none")
    func padding() {
        let x = Tensor([[[1.0, 2.0, 3.0, 4.0]]])
        #expect(conv1d(x, weight: Tensor([[[1.0, 10.0]]]), padding: .same).array() == [21, 32, 43, 4])
        #expect(conv1d(x, weight: Tensor([[[1.0, 10.0]]]), padding: .valid).array() == [21, 32, 43])
        let image = Self.tensor([2, 3, 5, 6])
        let weight = Self.tensor([4, 3, 2, 4])
        #expect(conv2d(image, weight: weight, padding: .same, dilation: [3, 1]).shape == [2, 4, 5, 6])
        #expect(conv2d(image, weight: weight, padding: [1, 0]).shape == [2, 4, 6, 3])
    }

    @Test("Output padding may be as large as the dilation allows")
    func outputPadding() {
        let ones = Tensor(ones: [1, 1, 3])
        let output = convTranspose1d(ones, weight: Tensor(ones: [1, 1, 2]), outputPadding: 1, dilation: 2)
        #expect(output.array() == [1, 1, 2, 1, 1, 0])
    }

    @Test("A transpose spreads each element over a window")
    func transposed() {
        let x = Tensor([[[1.0, 2.0]]])
        let weight = Tensor([[[1.0, 10.0, 100.0]]])
        #expect(convTranspose1d(x, weight: weight).array() == [1, 12, 120, 200])
        #expect(convTranspose1d(x, weight: weight, stride: 2).array() == [1, 10, 102, 20, 200])
        #expect(
            convTranspose1d(x, weight: weight, stride: 2, padding: 1, outputPadding: 1).array() == [10, 102, 20, 200]
        )
        #expect(convTranspose1d(x, weight: weight, stride: 4).array() == [1, 10, 100, 0, 2, 20, 200])
    }

    @Test("No channels in give none out, no images give none, and images need no batch")
    func emptiness() {
        #expect(conv2d(Tensor(zeros: [1, 0, 5, 5]), weight: Tensor(zeros: [2, 0, 3, 3])).shape == [1, 0, 3, 3])
        let weight = Self.tensor([2, 3, 3, 3], grad: true)
        let none = conv2d(Tensor(zeros: [0, 3, 5, 5]), weight: weight)
        #expect(none.shape == [0, 2, 3, 3])
        none.sum().backward()
        #expect(weight.grad?.array() == [Float](repeating: 0, count: 54))
        let image = Self.tensor([3, 5, 5])
        let (one, batch) = (conv2d(image, weight: weight), conv2d(image.unsqueezed(axis: 0), weight: weight))
        #expect(one.shape == [2, 3, 3])
        #expect(one.array() == batch.array())
        #expect(convTranspose2d(Tensor(zeros: [0, 2, 5, 5]), weight: weight).shape == [0, 3, 7, 7])
        #expect(convTranspose2d(Tensor(zeros: [2, 5, 5]), weight: weight).shape == [3, 7, 7])
    }

    @Test(
        "Results and gradients have the same bits in either order of memory, and keep the input's",
        arguments: [DType.float32, .float64, .bfloat16]
    )
    func formats(dtype: DType) {
        var results: [[[Double]]] = []
        for format in [MemoryFormat.rowMajor, .channelsLast] {
            let x = Self.tensor([2, 6, 7, 9], dtype).contiguous(format).withRequiresGrad()
            let weight = Self.tensor([9, 2, 3, 2], dtype, grad: true)
            let bias = Self.tensor([9], dtype, grad: true)
            let back = Self.tensor([9, 2, 2, 3], dtype, grad: true)
            let y = conv2d(x, weight: weight, bias: bias, stride: [2, 1], padding: 1, groups: 3)
            let z = convTranspose2d(y, weight: back, stride: 2, groups: 3)
            #expect(y.isContiguous(format) && z.isContiguous(format))
            let all = [y, z] + grad(of: (z * z).sum(), withRespectTo: [x, weight, bias, back])
            #expect(all[2].isContiguous(format))
            results.append(all.map { $0.array(of: Double.self) })
        }
        #expect(results[0] == results[1])
        // Views that lie in neither order are copied.
        let x = Self.tensor([2, 9, 7, 6], dtype).transposed(1, 3)
        let weight = Self.tensor([9, 2, 3, 2], dtype)
        #expect(
            conv2d(x, weight: weight, groups: 3).array(of: Double.self)
                == conv2d(x.contiguous(), weight: weight.transposed(0, 1).contiguous().transposed(0, 1), groups: 3)
                .array(of: Double.self)
        )
    }

    @Test("Activations have the bits of their own kernels", arguments: Activation.allCases)
    func activations(activation: Activation) {
        for dtype in [DType.float32, .float16] {
            for format in [MemoryFormat.rowMajor, .channelsLast] {
                let x = Self.tensor([2, 3, 5, 9], dtype).contiguous(format)
                let (weight, bias) = (Self.tensor([20, 3, 3, 3], dtype), Self.tensor([20], dtype))
                let site = CallSite(#fileID, #line)
                let fused = convolution(2, x, weight, bias, 1, 1, 1, 1, nil, activation: activation, at: site)
                let plain = conv2d(x, weight: weight, bias: bias, padding: 1)
                let expected = plain.applying(activation, file: #fileID, line: #line)
                #expect(fused.array(of: Double.self) == expected.array(of: Double.self))
                let leaf = x.withRequiresGrad()
                let tracked = convolution(2, leaf, weight, bias, 1, 1, 1, 1, nil, activation: activation, at: site)
                let (a, b) = (grad(of: tracked.sum(), withRespectTo: [leaf])[0], leaf.withRequiresGrad())
                let apart = conv2d(b, weight: weight, bias: bias, padding: 1)
                    .applying(activation, file: #fileID, line: #line)
                #expect(a.array(of: Double.self) == grad(of: apart.sum(), withRespectTo: [b])[0].array(of: Double.self))
            }
        }
    }

    @Test("Types are promoted, and integers stay integers")
    func types() {
        let x = Tensor([[[1, 2, 3]]])
        let whole = conv1d(x, weight: Tensor([[[1, 1]]]), bias: Tensor([10]))
        #expect(whole.dtype == .int64 && whole.array(of: Int.self) == [13, 15])
        #expect(conv1d(x, weight: Tensor([[[1.0, 2.0]]], dtype: .float64)).array(of: Double.self) == [5, 8])
    }

    @Test("Wrong arguments are refused by name, and stand-ins have the right call's shape")
    func refusals() {
        let x = Tensor(zeros: [2, 3, 5, 5])
        let weight = Tensor(zeros: [4, 3, 3, 3])
        func refused(_ shape: [Int], _ words: String, _ make: () -> Tensor) {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { #expect(make().shape == shape) } }
            #expect(error?.operation.hasPrefix("conv") == true)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        refused([2, 4, 3, 3], "3 groups do not divide") { conv2d(x, weight: weight, groups: 3) }
        refused([2, 4, 3, 3], "has 3 channels") { conv2d(x, weight: Tensor(zeros: [4, 2, 3, 3])) }
        refused([2, 4, 0, 0], "larger than the padded input") { conv2d(x, weight: Tensor(zeros: [4, 3, 7, 7])) }
        refused([2, 4, 5, 5], ".same does not go with stride [2, 2]") {
            conv2d(x, weight: weight, stride: 2, padding: .same)
        }
        refused([2, 4, 3, 3], "stride") { conv2d(x, weight: weight, stride: [1, 1, 1]) }
        refused([2, 4, 5, 5], "dilation") { conv2d(x, weight: weight, dilation: 0) }
        refused([2, 4, 3, 3], "bias of shape [3]") { conv2d(x, weight: weight, bias: Tensor(zeros: [3])) }
        refused([2, 4, 5, 5], "a weight of shape") { conv2d(x, weight: Tensor(zeros: [4, 3, 3])) }
        refused([2, 3, 5, 6], "output padding") {
            convTranspose2d(x[0..., 0..<2], weight: Tensor(zeros: [2, 3, 1, 1]), outputPadding: [0, 1])
        }
        refused([2, 3, 0, 7], "too small") {
            convTranspose2d(x[0..., 0..<2], weight: Tensor(zeros: [2, 3, 1, 3]), padding: [3, 0])
        }
    }
}
