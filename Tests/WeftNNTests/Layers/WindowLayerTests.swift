import Testing
import WeftNN
import WeftTensor

@Suite struct WindowLayerTests {
    private let x = Tensor((1...16).map(Double.init)).reshaped([1, 1, 4, 4])

    @Test func poolInOneToThreeDimensions() {
        #expect(MaxPool2d(2)(x).array() == [6, 8, 14, 16])
        #expect(MaxPool1d(3, stride: 1)(Tensor(zeros: [2, 5])).shape == [2, 3])
        #expect(MaxPool3d(2)(Tensor(zeros: [1, 1, 4, 4, 4])).shape == [1, 1, 2, 2, 2])
        #expect(AvgPool2d([4, 2])(x).array() == [7.5, 9.5])
        #expect(AvgPool1d(2)(Tensor([[[1.0, 3]]])).array() == [2])
        #expect(AvgPool3d(2, divisorOverride: 4)(Tensor(ones: [1, 2, 2, 2])).array() == [2])
        #expect(LPPool2d(2, 2)(Tensor([[[1.0, 1], [1, 1]]])).array() == [2])
        #expect(AdaptiveAvgPool2d(1)(x).array() == [8.5])
        #expect(AdaptiveAvgPool2d([nil, 2])(x).shape == [1, 1, 4, 2])
        #expect(AdaptiveMaxPool1d(2)(Tensor([[1.0, 2, 3, 4]])).array() == [2, 4])
        #expect(AdaptiveMaxPool3d(1).withIndices(Tensor(zeros: [1, 2, 2, 2])).indices.array(of: Int.self) == [0])
    }

    @Test func undoMaxima() {
        let (values, indices) = MaxPool2d(2).withIndices(x)
        #expect(MaxUnpool2d(2)(values, indices).maxPool2d(kernelSize: 2).array() == [6, 8, 14, 16])
    }

    @Test func padEverySide() {
        #expect(ZeroPad2d(1)(x).shape == [1, 1, 6, 6])
        #expect(ConstantPad1d([1, 0], 7)(Tensor([[1.0, 2]])).array() == [7, 1, 2])
        #expect(ReflectionPad1d(1)(Tensor([[1.0, 2, 3]])).array() == [2, 1, 2, 3, 2])
        #expect(ReplicationPad3d([1, 0, 0, 0, 0, 1])(Tensor(zeros: [1, 2, 2, 2])).shape == [1, 3, 2, 3])
        #expect(CircularPad1d([0, 2])(Tensor([[1.0, 2, 3]])).array() == [1, 2, 3, 1, 2])
    }

    @Test func resample() {
        #expect(Upsample(scaleFactor: 2)(x).shape == [1, 1, 8, 8])
        #expect(Upsample(size: [2, 3], mode: .bilinear)(x).shape == [1, 1, 2, 3])
        #expect(UpsamplingNearest2d(scaleFactor: 2)(Tensor([[[[1.0, 2]]]])).array() == [1, 1, 2, 2, 1, 1, 2, 2])
        #expect(UpsamplingBilinear2d(size: [1, 3])(Tensor([[[[1.0, 2]]]])).array() == [1, 1.5, 2])
    }

    @Test func moveElementsAbout() {
        #expect(PixelUnshuffle(2)(x).shape == [1, 4, 2, 2])
        #expect(PixelShuffle(2)(PixelUnshuffle(2)(x)).array() == x.array())
        #expect(ChannelShuffle(2)(Tensor([[1.0, 2, 3, 4]])).array() == [1, 3, 2, 4])
        #expect(Fold(4, 2, stride: 2)(Unfold(2, stride: 2)(x)).array() == x.array())
    }

    @Test func areLayersOfASequence() {
        let model = Sequential(ZeroPad2d(1), MaxPool2d(2), Upsample(scaleFactor: 2), AvgPool2d(3, stride: 1))
        #expect(model(x).shape == [1, 1, 4, 4])
        #expect(model.stateDict.isEmpty)
    }

    @Test func nameThemselvesInRefusals() {
        func said(_ body: () -> Tensor) -> String {
            do {
                _ = try withTensorErrors { body() }
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(said { MaxPool2d(7)(x) }.contains("MaxPool2d"))
        #expect(said { AvgPool3d(2)(Tensor(zeros: [2])) }.contains("AvgPool3d"))
        #expect(said { ReflectionPad2d(4)(x) }.contains("ReflectionPad"))
        #expect(said { ZeroPad2d([1, 2, 3])(x) }.contains("1 or 4 are wanted"))
    }
}
