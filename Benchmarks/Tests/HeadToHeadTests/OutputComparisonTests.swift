import BenchmarkRows
import Foundation
import HeadToHead
import Testing

@Suite("OutputComparison")
struct OutputComparisonTests {
    private let scratch: ScratchFolder
    private let weft: URL
    private let peer: URL

    init() throws {
        scratch = try ScratchFolder()
        weft = scratch.url.appendingPathComponent("weft")
        peer = scratch.url.appendingPathComponent("peer")
        for folder in [weft, peer] {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        }
    }

    private func difference(_ expected: [Float], _ found: [Float], tolerance: Double) throws -> String? {
        OutputComparison.difference(
            weft: try FakeContestant.write(expected, into: weft.path),
            in: weft,
            peer: try FakeContestant.write(found, into: peer.path),
            in: peer,
            tolerance: tolerance
        )
    }

    @Test("elements may differ by the tolerance times the largest magnitude")
    func tolerance() throws {
        #expect(try difference([0, -100], [0.5, -100], tolerance: 0.01) == nil)
        #expect(
            try difference([0, -100], [2, -100], tolerance: 0.01)?.contains("element 0 is 2.0 instead of 0.0") == true
        )
    }

    @Test("without tolerance the smallest difference counts")
    func exact() throws {
        #expect(try difference([1, 2], [1, 2], tolerance: 0) == nil)
        #expect(try difference([1, 2], [1, Float(2).nextUp], tolerance: 0) != nil)
    }

    @Test("NaN and infinities agree only with themselves")
    func special() throws {
        #expect(try difference([.nan, .infinity, 1], [.nan, .infinity, 1], tolerance: 0.1) == nil)
        #expect(try difference([1, 1], [.nan, 1], tolerance: 0.1) != nil)
        #expect(try difference([.infinity, 1], [-.infinity, 1], tolerance: 0.1) != nil)
        #expect(try difference([.nan, 1], [0, 1], tolerance: 0.1) != nil)
    }

    @Test("all zeros agree only with zeros")
    func zeros() throws {
        #expect(try difference([0, 0], [0, 0], tolerance: 0.1) == nil)
        #expect(try difference([0, 0], [0, 1e-6], tolerance: 0.1) != nil)
    }

    @Test("other shapes, other counts and files of another size are differences")
    func forms() throws {
        let expected = try FakeContestant.write([1, 2], into: weft.path)
        let found = try FakeContestant.write([1, 2], into: peer.path)
        func difference(_ outputs: [Output]) -> String? {
            OutputComparison.difference(weft: expected, in: weft, peer: outputs, in: peer, tolerance: 1)
        }
        #expect(difference(found) == nil)
        #expect(difference([]) == "0 outputs instead of 1")
        #expect(
            difference([Output(dtype: "float32", shape: [2, 1], file: "0.bin")])?.contains("instead of float32[2]")
                == true
        )
        try Data([0, 0, 0]).write(to: peer.appendingPathComponent("0.bin"))
        #expect(difference(found)?.contains("3 bytes instead of 8") == true)
        #expect(difference([Output(dtype: "float32", shape: [2], file: "none")]) != nil)
    }

    @Test("integers are equal or wrong, whatever the tolerance")
    func integers() throws {
        func write(_ elements: [Int64], _ folder: URL) throws -> [Output] {
            try Data(elements.flatMap { element in withUnsafeBytes(of: element.littleEndian, Array.init) })
                .write(to: folder.appendingPathComponent("1.bin"))
            return [Output(dtype: "int64", shape: [elements.count], file: "1.bin")]
        }
        let expected = try write([1, 1 << 40], weft)
        for (elements, agrees) in [([1, 1 << 40], true), ([1, (1 << 40) + 1], false)] as [([Int64], Bool)] {
            let found = try write(elements, peer)
            let difference = OutputComparison.difference(
                weft: expected,
                in: weft,
                peer: found,
                in: peer,
                tolerance: 0.5
            )
            #expect((difference == nil) == agrees)
        }
    }
}
