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
        ("start/first-result", "start"),
    ])
    func rowsAreFoundByNameAndGroup(name: String, group: String) {
        #expect(Catalog.rows.first { $0.name == name }?.group == group)
    }

    @Test func rowsOfAGroupStandTogether() {
        let groups = Catalog.rows.map(\.group)
        let changes = zip(groups, groups.dropFirst()).count { $0 != $1 }
        #expect(changes + 1 == Set(groups).count)
    }

    @Test func aQuickRunHasAboutFortyRowsOfAllGroups() {
        let quick = Catalog.rows.filter(\.quick)
        #expect((35...40).contains(quick.count))
        #expect(Set(quick.map(\.group)) == Set(Catalog.rows.map(\.group)))
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
        case "layernorm": #expect(names == ["x", "weight", "bias"] + backward)
        case "crossentropy": #expect(names == ["logits", "labels"])
        case "tape": #expect(names == ["x", "one"])
        case "train":
            #expect(names[0] == "x" && ["y", "labels"].contains(names[1]))
            #expect(names.dropFirst(2).allSatisfy { $0.contains(".") })
        case "infer":
            #expect(names[0] == "x")
            #expect(names.dropFirst().allSatisfy { $0.contains(".") })
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

    @Test func operationsOfAStepAreThoseOfItsProducts() throws {
        let step = try #require(Catalog.rows.first { $0.name == "train/mlp-sgd" })
        // The first layer's input has no gradient.
        let multiplyAdds = 128 * (2 * 784 * 512 + 3 * 512 * 512 + 3 * 512 * 10)
        #expect(step.work.flops == 2 * Double(multiplyAdds))
    }
}
