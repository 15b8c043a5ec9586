import Foundation
import Testing
import WeftTensor

@testable import WeftIO

@Suite struct SafetensorsFileTests {
    /// A file that the format's reference implementation wrote, and the same tensors.
    static let recordedFile = recorded(
        "4AEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJpZHMiOnsiZHR5cGUiOiJJNjQiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNl"
            + "dHMiOlswLDE2XX0sImxheWVycy4wLmJpYXMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzJdLCJkYXRhX29mZnNldHMiOlsxNiwyNF19"
            + "LCJsYXllcnMuMC53ZWlnaHQiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzIsM10sImRhdGFfb2Zmc2V0cyI6WzI0LDQ4XX0sIm5vbmUi"
            + "OnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzAsM10sImRhdGFfb2Zmc2V0cyI6WzQ4LDQ4XX0sInFcIlxcXG5cdTAwMDHDqSI6eyJkdHlw"
            + "ZSI6IkYzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzQ4LDUyXX0sInNjYWxhciI6eyJkdHlwZSI6IkYzMiIsInNoYXBlIjpb"
            + "XSwiZGF0YV9vZmZzZXRzIjpbNTIsNTZdfSwibWFzayI6eyJkdHlwZSI6IkJPT0wiLCJzaGFwZSI6WzNdLCJkYXRhX29mZnNldHMiOls1"
            + "Niw1OV19fSAgICAgICD//////////wAAAAAAAQAAAACAPgAAAIAAAIA/AAAAQAAAQEAAAIDAAAAAPwAAgH8AABBBAADgQAEAAQ=="
    )

    static let recordedTensors: [String: Tensor] = [
        "layers.0.weight": Tensor([[1.0, 2.0, 3.0], [-4.0, 0.5, Double.infinity]]),
        "layers.0.bias": Tensor([0.25, -0.0]),
        "ids": Tensor([-1, 1 << 40]),
        "mask": Tensor([true, false, true]),
        "scalar": Tensor(7.0),
        "none": Tensor(zeros: [0, 3]),
        "q\"\\\n\u{1}é": Tensor([9.0]),
    ]

    private static func contents(_ tensors: [String: Tensor]) -> [String: [String]] {
        tensors.mapValues { tensor in
            ["\(tensor.shape)", "\(tensor.dtype)", tensor.withUnsafeBytes { "\(Array($0))" }]
        }
    }

    private func kind(of bytes: [UInt8], in directory: String) throws -> SafetensorsError.Kind? {
        try write(bytes, to: "\(directory)/a")
        return #expect(throws: SafetensorsError.self) { try loadSafetensors("\(directory)/a") }?.kind
    }

    /// A file with the header `json` and the given data.
    private func file(_ json: String, _ data: [UInt8]) -> [UInt8] {
        let count = json.utf8.count
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(json.utf8) + data
    }

    @Test func readsWhatTheReferenceImplementationWrote() throws {
        try withTemporaryDirectory { directory throws in
            try write(Self.recordedFile, to: "\(directory)/a")
            let file = try SafetensorsFile(contentsOf: "\(directory)/a")
            #expect(Self.contents(file.tensors) == Self.contents(Self.recordedTensors))
            #expect(file.metadata == ["format": "pt"])
        }
    }

    @Test func writesTheBytesOfTheReferenceImplementation() throws {
        try withTemporaryDirectory { directory throws in
            try saveSafetensors(Self.recordedTensors, to: "\(directory)/a", metadata: ["format": "pt"])
            #expect(try bytes(ofFile: "\(directory)/a") == Self.recordedFile)
        }
    }

    @Test func readsAndWritesEveryFloatingPointDType() throws {
        // 1 and -2.5 in each format, little-endian.
        let formats: [(name: String, dtype: DType, bytes: [UInt8])] = [
            ("F16", .float16, [0x00, 0x3c, 0x00, 0xc1]),
            ("BF16", .bfloat16, [0x80, 0x3f, 0x20, 0xc0]),
            ("F32", .float32, [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0]),
            ("F64", .float64, [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0x04, 0xc0]),
        ]
        try withTemporaryDirectory { directory throws in
            for (name, dtype, data) in formats {
                let json = #"{"x":{"dtype":"\#(name)","shape":[2],"data_offsets":[0,\#(data.count)]}}"#
                try write(file(json, data), to: "\(directory)/a")
                let x = try #require(try loadSafetensors("\(directory)/a")["x"])
                #expect(x.dtype == dtype)
                #expect(x.array(of: Double.self) == [1, -2.5])
                try saveSafetensors(["x": x], to: "\(directory)/b")
                let written = try bytes(ofFile: "\(directory)/b")
                #expect(written.suffix(data.count) == data[...])
                #expect(String(decoding: written, as: UTF8.self).contains(#""\#(name)""#))
                #expect(Self.contents(try loadSafetensors("\(directory)/b")) == Self.contents(["x": x]))
            }
        }
    }

    @Test func takesURLs() throws {
        try withTemporaryDirectory { directory throws in
            let url = URL(filePath: "\(directory)/a b%é.safetensors")
            try saveSafetensors(["x": Tensor([1.0])], to: url)
            #expect(try loadSafetensors(url)["x"]?.array() == [1])
            #expect(try names(in: directory) == ["a b%é.safetensors"])
        }
        let remote = try #require(URL(string: "https://weft.example/a"))
        #expect(throws: SafetensorsError.self) { try loadSafetensors(remote) }
        #expect(throws: SafetensorsError.self) { try saveSafetensors([:], to: remote) }
    }

    @Test func holdsNothingAtAll() throws {
        try withTemporaryDirectory { directory throws in
            try saveSafetensors([:], to: "\(directory)/a")
            #expect(try loadSafetensors("\(directory)/a").isEmpty)
        }
    }

    @Test func writesViewsRowByRow() throws {
        try withTemporaryDirectory { directory throws in
            let matrix = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
            try saveSafetensors(["t": matrix.T, "e": Tensor([8.0]).expanded(to: [2, 2])], to: "\(directory)/a")
            let tensors = try loadSafetensors("\(directory)/a")
            #expect(tensors["t"]?.array() == [1, 4, 2, 5, 3, 6])
            #expect(tensors["e"]?.array() == [8, 8, 8, 8])
        }
    }

    @Test(arguments: ["__metadata__"]) func refusesNamesTheFormatCannotHold(name: String) throws {
        try withTemporaryDirectory { directory throws in
            let error = #expect(throws: SafetensorsError.self) {
                try saveSafetensors([name: Tensor([1.0])], to: "\(directory)/a")
            }
            #expect(error?.kind == .invalidName)
            #expect(try names(in: directory).isEmpty)
        }
    }

    @Test func saysWhyAFileCannotBeOpenedOrWritten() throws {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/no/a"
            let reading = #expect(throws: SafetensorsError.self) { try loadSafetensors(path) }
            #expect(reading?.kind == .unreadable)
            #expect(reading?.description == "\(path): cannot open it: No such file or directory")
            let writing = #expect(throws: SafetensorsError.self) { try saveSafetensors([:], to: path) }
            #expect(writing?.kind == .unwritable)
        }
    }

    @Test func readsAnyByteButZeroAsTrue() throws {
        try withTemporaryDirectory { directory throws in
            let json = #"{"m":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}"#
            try write(file(json, [1, 0, 2, 255]), to: "\(directory)/a")
            let mask = try #require(try loadSafetensors("\(directory)/a")["m"])
            #expect(mask.withUnsafeBytes { Array($0) } == [1, 0, 1, 1])
        }
    }

    @Test func writesTheEmptyNameAndReadsAHeaderOfAnyLength() throws {
        try withTemporaryDirectory { directory throws in
            try saveSafetensors(["": Tensor([1.5])], to: "\(directory)/a")
            #expect(try loadSafetensors("\(directory)/a")[""]?.array() == [1.5])
            for padding in 1...9 {
                let json =
                    #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"# + String(repeating: " ", count: padding)
                try write(file(json, [0, 0, 0x80, 0x3F]), to: "\(directory)/b")
                #expect(try loadSafetensors("\(directory)/b")["w"]?.array() == [1])
            }
        }
    }

    @Test func refusesShapesThatNoTensorCanHave() throws {
        try withTemporaryDirectory { directory throws in
            for (dtype, shape) in [("F32", "1152921504606846976,0"), ("BOOL", "4611686018427387904,0")] {
                let json = #"{"a":{"dtype":"\#(dtype)","shape":[\#(shape)],"data_offsets":[0,0]}}"#
                #expect(try kind(of: file(json, []), in: directory) == .invalidShape)
            }
            // The largest that one can have.
            try write(
                file(#"{"a":{"dtype":"BOOL","shape":[1152921504606846975,0],"data_offsets":[0,0]}}"#, []),
                to: "\(directory)/a"
            )
            #expect(try loadSafetensors("\(directory)/a")["a"]?.shape == [(1 << 60) - 1, 0])
        }
    }

    @Test func refusesAFileThatExceedsTheMemory() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { directory throws in
                let path = "\(directory)/a"
                let json = #"{"a":{"dtype":"F32","shape":[\#(1 << 38)],"data_offsets":[0,\#(1 << 40)]}}"#
                let prefix = [UInt8(json.utf8.count)] + [UInt8](repeating: 0, count: 7) + Array(json.utf8)
                try write(prefix, to: path)
                // A tebibyte that the disk does not hold.
                #expect(truncate(path, off_t(prefix.count + 1 << 40)) == 0)
                Memory.limit = 1 << 30
                let error = #expect(throws: SafetensorsError.self) { try loadSafetensors(path) }
                #expect(error?.kind == .outOfMemory)
                #expect(error?.message == "its tensors take 1024 GiB of memory, of which 1 GiB are allowed")
            }
        }
    }

    @Test func refusesWhatTheMemoryLeftDoesNotHold() async {
        await #expect(processExitsWith: .success) {
            try withTemporaryDirectory { directory throws in
                let path = "\(directory)/a"
                let matrix = Tensor(ones: [1 << 10, 1 << 10])
                try saveSafetensors(["a": matrix], to: path)
                let before = try bytes(ofFile: path)
                Memory.limit = 6 << 20
                let reading = #expect(throws: SafetensorsError.self) { try loadSafetensors(path) }
                #expect(reading?.kind == .outOfMemory)
                #expect(reading?.tensor == "a")
                #expect(
                    reading?.message == "out of memory: asked for 4 MiB, with 4 MiB in use of the 6 MiB allowed"
                )
                // A view is copied to be written.
                let writing = #expect(throws: SafetensorsError.self) { try saveSafetensors(["a": matrix.T], to: path) }
                #expect(writing?.kind == .outOfMemory)
                #expect(writing?.tensor == "a")
                #expect(try bytes(ofFile: path) == before)
                #expect(try names(in: directory) == ["a"])
            }
        }
    }

    @Test func keepsTheOldFileIfATensorHasFailed() throws {
        try withTemporaryDirectory { directory throws in
            let path = "\(directory)/a"
            try write(Self.recordedFile, to: path)
            var refusal: (any Error)?
            #expect(throws: TensorError.self) {
                try withTensorErrors {
                    let failed = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])
                    do { try saveSafetensors(["x": Tensor([1.0]), "y": failed], to: path) } catch { refusal = error }
                }
            }
            let error = try #require(refusal as? SafetensorsError)
            #expect(error.kind == .failedTensor)
            #expect(error.tensor == "y")
            #expect(try bytes(ofFile: path) == Self.recordedFile)
            #expect(try names(in: directory) == ["a"])
        }
    }

    @Test func refusesHostileHeaders() throws {
        try withTemporaryDirectory { directory throws in
            // A header of 2^60 bytes.
            #expect(try kind(of: [0, 0, 0, 0, 0, 0, 0, 0x10, 0x7B, 0x7D], in: directory) == .headerTooLarge)
            // Lengths past the end.
            #expect(try kind(of: [200, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D], in: directory) == .truncated)
            let past = #"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#
            #expect(try kind(of: file(past, [0, 0, 0, 0]), in: directory) == .invalidOffsets)
            #expect(try kind(of: file(#"{"a":"é"}"#, []).map { $0 == 0xC3 ? 0xFF : $0 }, in: directory) == .invalidUTF8)
        }
    }

    @Test func refusesEveryTruncation() throws {
        try withTemporaryDirectory { directory throws in
            for count in Self.recordedFile.indices {
                _ = try kind(of: Array(Self.recordedFile[..<count]), in: directory)
            }
        }
    }

    @Test func refusesBytesBehindTheData() throws {
        try withTemporaryDirectory { directory throws in
            #expect(try kind(of: Self.recordedFile + [0], in: directory) == .gap)
        }
    }

    @Test func survivesDamageAtEveryByte() throws {
        try withTemporaryDirectory { directory throws in
            let original = Self.recordedFile
            var refusals = 0
            for index in original.indices {
                for byte in [0x00, 0xFF, original[index] ^ 1, original[index] ^ 0x10, UInt8(ascii: "\""), 0x39] {
                    var damaged = original
                    damaged[index] = byte
                    try write(damaged, to: "\(directory)/a")
                    do {
                        let tensors = try loadSafetensors("\(directory)/a")
                        #expect(tensors.values.reduce(0) { $0 + $1.count * $1.dtype.size } == 59)
                    } catch let error as SafetensorsError {
                        #expect(error.file == "\(directory)/a")
                        refusals += 1
                    }
                }
            }
            // Nearly all of the header's structure matters; names, metadata and numbers in the data may be anything.
            #expect(refusals > original.count * 3)
        }
    }
}
