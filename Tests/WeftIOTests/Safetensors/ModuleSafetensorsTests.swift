import Foundation
import Testing
import WeftIO
import WeftNN
import WeftTensor

@Suite struct ModuleSafetensorsTests {
    private func contents(_ module: some Module) -> [String: [UInt8]] {
        module.stateDict.mapValues { tensor in tensor.withUnsafeBytes { Array($0) } }
    }

    private func makeModel() -> Sequential {
        Sequential(Linear(3, 4), ReLU(), Linear(4, 2))
    }

    @Test func movesThroughAFile() throws {
        try withTemporaryDirectory { directory throws in
            let (source, target) = (makeModel(), makeModel())
            #expect(contents(source) != contents(target))
            try source.save(to: "\(directory)/model.safetensors", metadata: ["epoch": "3"])
            try target.load(from: URL(filePath: "\(directory)/model.safetensors"))
            #expect(contents(source) == contents(target))
            #expect(try SafetensorsFile(contentsOf: "\(directory)/model.safetensors").metadata == ["epoch": "3"])
        }
    }

    @Test func savesTheSameBytesForTheSameWeights() throws {
        try withTemporaryDirectory { directory throws in
            for name in ["a", "b"] {
                try withRandomSeed(5) { makeModel() }.save(to: URL(filePath: "\(directory)/\(name)"))
            }
            #expect(try bytes(ofFile: "\(directory)/a") == bytes(ofFile: "\(directory)/b"))
        }
    }

    @Test func namesTheFileThatDoesNotFitAndChangesNothing() throws {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/other"
            try Sequential(Linear(3, 4), ReLU(), Linear(4, 3)).save(to: path)
            let model = makeModel()
            let before = contents(model)
            let error = #expect(throws: StateDictError.self) { try model.load(from: path) }
            #expect(error?.file == path)
            #expect(
                error?.problems == [
                    .shape(name: "2.weight", expected: [2, 4], found: [3, 4]),
                    .shape(name: "2.bias", expected: [2], found: [3]),
                ]
            )
            #expect(contents(model) == before)
        }
    }

    @Test func changesNothingIfTheFileIsDamaged() throws {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/model"
            try makeModel().save(to: path)
            let whole = try bytes(ofFile: path)
            let model = makeModel()
            let before = contents(model)
            for count in [0, 7, 8, 100, whole.count - 1] {
                try write(whole[..<count], to: path)
                #expect(throws: SafetensorsError.self) { try model.load(from: path) }
            }
            #expect(contents(model) == before)
        }
    }
}
