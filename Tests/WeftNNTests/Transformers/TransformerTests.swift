import Testing
import WeftTensor

@testable import WeftNN

/// What the comparisons with PyTorch do not say of transformers.
@Suite struct TransformerTests {
    @Test func hasTheNamesOfPyTorch() {
        let model = Transformer(dModel: 4, numHeads: 2, numEncoderLayers: 2, numDecoderLayers: 1, dimFeedforward: 6)
        let ofLayer = ["linear1", "linear2", "norm1", "norm2"].flatMap { ["\($0).weight", "\($0).bias"] }
        func ofAttention(_ name: String) -> [String] {
            ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"].map { "\(name).\($0)" }
        }
        let encoder = (0..<2).flatMap { layer in
            (ofAttention("self_attn") + ofLayer).map { "encoder.layers.\(layer).\($0)" }
        }
        let decoder =
            (ofAttention("self_attn") + ofAttention("multihead_attn") + ofLayer + ["norm3.weight", "norm3.bias"])
            .map { "decoder.layers.0.\($0)" }
        let norms = ["encoder", "decoder"].flatMap { ["\($0).norm.weight", "\($0).norm.bias"] }
        #expect(Set(model.stateDict.keys) == Set(encoder + decoder + norms))
    }

    @Test func hasTheDefaultsOfPyTorch() {
        let layer = TransformerEncoderLayer(8, 2)
        #expect(layer.linear1.outFeatures == 2048 && layer.linear1.activation == .relu && !layer.normFirst)
        #expect(layer.settings.dropout == 0.1 && layer.norm1.epsilon == 1e-5 && !layer.selfAttention.batchFirst)
        #expect(layer.selfAttention.dropout == 0.1)
        let bare = TransformerDecoderLayer(8, 2, dimFeedforward: 3, bias: false)
        #expect(
            bare.parameters.allSatisfy {
                $0.value.rank == 2 || $0 === bare.norm1.weight || $0 === bare.norm2.weight || $0 === bare.norm3.weight
            }
        )
    }

    @Test func givesEachLayerOfAStackParametersOfItsOwnWithTheSameValues() {
        let layer = TransformerEncoderLayer(4, 2, dimFeedforward: 5)
        layer.to(.float64)
        layer.linear1.freeze()
        let (stack, drawCount) = withRandomSeed(1) {
            (TransformerEncoder(layer, numLayers: 3), RandomGenerator.current.state.drawCount)
        }
        #expect(drawCount == 0)
        #expect(stack.parameters.count == 3 * layer.parameters.count)
        for copy in stack.layers {
            #expect(copy.stateDict.keys == layer.stateDict.keys)
            for (name, value) in copy.stateDict { #expect(bits(value) == bits(layer.stateDict[name]!)) }
            #expect(!copy.linear1.weight.requiresGrad && copy.linear2.weight.requiresGrad)
        }
        stack.layers[0].linear2.weight.value = Tensor(zeros: [4, 5], dtype: .float64)
        #expect(layer.linear2.weight.value.abs().sum().item() > 0)
        #expect(stack.layers[1].linear2.weight.value.abs().sum().item() > 0)
    }

    @Test func drawsTheMatricesOfAWholeTransformerByGlorotsRuleEachForItself() {
        let model = withRandomSeed(1) {
            Transformer(dModel: 16, numHeads: 2, numEncoderLayers: 2, numDecoderLayers: 0, dimFeedforward: 48)
        }
        let (first, second) = (model.encoder.layers[0], model.encoder.layers[1])
        #expect(bits(first.linear1.weight.value) != bits(second.linear1.weight.value))
        let bound = (6.0 / 64).squareRoot()
        let largest: Double = first.linear1.weight.value.abs().max().item()
        #expect(largest <= bound && largest > 0.9 * bound)
    }

    @Test func seesNothingBehindACausalPosition() {
        let layer = withRandomSeed(2) {
            TransformerEncoderLayer(8, 2, dimFeedforward: 8, batchFirst: true, normFirst: true)
        }
        let x = withRandomSeed(3) { Tensor(normal: [2, 5, 8]) }
        var changed = x
        changed[0..., 4] = Tensor(zeros: [2, 8])
        withMode(.evaluation) {
            let mask = Transformer.generateSquareSubsequentMask(5)
            for (one, other) in [
                (layer(x, isCausal: true), layer(changed, isCausal: true)),
                (layer(x, srcMask: mask), layer(changed, srcMask: mask)),
            ] {
                #expect(one[0..., ..<4].array() == other[0..., ..<4].array())
                #expect(one[0..., 4].array() != other[0..., 4].array())
            }
            #expect(areClose(layer(x, isCausal: true).array(), layer(x, srcMask: mask).array(of: Double.self)))
        }
    }

    @Test func masksWhatFollows() {
        let infinity = -Float.infinity
        #expect(
            Transformer.generateSquareSubsequentMask(3).array() == [0, infinity, infinity, 0, 0, infinity, 0, 0, 0]
        )
        #expect(Transformer.generateSquareSubsequentMask(0).shape == [0, 0])
        #expect(refusal { _ = Transformer.generateSquareSubsequentMask(-1) } != nil)
    }

    @Test func isALayerAmongOthers() {
        let model = Sequential(
            Linear(3, 4),
            TransformerEncoder(TransformerEncoderLayer(4, 2, dimFeedforward: 6), numLayers: 1)
        )
        #expect(model(Tensor(normal: [5, 2, 3])).shape == [5, 2, 4])
        #expect(model.stateDict.keys.contains("1.layers.0.self_attn.in_proj_weight"))
    }

    @Test func dropsWhileTraining() {
        let layer = TransformerEncoderLayer(8, 2, dimFeedforward: 16, dropout: 0.5)
        let x = Tensor(normal: [3, 2, 8])
        let twice = withRandomSeed(1) { (layer(x).array(), layer(x).array()) }
        #expect(twice.0 != twice.1)
        #expect(withMode(.evaluation) { layer(x).array() == layer(x).array() })
    }

    @Test func refusesInItsOwnName() {
        let x = Tensor(zeros: [3, 2, 4])
        #expect(refusal { _ = TransformerEncoderLayer(5, 2) }?.operation == "TransformerEncoderLayer")
        #expect(
            refusal { _ = TransformerEncoder(TransformerEncoderLayer(4, 2), numLayers: -1) }?.operation
                == "TransformerEncoder"
        )
        let encoder = TransformerEncoderLayer(4, 2, dimFeedforward: 4)
        var shape: [Int] = []
        let error = refusal { shape = encoder(x, srcMask: Tensor(zeros: [2, 2])).shape }
        #expect(error?.operation == "TransformerEncoderLayer" && error?.message.contains("[2, 2]") == true)
        #expect(shape == [3, 2, 4])
        let decoder = TransformerDecoderLayer(4, 2, dimFeedforward: 4)
        #expect(refusal { _ = decoder(x, Tensor(zeros: [3, 2, 6])) }?.operation == "TransformerDecoderLayer")
    }
}
