import Testing
import WeftNN
import WeftTensor

/// Dropout of channels, bags of embeddings, and the small layers around the larger ones.
@Suite struct AroundLayerTests {
    private static let droppers: [(layer: any Layer, shape: [Int], channelAxes: Int)] = [
        (Dropout1d(0.5), [40, 5, 3], 2),
        (Dropout1d(0.5), [200, 3], 1),
        (Dropout2d(0.5), [40, 5, 2, 2], 2),
        (Dropout2d(0.5), [40, 5, 4], 2),
        (Dropout3d(0.5), [40, 5, 2, 1, 2], 2),
        (Dropout3d(0.5), [200, 2, 1, 2], 1),
    ]

    @Test(arguments: droppers.indices) func dropsWholeChannelsAndScalesTheOthers(index: Int) {
        let (layer, shape, channelAxes) = Self.droppers[index]
        let output = withRandomSeed(7) { layer(Tensor(ones: shape)) }.array()
        let channel = shape.dropFirst(channelAxes).reduce(1, *)
        let channels = stride(from: 0, to: output.count, by: channel).map { Array(output[$0..<$0 + channel]) }
        #expect(channels.allSatisfy { Set($0).count == 1 && ($0[0] == 0 || $0[0] == 2) })
        let dropped = channels.count { $0[0] == 0 }
        #expect((70...130).contains(dropped), "\(dropped) of \(channels.count)")
        #expect(withMode(.evaluation) { layer(Tensor(ones: shape)) }.array().allSatisfy { $0 == 1 })
    }

    @Test func alphaDropoutKeepsMeanAndVariance() {
        for layer in [AlphaDropout(0.3) as any Layer, FeatureAlphaDropout(0.3)] {
            let output = withRandomSeed(3) { layer(Tensor(normal: [200, 100])) }
            let (mean, variance) = (Double(output.mean().item()), Double(output.square().mean().item()))
            #expect(abs(mean) < 0.05 && abs(variance - mean * mean - 1) < 0.05, "\(mean), \(variance)")
        }
    }

    @Test func dropoutOfProbabilityOneGivesZeros() {
        #expect(AlphaDropout(1)(Tensor(ones: [4])).array() == [0, 0, 0, 0])
        #expect(Dropout2d(1)(Tensor(ones: [2, 2, 1])).array() == [0, 0, 0, 0])
    }

    @Test func refusesDropoutOfOtherShapesAndProbabilitiesByTheLayersName() {
        let shape = refusal { _ = Dropout3d()(Tensor(ones: [2, 3])) }
        #expect(shape?.operation == "Dropout3d")
        #expect(shape?.message == "shape [2, 3] has not 4 or 5 dimensions")
        let probability = refusal { _ = AlphaDropout(1.5) }
        #expect(probability?.operation == "AlphaDropout")
        #expect(probability?.message == "the probability is 1.5; it must be from 0 to 1")
    }

    @Test func everyActivationOfTheTableKeepsAnEmptyBatch() {
        let layers: [any Layer] = [
            ELU(), Hardshrink(), Hardsigmoid(), Hardtanh(), Hardswish(), LeakyReLU(), LogSigmoid(), PReLU(), ReLU(),
            ReLU6(), RReLU(), SELU(), CELU(), GELU(), GELU(approximate: .tanh), Sigmoid(), SiLU(), Mish(), Softplus(),
            Softshrink(), Softsign(), Tanh(), Tanhshrink(), Threshold(1, 2), Softmin(axis: 1), Softmax(axis: 1),
            LogSoftmax(axis: 1), Identity(),
        ]
        for layer in layers { #expect(layer(Tensor(zeros: [0, 4])).shape == [0, 4], "\(type(of: layer))") }
        #expect(GLU()(Tensor(zeros: [0, 4])).shape == [0, 2])
        #expect(Softmax2d()(Tensor(zeros: [0, 4, 2, 2])).shape == [0, 4, 2, 2])
    }

    @Test func rreluDrawsInTrainingOnly() {
        let layer = RReLU(lower: 0.1, upper: 0.3)
        let x = Tensor(full: [100], -1.0)
        #expect(Set(layer(x).array()).count > 50)
        #expect(areClose(withMode(.evaluation) { layer(x) }.array(), Array(repeating: -0.2, count: 100)))
    }

    @Test func anEmbeddingWithALongestNormScalesTheRowsThatItUses() throws {
        let layer = Embedding(3, 2, maxNorm: 1)
        layer.weight.value = Tensor([[3.0, 4.0], [0.3, 0.4], [6.0, 8.0]])
        let output = layer(Tensor([0, 1, 0]))
        #expect(areClose(output.array(), [0.6, 0.8, 0.3, 0.4, 0.6, 0.8]))
        #expect(areClose(layer.weight.value.array(), [0.6, 0.8, 0.3, 0.4, 6, 8]))
        output.sum().backward()
        #expect(layer.weight.grad?.array() == [2, 2, 1, 1, 0, 0])
    }

    @Test func paddingOfABagStartsAsZerosAndStaysOut() {
        let layer = EmbeddingBag(4, 3, mode: .sum, paddingIndex: -1)
        #expect(layer.paddingIndex == 3)
        #expect(layer.weight.value[3].array() == [0, 0, 0])
        #expect(layer(Tensor([[3, 3]])).array() == [0, 0, 0])
    }

    @Test func distancesOfEqualPointsHaveNoGradient() {
        for p in [1.0, 2, 3, .infinity] {
            let x = Tensor([[1.0, 2.0]], requiresGrad: true)
            PairwiseDistance(p: p, epsilon: 0)(x, Tensor([[1.0, 2.0]])).sum().backward()
            #expect(x.grad?.array() == [0, 0], "order \(p)")
        }
        let zero = Tensor([[0.0, 0.0]], requiresGrad: true)
        let cosine = CosineSimilarity()(zero, Tensor([[1.0, 1.0]]))
        #expect(cosine.array() == [0])
        cosine.sum().backward()
        #expect(zero.grad!.array().allSatisfy { $0.isFinite })
    }

    @Test func refusesWhatDoesNotFitWithTheNumbers() {
        #expect(
            refusal { _ = Bilinear(2, 3, 4)(Tensor(ones: [5, 2]), Tensor(ones: [5, 2])) }?.message
                == "inputs of shapes [5, 2] and [5, 2] do not fit: […, 2] and […, 3] are wanted, with the same sizes before"
        )
        #expect(
            refusal { _ = Unflatten(1, [2, 2])(Tensor(ones: [2, 5])) }?.message
                == "axis 1 of shape [2, 5] cannot be split into [2, 2]"
        )
        #expect(refusal { _ = PReLU(0) }?.message == "there are 0 slopes; at least 1 is needed")
        #expect(refusal { _ = Softmax2d()(Tensor(ones: [2, 5])) }?.operation == "Softmax2d")
        #expect(refusal { _ = EmbeddingBag(-1, 2) }?.operation == "EmbeddingBag")
        #expect(refusal { _ = PairwiseDistance(p: -1) }?.message == "the order is -1.0; it cannot be negative")
    }

    @Test func bilinearMapsStartWithinPyTorchsBounds() {
        let layer = Bilinear(4, 30, 20)
        for parameter in layer.parameters {
            #expect(parameter.value.abs().max().item() <= 0.5)
            #expect(parameter.value.abs().max().item() > 0.4)
        }
        #expect(layer.namedParameters.map(\.name) == ["weight", "bias"])
    }
}
