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
    /// Signed 64-bit integers; arithmetic wraps around.
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
        case .bool: 1
        case .float16, .bfloat16: 2
        case .float32: 4
        case .int64, .float64: 8
        }
    }

    public var isFloatingPoint: Bool { rawValue >= DType.float16.rawValue }

    public var description: String {
        switch self {
        case .bool: "bool"
        case .int64: "int64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        case .float32: "float32"
        case .float64: "float64"
        }
    }

    /// The dtype of an operation on operands of these two, as in PyTorch: bool gives way to integers and these to
    /// floating point, and of two floating-point types the wider is taken. Neither float16 nor bfloat16 holds what the
    /// other does, so that together they give float32.
    package static func promoted(_ a: DType, _ b: DType) -> DType {
        if a == b { return a }
        let (narrower, wider) = a.rawValue < b.rawValue ? (a, b) : (b, a)
        return narrower == .float16 && wider == .bfloat16 ? .float32 : wider
    }

    /// The dtype of an operation on a tensor of this dtype and a Swift number that would be a tensor of dtype `scalar`:
    /// a number widens nothing within its kind.
    package func promoted(withScalar scalar: DType) -> DType {
        isFloatingPoint ? self : DType.promoted(self, scalar)
    }
}
