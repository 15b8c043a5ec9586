import WeftTensor

/// Reads a header's JSON entry by entry, checking each one for itself.
struct SafetensorsHeaderParser {
    let file: String
    let dataByteCount: Int
    let headerByteCount: Int
    private(set) var entries: [SafetensorsHeader.Entry] = []
    private(set) var metadata: [String: String] = [:]
    /// The tensor whose entry is being read.
    private var current: String?

    init(file: String, dataByteCount: Int, headerByteCount: Int) {
        self.file = file
        self.dataByteCount = dataByteCount
        self.headerByteCount = headerByteCount
    }

    mutating func parse(_ reader: inout JSONReader) throws {
        try reader.readObject { reader, name, position throws in
            if name == SafetensorsHeader.metadataName {
                try parseMetadata(&reader)
            } else {
                try parseEntry(&reader, name: name, at: position)
            }
        }
        try reader.readEnd()
    }

    /// `error` as one about this file: the reader knows neither the file nor the tensor, and counts from the JSON's start.
    func located(_ error: any Error) -> SafetensorsError {
        if let error = error as? SafetensorsError { return error }
        guard let error = error as? JSONError else {
            return SafetensorsError(file: file, kind: .invalidJSON, tensor: current, message: "\(error)")
        }
        let kind: SafetensorsError.Kind =
            switch error.kind {
            case .invalidUTF8: .invalidUTF8
            case .syntax: .invalidJSON
            case .duplicateName: .duplicateName
            case .unexpectedType: error.position == 0 ? .invalidJSON : .invalidEntry
            }
        return failure(kind, error.message, at: error.position)
    }
}

extension SafetensorsHeaderParser {
    private func failure(_ kind: SafetensorsError.Kind, _ message: String, at position: Int) -> SafetensorsError {
        let offset = SafetensorsHeader.prefixByteCount + position
        return SafetensorsError(file: file, kind: kind, tensor: current, offset: offset, message: message)
    }

    private mutating func parseMetadata(_ reader: inout JSONReader) throws {
        if reader.takeNull() { return }
        try reader.readObject { reader, key, _ throws in
            metadata[key] = try reader.readString()
        }
    }

    private static let fields = ["dtype", "shape", "data_offsets"]

    /// Parses an entry: an object with these fields and perhaps others, which mean nothing; or an array of these in
    /// their order, as which the reference implementation takes it too.
    private mutating func parseEntry(_ reader: inout JSONReader, name: String, at start: Int) throws {
        current = name

        var dtype: SafetensorsDType?
        var shape: [Int]?
        var offsets: [Int]?
        func parseField(_ reader: inout JSONReader, _ field: String) throws {
            switch field {
            case "dtype": dtype = try parseDType(&reader)
            case "shape": shape = try parseShape(&reader)
            case "data_offsets":
                offsets = try parseIntegers(&reader, atMost: 2, else: .invalidEntry, "data_offsets are not two numbers")
            default: try reader.skipValue()
            }
        }
        if reader.isAtArray {
            var count = 0
            try reader.readArray { reader throws in
                guard count < Self.fields.count else {
                    throw failure(.invalidEntry, "the entry has more than \(Self.fields.count) fields", at: start)
                }
                try parseField(&reader, Self.fields[count])
                count += 1
            }
        } else {
            try reader.readObject { reader, field, _ throws in try parseField(&reader, field) }
        }
        guard let dtype, let shape, let offsets else {
            let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw failure(.invalidEntry, "the field \"\(missing)\" is missing", at: start)
        }
        let range = try checkedRange(offsets, dtype: dtype, shape: shape, at: start)
        entries.append(SafetensorsHeader.Entry(name: name, dtype: dtype, shape: shape, range: range))
        current = nil
    }

    private func parseDType(_ reader: inout JSONReader) throws -> SafetensorsDType {
        let start = reader.position
        let name = try reader.readString()
        if let dtype = SafetensorsDType(rawValue: name) { return dtype }
        let reason =
            SafetensorsDType.otherNames.contains(name) ? "is valid, but Weft has no tensors of it" : "is unknown"
        throw failure(.unsupportedDType, "the dtype \(quoted(name)) \(reason)", at: start)
    }

    private func parseShape(_ reader: inout JSONReader) throws -> [Int] {
        let rank = SafetensorsHeader.maximumRank
        let message = "the shape has more axes than \(rank), the most that a tensor of Weft's has"
        return try parseIntegers(&reader, atMost: rank, else: .unsupportedRank, message)
    }

    private func parseIntegers(
        _ reader: inout JSONReader,
        atMost limit: Int,
        else kind: SafetensorsError.Kind,
        _ message: String
    ) throws -> [Int] {
        let start = reader.position
        var integers: [Int] = []
        try reader.readArray { reader throws in
            guard integers.count < limit else { throw failure(kind, message, at: start) }
            integers.append(try reader.readNonNegativeInteger())
        }
        return integers
    }

    private func checkedRange(
        _ offsets: [Int],
        dtype: SafetensorsDType,
        shape: [Int],
        at start: Int
    ) throws(SafetensorsError) -> Range<Int> {
        guard offsets.count == 2 else { throw failure(.invalidEntry, "data_offsets are not two numbers", at: start) }
        let (lower, upper) = (offsets[0], offsets[1])
        guard lower <= upper else {
            throw failure(.invalidOffsets, "its data begins at \(lower) and ends before that, at \(upper)", at: start)
        }
        guard upper <= dataByteCount else {
            throw failure(
                .invalidOffsets,
                "its data should end at \(upper), but \(dataByteCount) bytes of data are in the file",
                at: start
            )
        }
        let needed = try checkedLayout(shape, at: start).count * dtype.size
        guard upper - lower == needed else {
            throw failure(
                .sizeMismatch,
                "the shape \(shape) of \(dtype.rawValue) takes \(needed) bytes, but its data has \(upper - lower)",
                at: start
            )
        }
        return lower..<upper
    }

    /// The layout of a tensor of this shape; refused by the tensors' own rule, so that no shape passes here and stops the
    /// process where its tensor is made.
    private func checkedLayout(_ shape: [Int], at start: Int) throws(SafetensorsError) -> Layout {
        let layout = try? withTensorErrors {
            Layout.checked(shape, operation: "safetensors", at: CallSite(#fileID, #line))
        }
        guard let layout else { throw failure(.invalidShape, "the shape \(shape) is too large", at: start) }
        return layout
    }
}
