import Testing
import WeftTensor

@testable import WeftNN

/// What the comparisons with PyTorch do not say of attention's layers.
@Suite struct MultiheadAttentionTests {
    @Test func hasTheNamesShapesAndFirstValuesOfPyTorch() {
        let layer = withRandomSeed(1) { MultiheadAttention(64, 4, addBiasKV: true) }
        let shapes = layer.stateDict.mapValues(\.shape)
        #expect(
            shapes == [
                "in_proj_weight": [192, 64], "in_proj_bias": [192], "bias_k": [1, 1, 64], "bias_v": [1, 1, 64],
                "out_proj.weight": [64, 64], "out_proj.bias": [64],
            ]
        )
        #expect(layer.inProjectionBias!.value.array().allSatisfy { $0 == 0 })
        #expect(layer.outProjection.bias!.value.array().allSatisfy { $0 == 0 })
        // Within the bounds, and as wide as the distributions are.
        func measure(_ tensor: Tensor) -> (largest: Double, deviation: Double) {
            (tensor.abs().max().item(), tensor.variance().sqrt().item())
        }
        let joined = measure(layer.inProjectionWeight!.value)
        let bound = (6.0 / 256).squareRoot()
        #expect(joined.largest <= bound && abs(joined.deviation - bound / 3.0.squareRoot()) < 0.005)
        #expect(measure(layer.outProjection.weight.value).largest <= 1.0 / 8)
        #expect(abs(measure(layer.keyBias!.value).deviation - 1.0 / 8) < 0.05)

        let parted = MultiheadAttention(8, 2, bias: false, kdim: 3, vdim: 5)
        #expect(
            parted.stateDict.mapValues(\.shape) == [
                "q_proj_weight": [8, 8], "k_proj_weight": [8, 3], "v_proj_weight": [8, 5], "out_proj.weight": [8, 8],
            ]
        )
    }

    @Test(arguments: [true, false]) func givesTheSameWithItsWeightsAsWithout(batchFirst: Bool) {
        withRandomSeed(2) {
            let layer = MultiheadAttention(12, 3, batchFirst: batchFirst)
            let x = Tensor(normal: [4, 5, 12])
            let memory = Tensor(normal: batchFirst ? [4, 7, 12] : [7, 5, 12])
            let (output, weights) = layer(x, memory, memory, needWeights: true, averageAttentionWeights: false)
            #expect(areClose(layer(x, memory, memory).array(), output.array(of: Double.self)))
            #expect(weights?.shape == (batchFirst ? [4, 3, 5, 7] : [5, 3, 4, 7]))
            #expect(areClose(weights!.sum(axis: -1).array(), Array(repeating: 1, count: 60)))
            #expect(layer(x, memory, memory, needWeights: false).weights == nil)
        }
    }

    @Test func computesOneProductForEqualInputsWithTheValuesOfThree() {
        withRandomSeed(3) {
            let layer = MultiheadAttention(8, 2)
            let x = Tensor(normal: [3, 2, 8])
            let copy = x * 1
            #expect(areClose(layer(x, x, x).array(), layer(x, copy, x * 1).array(of: Double.self)))
            #expect(areClose(layer(x, copy, copy).array(), layer(x, copy, x * 1).array(of: Double.self)))
        }
    }

    @Test func dropsWeightsWhileTrainingOnly() {
        let (layer, x) = withRandomSeed(4) { (MultiheadAttention(8, 2, dropout: 0.5), Tensor(normal: [6, 2, 8])) }
        let evaluated = withMode(.evaluation) { (layer(x, x, x).array(), layer(x, x, x).array()) }
        #expect(evaluated.0 == evaluated.1)
        let trained = withRandomSeed(5) { (layer(x, x, x).array(), layer(x, x, x).array()) }
        #expect(trained.0 != trained.1 && trained.0 != evaluated.0)
        #expect(withRandomSeed(5) { layer(x, x, x).array() } == trained.0)
    }

    @Test func hidesEverythingFromAQueryWithoutSpoilingIt() {
        let layer = MultiheadAttention(4, 2)
        let x = Tensor(normal: [3, 2, 4], requiresGrad: true)
        let padding = Tensor([[true, true, true], [false, true, false]])
        for output in [
            layer(x, x, x, keyPaddingMask: padding), layer(x, x, x, keyPaddingMask: padding, needWeights: true).output,
        ] {
            #expect(output.array().allSatisfy { $0.isFinite })
            #expect(
                output[0..., 0].array()
                    == Array(repeating: layer.outProjection.bias!.value.array(), count: 3).flatMap(\.self)
            )
            output.sum().backward()
            #expect(x.grad!.array().allSatisfy { $0.isFinite })
        }
    }

    @Test func takesEmptyBatches() {
        let layer = MultiheadAttention(4, 2, batchFirst: true)
        let x = Tensor(normal: [0, 3, 4])
        #expect(layer(x, x, x).shape == [0, 3, 4])
        #expect(layer(x, x, x, needWeights: true).weights?.shape == [0, 3, 3])
    }

    @Test func refusesWhatDoesNotFitWithTheNumbers() {
        #expect(refusal { _ = MultiheadAttention(10, 3) }?.message.contains("10 features") == true)
        #expect(refusal { _ = MultiheadAttention(9, 3, dropout: 2) }?.operation == "MultiheadAttention")
        let layer = MultiheadAttention(4, 2)
        let x = Tensor(zeros: [3, 2, 4])
        func message(_ body: () -> Tensor) -> String {
            var shape: [Int] = []
            let error = refusal { shape = body().shape }
            #expect(shape == [3, 2, 4] && error?.operation == "MultiheadAttention")
            return error?.message ?? ""
        }
        #expect(message { layer(x, Tensor(zeros: [3, 5, 4]), Tensor(zeros: [3, 5, 4])) }.contains("[3, 5, 4]"))
        #expect(message { layer(x, Tensor(zeros: [3, 2, 5]), x) }.contains("[3, 2, 5]"))
        #expect(message { layer(x, x, Tensor(zeros: [6, 2, 4])) }.contains("[6, 2, 4]"))
        #expect(message { layer(x, x, x, attentionMask: Tensor(zeros: [3, 4])) }.contains("[3, 4]"))
        #expect(message { layer(x, x, x, keyPaddingMask: Tensor(zeros: [3, 2])) }.contains("[3, 2]"))
        #expect(message { layer(x, x, x, keyPaddingMask: Tensor(zeros: [2, 3], dtype: .int64)) }.contains("int64"))
        var shape: [Int]?
        let error = refusal { shape = layer(x, x, Tensor(zeros: [6, 2, 4]), needWeights: true).weights?.shape }
        #expect(error != nil && shape == [2, 3, 3])
    }
}
