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
    init(element: Float)
    /// The number nearest to an integer element.
    init(element: Int64)
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
    public init(element: Float) { self = element }
    public init(element: Int64) { self = Float(element) }
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
    public init(element: Float) { self = Double(element) }
    public init(element: Int64) { self = Double(element) }
}

extension Int: TensorScalar {
    public typealias Scalar = Int
    public static var tensorDType: DType { .int64 }
    public var doubleValue: Double { Double(self) }
    public var intValue: Int { self }
    public init(element: Float) { self = Double(element).intValue }
    public init(element: Int64) { self = Int(element) }
}

extension Bool: TensorScalar {
    public typealias Scalar = Bool
    public static var tensorDType: DType { .bool }
    public var doubleValue: Double { self ? 1 : 0 }
    public var intValue: Int { self ? 1 : 0 }
    public init(element: Float) { self = element != 0 }
    public init(element: Int64) { self = element != 0 }
}
