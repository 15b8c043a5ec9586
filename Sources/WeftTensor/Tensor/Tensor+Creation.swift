import WeftRuntime

extension KernelFamily {
    fileprivate static let fill = KernelFamily("fill")
    fileprivate static let arange = KernelFamily("arange")
}

extension Tensor {
    /// A tensor with the values and the shape of `elements`: a Swift number, or an array of arrays of them.
    ///
    /// ```swift
    /// let matrix = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)   // float32, shape [2, 2]
    /// let labels = Tensor([3, 1, 4])                                      // int64, shape [3]
    /// ```
    ///
    /// Refused if rows differ in length.
    ///
    /// - Parameters:
    ///   - dtype: by default float32 for floating-point numbers, int64 for integers, bool for truth values.
    ///   - requiresGrad: whether gradients are to be computed for this tensor; needs a floating-point dtype.
    // Other modules, which cannot see the body, would run it for any type, several times slower.
    @_specialize(where E == Float)
    @_specialize(where E == Double)
    @_specialize(where E == Int)
    @_specialize(where E == [Float])
    @_specialize(where E == [Double])
    @_specialize(where E == [Int])
    @_specialize(where E == [[Float]])
    @_specialize(where E == [[Double]])
    public init<E: TensorElements>(
        _ elements: E,
        dtype: DType? = nil,
        requiresGrad: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let shape = elements.nestedShape
        let dtype = dtype ?? E.Scalar.tensorDType
        guard let layout = Layout.checked(shape, operation: "Tensor", at: site) else {
            self = Tensor(standIn: Layout(), dtype: dtype)
            return
        }
        var scalars: [E.Scalar] = []
        scalars.reserveCapacity(layout.count)
        guard elements.append(to: &scalars, shape: shape[...]) else {
            refuse("Tensor", "rows differ in length: going by the first ones, the shape would be \(shape)", at: site)
            self = Tensor(standIn: layout, dtype: dtype)
            return
        }
        self = .uninitialized(like: layout, dtype: dtype, operation: "Tensor", at: site)
        if isFailed { return }
        withUnsafeMutableElements { $0.store(scalars) }
        if requiresGrad { self = withRequiresGrad(file: file, line: line) }
    }

    /// A tensor of shape `shape` filled with 0.
    public init(
        zeros shape: [Int],
        dtype: DType = .float32,
        requiresGrad: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init(full: shape, 0.0, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
    }

    /// A tensor of shape `shape` filled with 1.
    public init(
        ones shape: [Int],
        dtype: DType = .float32,
        requiresGrad: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        self.init(full: shape, 1.0, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
    }

    /// A tensor of shape `shape` filled with `value`, by default of the dtype that `value` has as a tensor.
    public init<S: TensorScalar>(
        full shape: [Int],
        _ value: S,
        dtype: DType? = nil,
        requiresGrad: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let dtype = dtype ?? S.tensorDType
        guard let layout = Layout.checked(shape, operation: "full", at: site) else {
            self = Tensor(standIn: Layout(), dtype: dtype)
            return
        }
        self = .filled(layout, value, dtype: dtype, at: site)
        if requiresGrad { self = withRequiresGrad(file: file, line: line) }
    }

    /// The int64 numbers of `range`, in order.
    public init(arange range: Range<Int>, file: StaticString = #fileID, line: UInt = #line) {
        let site = CallSite(file, line)
        let (count, overflow) = range.upperBound.subtractingReportingOverflow(range.lowerBound)
        guard let layout = Layout.checked([overflow ? .max : count], operation: "arange", at: site) else {
            self = Tensor(standIn: Layout(), dtype: .int64)
            return
        }
        self = .uninitialized(like: layout, dtype: .int64, operation: "arange", at: site)
        guard !isFailed, let handle = KernelFamily.arange[.int64] else { return }
        generate(handle) { launch in
            launch.setInteger(0, range.lowerBound)
            launch.setInteger(1, 1)
        }
    }

    /// A tensor of shape `shape` with the row-major elements in `bytes`, which are copied. They must be as many
    /// as the shape and the dtype make; a bool must be 0 or 1.
    public init(
        bytes: UnsafeRawBufferPointer,
        shape: [Int],
        dtype: DType,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard let layout = Layout.checked(shape, operation: "Tensor", at: site) else {
            self = Tensor(standIn: Layout(), dtype: dtype)
            return
        }
        guard bytes.count == layout.count * dtype.size else {
            refuse(
                "Tensor",
                "\(bytes.count) bytes do not fill shape \(shape) of \(dtype), which takes "
                    + "\(layout.count * dtype.size)",
                at: site
            )
            self = Tensor(standIn: layout, dtype: dtype)
            return
        }
        if dtype == .bool, let byte = bytes.first(where: { $0 > 1 }) {
            refuse("Tensor", "a bool is a byte of 0 or 1, not \(byte)", at: site)
            self = Tensor(standIn: layout, dtype: dtype)
            return
        }
        self = .uninitialized(like: layout, dtype: dtype, operation: "Tensor", at: site)
        if !isFailed, let source = bytes.baseAddress, bytes.count > 0 {
            start.copyMemory(from: source, byteCount: bytes.count)
        }
    }

    /// A scalar that stands beside `other` in arithmetic: of its dtype, unless `value` needs a wider kind.
    static func scalar<S: TensorScalar>(_ value: S, beside other: Tensor) -> Tensor {
        scalar(value, dtype: other.dtype.promoted(withScalar: S.tensorDType))
    }

    /// A scalar of `dtype`.
    static func scalar<S: TensorScalar>(_ value: S, dtype: DType) -> Tensor {
        let result = uninitialized(like: Layout(), dtype: dtype, operation: "Tensor", at: nil)
        if !result.isFailed { result.withUnsafeMutableElements { $0.store(value, at: 0) } }
        return result
    }

    static func filled<S: TensorScalar>(_ layout: Layout, _ value: S, dtype: DType, at site: CallSite?) -> Tensor {
        if dtype.isNarrowInteger { return copy(of: scalar(value, dtype: dtype).view(layout.repeatingOne), at: site) }
        let result = uninitialized(like: layout, dtype: dtype, operation: "full", at: site)
        guard !result.isFailed, let handle = KernelFamily.fill[dtype] else { return result }
        result.generate(handle) { launch in
            launch.setNumber(0, value.doubleValue)
            // Asked only where it counts: what is no int64 may well be a float.
            if dtype == .int64 { launch.setInteger(0, value.intValue) }
            if dtype == .bool { launch.setInteger(0, value.doubleValue == 0 ? 0 : 1) }
        }
        return result
    }

    /// Runs a kernel without inputs over this fresh, contiguous tensor, which was not refused.
    func generate(_ handle: KernelHandle, cost: Double = PointwiseCost.arithmetic, _ configure: (inout Launch) -> Void)
    {
        var launch = Launch(handle, elements: count, nanosecondsPerItem: cost)
        launch.append(start, stride: 1)
        configure(&launch)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime(self) {}
    }
}
