/// The type of a tensor's elements. A runtime property, not a type parameter.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    /// One byte, 0 or 1.
    case bool
    /// Signed 64-bit integers; arithmetic wraps around.
    case int64
    /// IEEE 754 single precision.
    case float32

    /// The size of an element, in bytes.
    public var size: Int {
        switch self {
        case .bool: 1
        case .int64: 8
        case .float32: 4
        }
    }

    public var isFloatingPoint: Bool { self == .float32 }

    public var description: String {
        switch self {
        case .bool: "bool"
        case .int64: "int64"
        case .float32: "float32"
        }
    }

    /// The smallest type that holds what either operand of an operation can hold, by PyTorch's ordering of
    /// categories: bool, then integers, then floating point.
    package static func promoted(_ a: DType, _ b: DType) -> DType {
        a.rawValue >= b.rawValue ? a : b
    }
}
