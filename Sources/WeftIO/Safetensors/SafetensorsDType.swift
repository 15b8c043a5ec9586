/// The dtypes of the safetensors format that Weft has tensors of, by the names that the format gives them.
enum SafetensorsDType: String {
    case bool = "BOOL"
    case int64 = "I64"
    case float32 = "F32"

    /// Bytes an element.
    var size: Int {
        switch self {
        case .bool: 1
        case .float32: 4
        case .int64: 8
        }
    }

    /// Names that the format knows and Weft has no tensors for; they deserve another message than nonsense does.
    static let otherNames: Set<String> = [
        "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16", "U16", "F16", "BF16", "I32", "U32", "F64", "C64", "U64",
    ]
}
