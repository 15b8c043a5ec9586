import WeftRuntime

/// A Swift number that can stand beside tensors in arithmetic and fill them: `Float`, `Double`, `Int`, `Bool`.
public protocol TensorScalar: TensorElements where Scalar == Self {
    /// The dtype of a tensor made of such numbers.
    static var tensorDType: DType { get }
    /// The value as a `Double`; `true` is 1.
    var doubleValue: Double { get }
    /// The value as an `Int`, rounded toward zero and clamped; NaN is 0.
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
        if isNaN { return 0 }
        return Int(exactly: rounded(.towardZero)) ?? (self < 0 ? .min : .max)
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

extension Bool: TensorScalar {
    public typealias Scalar = Bool
    public static var tensorDType: DType { .bool }
    public var doubleValue: Double { self ? 1 : 0 }
    public var intValue: Int { self ? 1 : 0 }
    public static func nearest(to element: Float) -> Self { element != 0 }
    public static func nearest(to element: Double) -> Self { element != 0 }
    public static func nearest(to element: Int64) -> Self { element != 0 }
}
