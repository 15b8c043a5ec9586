/// The type of a tensor's elements. A runtime property, not a type parameter.
///
/// 16-bit floating point is computed with as float32, and an operation's result is rounded once: also sums of any
/// length, and sums over repeated indices. What is stored between operations is rounded, and so are the gradients that
/// several uses of a tensor, or several backward passes, add up in it: five thousand passes that each add 1 to the
/// gradient of a float16 leaf reach 2048, from where on 1 more is lost. Keep such leaves in float32.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
    // In the order of promotion.

    /// One byte, 0 or 1.
    case bool
    /// Unsigned 8-bit integers. Arithmetic on integers wraps around; on those narrower than 64 bits it is done as int64.
    case uint8
    /// Signed 8-bit integers.
    case int8
    /// Signed 16-bit integers.
    case int16
    /// Signed 32-bit integers.
    case int32
    /// Signed 64-bit integers.
    case int64
    /// IEEE 754 half precision: 11 significant bits, up to 65504. Computed with as float32 and rounded once.
    case float16
    /// The upper half of a float32: 8 significant bits, with its range. Computed with as float32 and rounded once.
    case bfloat16
    /// IEEE 754 single precision.
    case float32
    /// IEEE 754 double precision.
    case float64

    /// The size of an element, in bytes.
    public var size: Int {
        switch self {
        case .bool, .uint8, .int8: 1
        case .int16, .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    public var isFloatingPoint: Bool { rawValue >= DType.float16.rawValue }

    /// Whether it is bool or an integer dtype narrower than 64 bits, whose sums and products are int64.
    package var isNarrow: Bool { self == .bool || isNarrowInteger }

    /// Whether it is floating point of 16 bits, which is computed with as float32.
    @inline(__always)
    package var isHalf: Bool { self == .float16 || self == .bfloat16 }

    /// Whether it is an integer dtype; bool is none.
    public var isInteger: Bool { !isFloatingPoint && self != .bool }

    /// Whether it is an integer dtype that is computed with as int64.
    @inline(__always)
    package var isNarrowInteger: Bool { isInteger && self != .int64 }

    public var description: String {
        switch self {
        case .bool: "bool"
        case .uint8: "uint8"
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .float32: "float32"
        case .float64: "float64"
        }
    }

    /// The dtype of an operation on operands of these two, as in PyTorch: bool gives way to integers and these to
    /// floating point, and of two types of a kind the wider is taken. Neither float16 nor bfloat16 holds what the
    /// other does, so that together they give float32, and uint8 and int8 give int16.
    package static func promoted(_ a: DType, _ b: DType) -> DType {
        if a == b { return a }
        let (narrower, wider) = a.rawValue < b.rawValue ? (a, b) : (b, a)
        if narrower == .float16 && wider == .bfloat16 { return .float32 }
        return narrower == .uint8 && wider == .int8 ? .int16 : wider
    }

    /// The dtype of an operation on a tensor of this dtype and a Swift number that would be a tensor of dtype `scalar`:
    /// a number widens nothing within its kind.
    package func promoted(withScalar scalar: DType) -> DType {
        isFloatingPoint || (isInteger && !scalar.isFloatingPoint) ? self : DType.promoted(self, scalar)
    }
}
