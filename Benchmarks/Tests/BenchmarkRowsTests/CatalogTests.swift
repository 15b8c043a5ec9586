import BenchmarkRows
import Foundation
import Testing

@Suite struct CatalogTests {
    @Test func everyRowHasANameOfItsOwn() {
        let names = Catalog.rows.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: [
        ("matmul/512", "matmul"), ("matmul/1024/nt", "matmul"), ("matmul/128x784x512/tn", "matmul"),
        ("matmul/32x128x32x128", "matmul"), ("pointwise/tanh/1e5", "pointwise"), ("pointwise/add/1", "pointwise"),
        ("pointwise/row-broadcast/4096x1024", "pointwise"), ("copy/transpose/4096x1024", "pointwise"),
        ("reduce/sum/1e7", "reduce"), ("reduce/mean/4096x1024/axis0", "reduce"),
        ("reduce/max/4096x1024/axis1", "reduce"), ("softmax/4096x1024/forward", "normalize"),
        ("logsoftmax/4096x1024/backward", "normalize"), ("layernorm/4096x1024/backward", "normalize"),
        ("crossentropy/4096x1000/forward", "normalize"), ("tape/100-adds/forward-backward", "tape"),
        ("train/tiny-mlp", "train"), ("train/lstm", "train"), ("infer/cnn/b64/callers8", "infer"),
        ("start/first-result", "start"), ("conv2d/8x64x56x56/64x3x3s2/forward", "convolve"),
        ("conv2d/8x64x56x56/depthwise3x3/backward", "convolve"), ("conv1d/16x64x1000/64x5/forward", "convolve"),
        ("conv3d/2x16x16x32x32/16x3x3x3/backward", "convolve"),
        ("convtranspose2d/8x64x28x28/32x4x4s2/forward", "convolve"),
        ("maxpool2d/8x64x112x112/3x3s2/forward", "resample"), ("bilinear/8x64x112x112/2x/backward", "resample"),
        ("batchnorm/32x64x56x56/backward", "normalize"), ("groupnorm/32x64x56x56/32groups/forward", "normalize"),
        ("attention/8x4x128x32/causal/forward", "attend"), ("attention/4x8x512x64/mask/backward", "attend"),
        ("lstm/64x32x128/forward", "recur"), ("gru/64x32x128/backward", "recur"),
        ("infer/resnet20/b1/callers1", "infer"), ("infer/gpt/token", "infer"), ("memory/resnet20", "memory"),
    ])
    func rowsAreFoundByNameAndGroup(name: String, group: String) {
        #expect(Catalog.rows.first { $0.name == name }?.group == group)
    }

    @Test func rowsOfAGroupStandTogether() {
        let groups = Catalog.rows.map(\.group)
        let changes = zip(groups, groups.dropFirst()).count { $0 != $1 }
        #expect(changes + 1 == Set(groups).count)
    }

    @Test func aQuickRunHasAboutFiftyRowsOfAllGroupsThatAreMeasuredQuickly() {
        let quick = Catalog.rows.filter(\.quick)
        #expect((45...55).contains(quick.count))
        #expect(Set(quick.map(\.group)) == Set(Catalog.rows.map(\.group)).subtracting(["memory"]))
    }

    @Test(arguments: Catalog.rows) func costsAreFiniteAndFitTheBound(of row: Row) {
        for cost in [row.work.flops, row.work.bytes, row.tolerance] { #expect(cost.isFinite && cost >= 0) }
        switch row.work.bound {
        case .compute: #expect(row.work.flops > 0)
        case .read, .memory: #expect(row.work.bytes > 0)
        case .overhead: break
        }
    }

    @Test(arguments: Catalog.rows) func inputsDifferInNameAndSeed(of row: Row) {
        #expect(Set(row.inputs.map(\.name)).count == row.inputs.count)
        #expect(Set(row.inputs.map(\.seed)).count == row.inputs.count)
        for input in row.inputs { #expect(input.low < input.high && input.elementCount > 0) }
    }

    /// What each kind's inputs are called, in order; models have data first, then parameters.
    @Test(arguments: Catalog.rows) func inputsComeInTheOrderThatTheirKindSays(of row: Row) {
        let names = row.inputs.map(\.name)
        let backward = row.operation == "backward" ? ["gradient"] : []
        switch row.kind {
        case "matmul": #expect(names == ["a", "b"])
        case "pointwise":
            let all = ["a", "b", "c", "mask"]
            #expect(names.first == "a" && names == all.filter(names.contains))
        case "copy", "reduce": #expect(names == ["a"])
        case "softmax", "logsoftmax": #expect(names == ["x"] + backward)
        case "layernorm", "batchnorm", "groupnorm", "conv", "convtranspose":
            #expect(names == ["x", "weight", "bias"] + backward)
        case "maxpool2d", "avgpool2d", "bilinear": #expect(names == ["x"] + backward)
        case "attention":
            let mask = row.name.contains("mask") ? ["mask"] : []
            #expect(names == ["query", "key", "value"] + mask + backward)
        case "lstm", "gru":
            #expect(names[0] == "x" && names[1..<5] == ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"])
            #expect(names.dropFirst(9) == backward[...])
        case "crossentropy": #expect(names == ["logits", "labels"])
        case "tape": #expect(names == ["x", "one"])
        case "train":
            #expect(names[0] == "x" && ["y", "labels"].contains(names[1]))
            #expect(names.dropFirst(2).allSatisfy { $0.contains(".") })
        case "infer":
            let data = row.operation == "gpt-token" ? ["x", "keys", "values"] : ["x"]
            #expect(names.starts(with: data))
            #expect(names.dropFirst(data.count).allSatisfy { $0.contains(".") })
        case "start": #expect(names.isEmpty)
        default: Issue.record("no kind is called \(row.kind)")
        }
    }

    @Test func onlyLogarithmsNeedPositiveNumbersAndGetThem() throws {
        for row in Catalog.rows where row.operation == "log" {
            #expect(try #require(row.inputs.first).low > 0)
        }
    }

    @Test func parametersAreCountedAndNamedAsPyTorchDoes() throws {
        func parameters(_ name: String, data: Int) throws -> [Input] {
            Array(try #require(Catalog.rows.first { $0.name == name }).inputs.dropFirst(data))
        }
        func count(_ inputs: [Input]) -> Int { inputs.reduce(0) { $0 + $1.elementCount } }
        #expect(count(try parameters("train/tiny-mlp", data: 2)) == 337)
        #expect(count(try parameters("infer/mlp/b1/callers1", data: 1)) == 669_706)
        #expect(count(try parameters("train/cnn", data: 2)) == 421_642)
        #expect(count(try parameters("train/resnet20", data: 2)) == 272_474)
        #expect(count(try parameters("train/lstm", data: 2)) == 133_386)
        let transformer = try parameters("train/gpt", data: 2)
        #expect(count(transformer) == 875_264)
        #expect(transformer.map(\.name).contains("blocks.3.ln2.weight"))
        #expect(try parameters("train/resnet20", data: 2).map(\.name).contains("layer2.0.downsample.1.bias"))
    }

    @Test func outputsOfConvolutionsHaveTheirSizes() throws {
        func gradient(_ name: String) throws -> [Int] {
            try #require(Catalog.rows.first { $0.name == "\(name)/backward" }?.inputs.last).shape
        }
        #expect(try gradient("conv2d/8x64x56x56/64x3x3") == [8, 64, 56, 56])
        #expect(try gradient("conv2d/8x64x56x56/64x3x3s2") == [8, 64, 28, 28])
        #expect(try gradient("conv2d/32x3x224x224/32x7x7s2") == [32, 32, 112, 112])
        #expect(try gradient("conv1d/16x64x1000/64x5") == [16, 64, 1000])
        #expect(try gradient("conv3d/2x16x16x32x32/16x3x3x3") == [2, 16, 16, 32, 32])
        #expect(try gradient("convtranspose2d/8x64x28x28/32x4x4s2") == [8, 32, 56, 56])
    }

    @Test func operationsOfAConvolutionAreThoseOfItsProduct() throws {
        func flops(_ name: String) throws -> Double { try #require(Catalog.rows.first { $0.name == name }).work.flops }
        #expect(try flops("conv2d/8x64x56x56/64x3x3/forward") == Double(2 * 8 * 56 * 56 * 64 * 64 * 9))
        #expect(try flops("conv2d/8x64x56x56/64x3x3/backward") == Double(4 * 8 * 56 * 56 * 64 * 64 * 9))
        #expect(try flops("conv2d/8x64x56x56/depthwise3x3/forward") == Double(2 * 8 * 56 * 56 * 64 * 9))
        #expect(try flops("convtranspose2d/8x64x28x28/32x4x4s2/forward") == Double(2 * 8 * 28 * 28 * 64 * 32 * 16))
    }

    @Test func memoryIsMeasuredOfTheSameStepsAsTime() throws {
        for name in ["resnet20", "gpt"] {
            let step = try #require(Catalog.rows.first { $0.name == "train/\(name)" })
            let row = try #require(Catalog.rows.first { $0.name == "memory/\(name)" })
            #expect(row.measuresMemory && !step.measuresMemory)
            #expect(row.kind == step.kind && row.operation == step.operation)
            #expect(row.inputs.map(\.name) == step.inputs.map(\.name))
        }
    }

    @Test func evaluationHasRunningStatisticsAndTrainingHasNone() throws {
        func names(_ name: String) throws -> [String] {
            try #require(Catalog.rows.first { $0.name == name }).inputs.map(\.name)
        }
        #expect(try names("infer/resnet20/b1/callers1").contains("layer3.2.bn2.running_var"))
        #expect(try !names("train/resnet20").contains { $0.contains("running") })
    }

    @Test func operationsOfAStepAreThoseOfItsProducts() throws {
        let step = try #require(Catalog.rows.first { $0.name == "train/mlp-sgd" })
        // The first layer's input has no gradient.
        let multiplyAdds = 128 * (2 * 784 * 512 + 3 * 512 * 512 + 3 * 512 * 10)
        #expect(step.work.flops == 2 * Double(multiplyAdds))
    }
}
