import CKernels

/// A floating-point element type of kernels, as the tests see it.
protocol FloatElement: BitwiseCopyable, Equatable, Sendable {
    /// What kernels compute with.
    associatedtype Real: BinaryFloatingPoint & BitwiseCopyable & Sendable

    /// The type's name in those of kernels.
    static var name: String { get }
    /// Significant bits, and the exponent of the smallest denormal.
    static var precision: Int { get }
    static var smallestExponent: Int { get }

    /// The element nearest to `value`, ties to even.
    init(nearest value: Double)
    init(rounding value: Real)
    var real: Real { get }
    /// Any element, special ones and any bit pattern among them.
    static func draw(_ random: inout TestRandom) -> Self
}

extension FloatElement {
    var double: Double { Double(real) }
    var isNaN: Bool { real.isNaN }

    /// The distance from `exact` in units of the last place of an element of that size.
    func ulps(from exact: Wide) -> Double {
        if exact.isNaN || isNaN { return exact.isNaN && isNaN ? 0 : .infinity }
        let value = Wide(real)
        if value == exact { return 0 }
        if exact.isInfinite { return .infinity }
        let smallest = Wide(sign: .plus, exponent: Self.smallestExponent, significand: 1)
        let unit = max(
            exact.magnitude.binade * Wide(sign: .plus, exponent: 1 - Self.precision, significand: 1),
            smallest
        )
        if value.isInfinite {
            // Infinity stands for what the next power of two would be.
            let largest = Wide(sign: value.sign, exponent: 3 - Self.precision - Self.smallestExponent, significand: 1)
            return value.sign == exact.sign ? max(0, Double((largest.magnitude - exact.magnitude) / unit)) : .infinity
        }
        return Double((value - exact).magnitude / unit)
    }
}

/// As `value.ulps(from:)`, with a reference that is quicker to compute with.
func floatULPs(_ value: Float, from exact: Double) -> Double {
    if exact.isNaN || value.isNaN { return exact.isNaN && value.isNaN ? 0 : .infinity }
    if Double(value) == exact { return 0 }
    if exact.isInfinite || (value.isInfinite && value.sign != exact.sign) { return .infinity }
    let unit = max(exact.magnitude.binade * 0x1p-23, 0x1p-149)
    // Infinity stands for what the next power of two would be.
    if value.isInfinite { return max(0, (0x1p128 - exact.magnitude) / unit) }
    return (Double(value) - exact).magnitude / unit
}

/// The widest floating-point type there is, for references.
#if arch(x86_64)
    typealias Wide = Float80
#else
    typealias Wide = Double
#endif

extension Float: FloatElement {
    static var name: String { "f32" }
    static var precision: Int { 24 }
    static var smallestExponent: Int { -149 }
    init(nearest value: Double) { self = Float(value) }
    init(rounding value: Float) { self = value }
    var real: Float { self }
    static func draw(_ random: inout TestRandom) -> Float { random.float() }
}

extension Double: FloatElement {
    static var name: String { "f64" }
    static var precision: Int { 53 }
    static var smallestExponent: Int { -1074 }
    init(nearest value: Double) { self = value }
    init(rounding value: Double) { self = value }
    var real: Double { self }
    static func draw(_ random: inout TestRandom) -> Double {
        switch random.next() % 5 {
        case 0: Double(random.float())
        case 1: Double(bitPattern: random.next())
        case 2:
            [.greatestFiniteMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, 0x1p62].randomElement(
                using: &random
            )!
        default: .random(in: -8...8, using: &random)
        }
    }
}

/// IEEE 754 half precision.
struct HalfElement: FloatElement {
    var bits: UInt16
    static var name: String { "f16" }
    static var precision: Int { 11 }
    static var smallestExponent: Int { -24 }
    init(bits: UInt16) { self.bits = bits }
    init(nearest value: Double) { bits = ck_f16_bits(value) }
    init(rounding value: Float) { bits = ck_f16_bits(Double(value)) }
    var real: Float { ck_f16_value(bits) }
    static func draw(_ random: inout TestRandom) -> HalfElement {
        random.next() % 2 == 0
            ? HalfElement(bits: UInt16(truncatingIfNeeded: random.next())) : .init(rounding: random.float())
    }
}

/// The upper half of a float.
struct BrainElement: FloatElement {
    var bits: UInt16
    static var name: String { "bf16" }
    static var precision: Int { 8 }
    static var smallestExponent: Int { -133 }
    init(bits: UInt16) { self.bits = bits }
    init(nearest value: Double) { bits = ck_bf16_bits(value) }
    init(rounding value: Float) { bits = ck_bf16_bits(Double(value)) }
    var real: Float { ck_bf16_value(bits) }
    static func draw(_ random: inout TestRandom) -> BrainElement {
        random.next() % 2 == 0
            ? BrainElement(bits: UInt16(truncatingIfNeeded: random.next())) : .init(rounding: random.float())
    }
}

/// The same number, zeros of different sign apart and NaNs alike.
func alike<E: FloatElement>(_ a: E, _ b: E) -> Bool {
    a.isNaN ? b.isNaN : a.real == b.real && a.real.sign == b.real.sign
}

/// Calls `body` with each floating-point element type.
func forEachFloat(_ body: (any FloatElement.Type) -> Void) {
    for type in [Float.self, Double.self, HalfElement.self, BrainElement.self] as [any FloatElement.Type] { body(type) }
}

private let kernelsByName = Dictionary(
    uniqueKeysWithValues: (0..<CK_KERNEL_COUNT.rawValue).map {
        (String(cString: ck_kernel_name(ck_kernel(rawValue: $0))), ck_kernel(rawValue: $0))
    }
)

/// The kernel `<operation>_<dtype>`, which there is.
func kernel(_ operation: String, _ dtype: String) -> ck_kernel { kernelsByName["\(operation)_\(dtype)"]! }
