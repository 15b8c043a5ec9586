import WeftRuntime

/// A Swift number that can stand beside tensors in arithmetic, fill them and be read from them: `Bool`, `Float`,
/// `Double`, `Float16` where the platform has it, and every integer of fixed width.
///
/// One rule, PyTorch's, converts to integers, whatever the processor. A float is rounded toward zero. What then lies
/// outside int64, infinity and NaN too, becomes the smallest int64; for integers of at most 16 bits, `UInt8` and
/// `UInt16` among them, and for `Int32`, the same holds of int32. Integers, and so these results, keep their lowest bits
/// where they are too wide: -1 is the `UInt8` 255, and 300.7 the `Int8` 44.
public protocol TensorScalar: TensorElements where Scalar == Self {
    /// The dtype of a tensor made of such numbers: int64 for all integers, which of a `UInt` or `UInt64` can hold no
    /// more than `Int64.max`.
    static var tensorDType: DType { get }
    /// The value as a `Double`; `true` is 1.
    var doubleValue: Double { get }
    /// The value as an `Int`, floats by the rule above. Refused for an unsigned integer beyond `Int.max`.
    var intValue: Int { get }
    /// The number nearest to a float element.
    static func nearest(to element: Float) -> Self
    /// The number nearest to a double-precision element.
    static func nearest(to element: Double) -> Self
    /// The number nearest to an integer element.
    static func nearest(to element: Int64) -> Self
}

/// A Swift number, or an array of arrays of them: what `Tensor.init(_:)` takes.
public protocol TensorElements {
    associatedtype Scalar: TensorScalar
    /// The sizes of the nested arrays, outermost first, going by the first element at each level.
    var nestedShape: [Int] { get }
    /// Appends the numbers to `scalars`, row-major; false if the nested arrays do not all have `shape`.
    func append(to scalars: inout [Scalar], shape: ArraySlice<Int>) -> Bool
}

extension TensorScalar {
    public var nestedShape: [Int] { [] }

    public func append(to scalars: inout [Self], shape: ArraySlice<Int>) -> Bool {
        scalars.append(self)
        return shape.isEmpty
    }
}

extension Array: TensorElements where Element: TensorElements {
    public typealias Scalar = Element.Scalar

    public var nestedShape: [Int] { [count] + (first?.nestedShape ?? []) }

    public func append(to scalars: inout [Element.Scalar], shape: ArraySlice<Int>) -> Bool {
        guard count == shape.first else { return false }
        if let flat = self as? [Scalar] {
            scalars += flat
            return shape.count == 1
        }
        return allSatisfy { $0.append(to: &scalars, shape: shape.dropFirst()) }
    }
}

extension Float: TensorScalar {
    public typealias Scalar = Float
    public static var tensorDType: DType { .float32 }
    public var doubleValue: Double { Double(self) }
    public var intValue: Int { Double(self).intValue }
    public static func nearest(to element: Float) -> Self { element }
    public static func nearest(to element: Double) -> Self { Float(element) }
    public static func nearest(to element: Int64) -> Self { Float(element) }
}

extension Double: TensorScalar {
    public typealias Scalar = Double
    /// Tensors made of `Double` literals are float32, as in PyTorch.
    public static var tensorDType: DType { .float32 }
    public var doubleValue: Double { self }
    public var intValue: Int {
        // The smallest Int is a power of two, so these two comparisons are exact; NaN fails both.
        self >= -0x1p63 && self < 0x1p63 ? Int(self) : .min
    }
    public static func nearest(to element: Float) -> Self { Double(element) }
    public static func nearest(to element: Double) -> Self { element }
    public static func nearest(to element: Int64) -> Self { Double(element) }
}

extension Int: TensorScalar {
    public typealias Scalar = Int
    public static var tensorDType: DType { .int64 }
    public var doubleValue: Double { Double(self) }
    public var intValue: Int { self }
    public static func nearest(to element: Float) -> Self { Double(element).intValue }
    public static func nearest(to element: Double) -> Self { element.intValue }
    public static func nearest(to element: Int64) -> Self { Int(element) }
}

#if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    extension Float16: TensorScalar {
        public typealias Scalar = Float16
        public static var tensorDType: DType { .float16 }
        public var doubleValue: Double { Double(self) }
        public var intValue: Int { Double(self).intValue }
        public static func nearest(to element: Float) -> Self { Float16(element) }
        public static func nearest(to element: Double) -> Self { Float16(element) }
        public static func nearest(to element: Int64) -> Self { Float16(element) }
    }
#endif

extension TensorScalar where Self: FixedWidthInteger {
    public static var tensorDType: DType { .int64 }
    public var doubleValue: Double { Double(self) }
    public var intValue: Int {
        if let value = Int(exactly: self) { return value }
        refuse("Tensor", "\(self) is beyond int64, whose largest number is \(Int64.max)", at: nil)
        return .max
    }
    public static func nearest(to element: Float) -> Self { nearest(to: Double(element)) }
    public static func nearest(to element: Double) -> Self {
        // The upper half of UInt64 is beyond int64 and yet representable.
        if let value = Self(exactly: element.rounded(.towardZero)) { return value }
        let isNarrow = Self.bitWidth < 32 || (Self.bitWidth == 32 && Self.isSigned)
        guard isNarrow else { return Self(truncatingIfNeeded: element.intValue) }
        return Self(truncatingIfNeeded: Int32(exactly: element.rounded(.towardZero)) ?? .min)
    }
    public static func nearest(to element: Int64) -> Self { Self(truncatingIfNeeded: element) }
}

extension Int8: TensorScalar { public typealias Scalar = Int8 }
extension Int16: TensorScalar { public typealias Scalar = Int16 }
extension Int32: TensorScalar { public typealias Scalar = Int32 }
extension Int64: TensorScalar { public typealias Scalar = Int64 }
extension UInt: TensorScalar { public typealias Scalar = UInt }
extension UInt8: TensorScalar { public typealias Scalar = UInt8 }
extension UInt16: TensorScalar { public typealias Scalar = UInt16 }
extension UInt32: TensorScalar { public typealias Scalar = UInt32 }
extension UInt64: TensorScalar { public typealias Scalar = UInt64 }

extension Bool: TensorScalar {
    public typealias Scalar = Bool
    public static var tensorDType: DType { .bool }
    public var doubleValue: Double { self ? 1 : 0 }
    public var intValue: Int { self ? 1 : 0 }
    public static func nearest(to element: Float) -> Self { element != 0 }
    public static func nearest(to element: Double) -> Self { element != 0 }
    public static func nearest(to element: Int64) -> Self { element != 0 }
}
