import Foundation
import Weft

/// The tensors of a file of cases. Unlike `loadSafetensors` it takes integers of other widths, as int64: a sample has
/// them as indices, and as what has to be refused.
enum CaseTensors {
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let offsets: [Int]

        enum CodingKeys: String, CodingKey {
            case dtype, shape
            case offsets = "data_offsets"
        }
    }

    static func load(_ file: URL) throws -> [String: Tensor] {
        let data = try Data(contentsOf: file)
        let length = Int(data.prefix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * $1.offset) })
        let header = data[8..<(8 + length)]
        var entries = try JSONSerialization.jsonObject(with: header) as? [String: Any] ?? [:]
        entries["__metadata__"] = nil
        let described = try JSONDecoder().decode(
            [String: Entry].self,
            from: JSONSerialization.data(withJSONObject: entries)
        )
        return try described.mapValues { entry in
            try tensor(entry, data[(8 + length + entry.offsets[0])..<(8 + length + entry.offsets[1])])
        }
    }

    private static func tensor(_ entry: Entry, _ bytes: Data) throws -> Tensor {
        func plain(_ dtype: DType) -> Tensor {
            bytes.withUnsafeBytes { Tensor(bytes: $0, shape: entry.shape, dtype: dtype) }
        }
        func widened<T: FixedWidthInteger>(_ type: T.Type) -> Tensor {
            let numbers = bytes.withUnsafeBytes { raw in
                (0..<(raw.count / MemoryLayout<T>.size)).map {
                    Int(raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self))
                }
            }
            return Tensor(numbers).reshaped(entry.shape)
        }
        return switch entry.dtype {
        case "BOOL": plain(.bool)
        case "I64": plain(.int64)
        case "F16": plain(.float16)
        case "BF16": plain(.bfloat16)
        case "F32": plain(.float32)
        case "F64": plain(.float64)
        case "U8": widened(UInt8.self)
        case "I8": widened(Int8.self)
        case "I16": widened(Int16.self)
        case "I32": widened(Int32.self)
        default: throw CaseError("there are no tensors of \(entry.dtype)")
        }
    }
}
