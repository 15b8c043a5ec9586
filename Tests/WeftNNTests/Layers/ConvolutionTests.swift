import Testing
import WeftNN
import WeftTensor

@Suite struct ConvolutionLayerTests {
    @Test func hasTheShapesOfPyTorch() {
        #expect(Conv1d(6, 4, 5, groups: 2).weight.value.shape == [4, 3, 5])
        #expect(Conv2d(3, 16, [3, 5]).weight.value.shape == [16, 3, 3, 5])
        #expect(Conv3d(2, 4, 3, bias: false).bias == nil)
        #expect(ConvTranspose2d(6, 4, 2, groups: 2).weight.value.shape == [6, 2, 2, 2])
        #expect(ConvTranspose1d(6, 4, 2).bias?.value.shape == [4])
        #expect(ConvTranspose3d(1, 1, 2).weight.value.shape == [1, 1, 2, 2, 2])
        #expect(Conv2d(3, 16, 3).stateDict.keys.sorted() == ["bias", "weight"])
    }

    @Test func drawsParametersWithinPyTorchsBound() {
        withRandomSeed(1) {
            for layer in [Conv2d(8, 64, 3, groups: 2).weight, Conv2d(8, 64, 3, groups: 2).bias!] {
                let values = layer.value.array()
                #expect(values.allSatisfy { abs($0) <= 1 / 6 })
                #expect(values.contains { abs($0) > 0.8 / 6 })
            }
        }
    }

    @Test func computesItsFunction() {
        let layer = Conv2d(2, 3, 3, stride: [2, 1], padding: 1, dilation: [1, 2])
        let x = withRandomSeed(2) { Tensor(normal: [2, 2, 7, 8]) }
        let expected = conv2d(
            x,
            weight: layer.weight.value,
            bias: layer.bias?.value,
            stride: [2, 1],
            padding: 1,
            dilation: [1, 2]
        )
        #expect(layer(x).array() == expected.array())
        #expect(layer(x[0]).shape == Array(expected.shape.dropFirst()))
    }

    @Test func activatesAndFusesInASequence() {
        let (layer, relu) = (Conv2d(2, 3, 3), ReLU())
        let x = withRandomSeed(2) { Tensor(normal: [2, 2, 7, 8]) }
        let fused = Sequential(layer, relu)(x)
        #expect(fused.gradFn == "relu")
        #expect(fused.array() == relu(layer(x)).array())
        let up = ConvTranspose2d(2, 3, 2, stride: 2, activation: .tanh)
        let plain = convTranspose2d(x, weight: up.weight.value, bias: up.bias?.value, stride: 2)
        #expect(up(x).array() == plain.tanh().array())
    }

    @Test(arguments: [PaddingMode.reflect, .replicate, .circular])
    func padsWithElementsOfItsInput(mode: PaddingMode) {
        let x = withRandomSeed(2) { Tensor(normal: [2, 2, 5, 6]) }
        let layer = Conv2d(2, 3, [3, 2], padding: [1, 2], paddingMode: mode)
        let padded = x.padded([2, 2, 1, 1], mode: mode)
        let expected = conv2d(padded, weight: layer.weight.value, bias: layer.bias?.value)
        #expect(layer(x).array() == expected.array())
        let same = Conv2d(2, 3, [3, 2], padding: .same, paddingMode: mode)
        #expect(same(x).shape == [2, 3, 5, 6])
    }

    @Test func findsOutputPaddingForASize() {
        let layer = ConvTranspose2d(2, 3, 3, stride: 2, padding: 1)
        let x = Tensor(ones: [1, 2, 4, 4])
        #expect(layer(x).shape == [1, 3, 7, 7])
        #expect(layer(x, outputSize: [8, 7]).shape == [1, 3, 8, 7])
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors { #expect(layer(x, outputSize: [9, 7]).shape == [1, 3, 9, 7]) }
        }
        #expect(error?.operation == "ConvTranspose2d")
    }

    @Test func refusesWhatCannotBe() {
        func refused(_ name: String, _ words: String, _ body: () -> Void) {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { body() } }
            #expect(error?.operation == name)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
        refused("Conv2d", "3 groups do not divide 4 input and 6 output channels") { _ = Conv2d(4, 6, 3, groups: 3) }
        refused("Conv1d", "cannot be negative") { _ = Conv1d(-1, 6, 3) }
        refused("Conv3d", "kernel size") { _ = Conv3d(1, 1, [3, 3]) }
        refused("Conv2d", "stride") { _ = Conv2d(1, 1, 3, stride: 2, padding: .same) }
        refused("ConvTranspose1d", "dilation") { _ = ConvTranspose1d(1, 1, 3, dilation: 0) }
        refused("Conv2d", "has 3 channels") {
            #expect(Conv2d(2, 4, 3, padding: 1)(Tensor(zeros: [1, 3, 5, 5])).shape == [1, 4, 5, 5])
        }
        refused("Conv2d", "larger than the padded input") { _ = Conv2d(2, 4, 7)(Tensor(zeros: [1, 2, 5, 5])) }
    }
}
