import WeftRuntime

/// A contiguous tensor's elements seen as Swift numbers.
struct MutableElements {
    let start: UnsafeMutableRawPointer
    let count: Int
    let dtype: DType

    func store<S: TensorScalar>(_ scalars: [S]) {
        if dtype == .float32, let floats = scalars as? [Float] {
            floats.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress { start.copyMemory(from: source, byteCount: bytes.count) }
            }
            return
        }
        if dtype == .float64, let doubles = scalars as? [Double] {
            doubles.withUnsafeBytes { bytes in
                if let source = bytes.baseAddress { start.copyMemory(from: source, byteCount: bytes.count) }
            }
            return
        }
        for index in scalars.indices { store(scalars[index], at: index) }
    }

    func store<S: TensorScalar>(_ value: S, at index: Int) {
        switch dtype {
        case .float32: start.storeBytes(of: Float(value.doubleValue), toByteOffset: index * 4, as: Float.self)
        case .float64: start.storeBytes(of: value.doubleValue, toByteOffset: index * 8, as: Double.self)
        case .float16, .bfloat16:
            let half = HalfBits(value.doubleValue, as: dtype)
            start.storeBytes(of: half, toByteOffset: index * 2, as: HalfBits.self)
        case .int64: start.storeBytes(of: Int64(value.intValue), toByteOffset: index * 8, as: Int64.self)
        case .int32: start.storeBytes(of: value.narrowed(), toByteOffset: index * 4, as: Int32.self)
        case .int16: start.storeBytes(of: value.narrowed(), toByteOffset: index * 2, as: Int16.self)
        case .int8: start.storeBytes(of: value.narrowed(), toByteOffset: index, as: Int8.self)
        case .uint8: start.storeBytes(of: value.narrowed(), toByteOffset: index, as: UInt8.self)
        case .bool: start.storeBytes(of: value.doubleValue == 0 ? 0 : 1, toByteOffset: index, as: UInt8.self)
        }
    }

    func load<S: TensorScalar>(as type: S.Type, at index: Int) -> S {
        switch dtype {
        case .float32: S.nearest(to: start.load(fromByteOffset: index * 4, as: Float.self))
        case .float64: S.nearest(to: start.load(fromByteOffset: index * 8, as: Double.self))
        case .float16, .bfloat16:
            S.nearest(to: start.load(fromByteOffset: index * 2, as: HalfBits.self).value(as: dtype))
        case .int64: S.nearest(to: start.load(fromByteOffset: index * 8, as: Int64.self))
        case .int32: S.nearest(to: Int64(start.load(fromByteOffset: index * 4, as: Int32.self)))
        case .int16: S.nearest(to: Int64(start.load(fromByteOffset: index * 2, as: Int16.self)))
        case .int8: S.nearest(to: Int64(start.load(fromByteOffset: index, as: Int8.self)))
        case .uint8: S.nearest(to: Int64(start.load(fromByteOffset: index, as: UInt8.self)))
        case .bool: S.nearest(to: Int64(start.load(fromByteOffset: index, as: UInt8.self)))
        }
    }
}

extension Tensor {
    /// Refuses the use of a failed tensor outside of the `withTensorErrors` that has its error: it must have been
    /// carried out of there, and its values would be made up.
    func refuseOutOfScope(_ operation: StaticString, at site: CallSite?) {
        guard ErrorRecorder.current?.error == nil else { return }
        refuse(operation, "the tensor of shape \(shape) is the result of an operation that was refused", at: site)
    }

    /// How many elements a failed tensor shows to those who read it as a whole: its own number, so that code that
    /// counts on it lives until the error is thrown; but none where that would take memory, which its shape may well
    /// have been refused for.
    private var shownCount: Int {
        guard let byteCount = layout.checkedByteCount(dtype), byteCount <= Self.largestShown else { return 0 }
        return count
    }

    private static let largestShown = 64 << 10

    /// Calls `body` with the elements of this contiguous tensor.
    func withUnsafeMutableElements<R>(_ body: (MutableElements) -> R) -> R {
        body(MutableElements(start: start, count: count, dtype: dtype))
    }

    /// Calls `body` with the elements' bytes, row-major and without gaps.
    public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        let tensor = contiguous()
        guard !tensor.isFailed else {
            refuseOutOfScope("withUnsafeBytes", at: nil)
            return try [UInt8](repeating: 0, count: shownCount * dtype.size).withUnsafeBytes(body)
        }
        defer { withExtendedLifetime(tensor) {} }
        return try body(UnsafeRawBufferPointer(start: tensor.start, count: tensor.count * dtype.size))
    }

    /// The elements as Swift numbers, row-major, each converted to `type`.
    public func array<S: TensorScalar>(of type: S.Type = Float.self) -> [S] {
        let tensor = contiguous()
        guard !tensor.isFailed else {
            refuseOutOfScope("array", at: nil)
            return [S](repeating: S.standIn, count: shownCount)
        }
        defer { withExtendedLifetime(tensor) {} }
        return tensor.withUnsafeMutableElements { elements in
            if dtype == .float32, S.self == Float.self {
                let floats = UnsafeRawBufferPointer(start: elements.start, count: elements.count * 4)
                return Array(floats.bindMemory(to: S.self))
            }
            if dtype == .float64, S.self == Double.self {
                let doubles = UnsafeRawBufferPointer(start: elements.start, count: elements.count * 8)
                return Array(doubles.bindMemory(to: S.self))
            }
            return (0..<elements.count).map { elements.load(as: S.self, at: $0) }
        }
    }

    /// The value of a tensor with one element. Refused for any other number of elements.
    public func item(file: StaticString = #fileID, line: UInt = #line) -> Double {
        item(as: Double.self, file: file, line: line)
    }

    /// The value of a tensor with one element, converted to `type`. Refused for any other number of elements.
    public func item<S: TensorScalar>(as type: S.Type, file: StaticString = #fileID, line: UInt = #line) -> S {
        if isFailed {
            refuseOutOfScope("item", at: CallSite(file, line))
            return S.standIn
        }
        guard count == 1 else {
            refuse("item", "shape \(shape) has \(count) elements, not one", at: CallSite(file, line))
            return S.standIn
        }
        defer { withExtendedLifetime(self) {} }
        return withUnsafeMutableElements { $0.load(as: S.self, at: 0) }
    }
}

extension TensorScalar {
    /// The value as a narrow integer, by the rule of conversions: integers keep their lowest bits.
    fileprivate func narrowed<I: FixedWidthInteger & TensorScalar>() -> I {
        Self.tensorDType.isFloatingPoint ? I.nearest(to: doubleValue) : I(truncatingIfNeeded: intValue)
    }

    /// What reading a refused tensor gives: NaN, and 0 for what has none.
    fileprivate static var standIn: Self {
        tensorDType.isFloatingPoint ? nearest(to: Float.nan) : nearest(to: Int64(0))
    }
}
