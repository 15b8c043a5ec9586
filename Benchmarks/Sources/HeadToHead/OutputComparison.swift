import BenchmarkRows
import Foundation

/// Whether a peer computed what Weft did.
public enum OutputComparison {
    /// How a peer's outputs differ from Weft's beyond the tolerance; nil if they do not.
    ///
    /// - Parameters:
    ///   - tolerance: how far an element may be from Weft's, as a fraction of the largest magnitude of that output.
    ///   - weftFolder: where the files of Weft's outputs are.
    ///   - peerFolder: where those of the peer are.
    public static func difference(
        weft: [Output],
        in weftFolder: URL,
        peer: [Output],
        in peerFolder: URL,
        tolerance: Double
    ) -> String? {
        guard weft.count == peer.count else { return "\(peer.count) outputs instead of \(weft.count)" }
        for (index, (expected, found)) in zip(weft, peer).enumerated() {
            guard expected.dtype == found.dtype, expected.shape == found.shape else {
                return "output \(index) is \(found.dtype)\(found.shape) instead of \(expected.dtype)\(expected.shape)"
            }
            do {
                let expectedElements = try elements(of: expected, in: weftFolder)
                let foundElements = try elements(of: found, in: peerFolder)
                if let difference = difference(expectedElements, foundElements, tolerance: tolerance) {
                    return "output \(index): \(difference)"
                }
            } catch {
                return "output \(index): \(error)"
            }
        }
        return nil
    }

    /// The worst difference beyond the tolerance in words; nil if there is none. The arrays have one length.
    static func difference(_ expected: Elements, _ found: Elements, tolerance: Double) -> String? {
        switch (expected, found) {
        case (.integers(let expected), .integers(let found)):
            guard let index = expected.indices.first(where: { expected[$0] != found[$0] }) else { return nil }
            // Whatever the row's tolerance, an integer is equal or wrong.
            return "element \(index) is \(found[index]) instead of \(expected[index])"
        case (.floats(let expected), .floats(let found)):
            let scale = expected.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
            let allowed = Float(tolerance) * scale
            var worst = (index: -1, distance: Float(0))
            for index in expected.indices {
                let (a, b) = (expected[index], found[index])
                if a == b || (a.isNaN && b.isNaN) { continue }
                let distance = abs(a - b)
                if !distance.isFinite { return "element \(index) is \(b) instead of \(a)" }
                if distance > allowed, distance > worst.distance { worst = (index, distance) }
            }
            guard worst.index >= 0 else { return nil }
            let (a, b) = (expected[worst.index], found[worst.index])
            let fraction = Format.significant(Double(worst.distance / scale), 2)
            return "element \(worst.index) is \(b) instead of \(a), off by \(fraction) of the largest magnitude, "
                + "where \(tolerance) is allowed"
        default:
            return "one is of floating-point numbers, the other of integers"
        }
    }

    /// The elements of an output.
    enum Elements {
        case floats([Float])
        case integers([Int64])
    }

    private static func elements(of output: Output, in folder: URL) throws -> Elements {
        let data = try Data(contentsOf: folder.appendingPathComponent(output.file), options: .alwaysMapped)
        let count = output.shape.reduce(1, *)
        switch output.dtype {
        case "float32":
            try checkSize(data, count * 4)
            return .floats(load(data, count, UInt32.self).map { Float(bitPattern: UInt32(littleEndian: $0)) })
        case "int64":
            try checkSize(data, count * 8)
            return .integers(load(data, count, Int64.self).map { Int64(littleEndian: $0) })
        default:
            throw ContestantFailure("outputs of \(output.dtype) are not known")
        }
    }

    private static func checkSize(_ data: Data, _ expected: Int) throws {
        guard data.count == expected else {
            throw ContestantFailure("the file has \(data.count) bytes instead of \(expected)")
        }
    }

    private static func load<Element: BitwiseCopyable>(_ data: Data, _ count: Int, _: Element.Type) -> [Element] {
        data.withUnsafeBytes { bytes in
            (0..<count).map {
                bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self)
            }
        }
    }
}
