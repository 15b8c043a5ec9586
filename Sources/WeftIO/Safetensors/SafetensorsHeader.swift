import WeftRuntime
import WeftTensor

/// A safetensors file without its data: what tensors it holds, and where.
///
/// The format (<https://github.com/huggingface/safetensors>, "Format"): eight bytes give the header's length N, the
/// lowest byte first; N bytes of JSON map every tensor's name to its dtype, shape and range of bytes, counted from the
/// header's end, and `__metadata__` to strings; the rest is the tensors' elements, row-major, little-endian, without
/// holes or overlaps.
struct SafetensorsHeader: Equatable {
    struct Entry: Equatable {
        let name: String
        let dtype: SafetensorsDType
        let shape: [Int]
        /// Where the elements are, in bytes behind the header.
        let range: Range<Int>
    }

    /// The tensors, in the order of their data.
    private(set) var entries: [Entry]
    let metadata: [String: String]

    static let metadataName = "__metadata__"
    /// Bytes of the length that begins the file.
    static let prefixByteCount = 8
    /// The greatest length that the format allows.
    static let maximumByteCount = 100_000_000
    /// The most axes that a tensor has.
    static let maximumRank = Layout.maximumRank
}

// MARK: - Reading

extension SafetensorsHeader {
    /// The header's length, from the bytes that begin the file of `fileByteCount` bytes.
    ///
    /// The result is within the file, so it bounds what may be allocated for the header.
    static func byteCount(prefix: [UInt8], fileByteCount: Int, file: String) throws(SafetensorsError) -> Int {
        guard prefix.count == prefixByteCount else {
            throw SafetensorsError(
                file: file,
                kind: .truncated,
                offset: fileByteCount,
                message: "the file has \(fileByteCount) bytes; the length of its header alone takes \(prefixByteCount)"
            )
        }
        let count = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard count <= maximumByteCount else {
            throw SafetensorsError(
                file: file,
                kind: .headerTooLarge,
                offset: 0,
                message: "the header is said to have \(count) bytes; at most \(maximumByteCount) are allowed"
            )
        }
        guard Int(count) <= fileByteCount - prefixByteCount else {
            throw SafetensorsError(
                file: file,
                kind: .truncated,
                offset: fileByteCount,
                message: "the header should have \(count) bytes; \(fileByteCount - prefixByteCount) are left"
            )
        }
        return Int(count)
    }

    /// Parses the header and checks that its tensors cover the `dataByteCount` bytes behind it exactly.
    init(parsing bytes: [UInt8], dataByteCount: Int, file: String) throws(SafetensorsError) {
        var parser = SafetensorsHeaderParser(file: file, dataByteCount: dataByteCount, headerByteCount: bytes.count)
        do {
            var reader = try JSONReader(bytes)
            try parser.parse(&reader)
        } catch {
            throw parser.located(error)
        }
        entries = parser.entries
        metadata = parser.metadata
        // An empty tensor may lie where another one begins, so it comes first.
        entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
        try checkLayout(dataByteCount: dataByteCount, dataOffset: Self.prefixByteCount + bytes.count, file: file)
    }

    private func checkLayout(dataByteCount: Int, dataOffset: Int, file: String) throws(SafetensorsError) {
        var covered = 0
        var last: Entry?
        for entry in entries {
            if entry.range.lowerBound < covered {
                throw SafetensorsError(
                    file: file,
                    kind: .overlap,
                    tensor: entry.name,
                    offset: dataOffset + entry.range.lowerBound,
                    message: "its data overlaps that of \(last.map { quoted($0.name) } ?? "another tensor")"
                )
            }
            if entry.range.lowerBound > covered {
                throw SafetensorsError(
                    file: file,
                    kind: .gap,
                    tensor: entry.name,
                    offset: dataOffset + covered,
                    message: "\(entry.range.lowerBound - covered) bytes before its data belong to no tensor"
                )
            }
            covered = entry.range.upperBound
            last = entry
        }
        guard covered == dataByteCount else {
            throw SafetensorsError(
                file: file,
                kind: .gap,
                offset: dataOffset + covered,
                message: "the last \(dataByteCount - covered) bytes belong to no tensor"
            )
        }
    }
}

// MARK: - Writing

extension SafetensorsHeader {
    /// Lays out `tensors`: greater elements first, so that all are aligned, and then by name.
    init(
        layingOut tensors: [(name: String, dtype: SafetensorsDType, shape: [Int], byteCount: Int)],
        metadata: [String: String]
    ) {
        let ordered = tensors.sorted {
            $0.dtype.size != $1.dtype.size
                ? $0.dtype.size > $1.dtype.size : $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
        }
        var offset = 0
        self.entries = ordered.map { tensor in
            defer { offset += tensor.byteCount }
            let range = offset..<offset + tensor.byteCount
            return Entry(name: tensor.name, dtype: tensor.dtype, shape: tensor.shape, range: range)
        }
        self.metadata = metadata
    }

    /// The bytes that begin the file: the length, and the JSON padded with spaces so that the data is aligned to 8 bytes.
    func serialized() -> [UInt8] {
        var fields: [String] = []
        if !metadata.isEmpty {
            let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let pairs = sorted.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
            fields.append("\(jsonString(Self.metadataName)):{\(pairs.joined(separator: ","))}")
        }
        for entry in entries {
            let shape = entry.shape.map(String.init).joined(separator: ",")
            let offsets = "\(entry.range.lowerBound),\(entry.range.upperBound)"
            fields.append(
                #"\#(jsonString(entry.name)):{"dtype":"\#(entry.dtype.rawValue)","shape":[\#(shape)],"#
                    + #""data_offsets":[\#(offsets)]}"#
            )
        }
        var json = Array("{\(fields.joined(separator: ","))}".utf8)
        json += repeatElement(UInt8(ascii: " "), count: -json.count & 7)
        let prefix = (0..<Self.prefixByteCount).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) }
        return prefix + json
    }
}
