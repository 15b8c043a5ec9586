import WeftRuntime

extension KernelFamily {
    fileprivate static let copy = KernelFamily("copy")
    fileprivate static let toBool = KernelFamily("to_bool")
    fileprivate static let toUInt8 = KernelFamily("to_u8")
    fileprivate static let toInt8 = KernelFamily("to_i8")
    fileprivate static let toInt16 = KernelFamily("to_i16")
    fileprivate static let toInt32 = KernelFamily("to_i32")
    fileprivate static let toInt64 = KernelFamily("to_i64")
    fileprivate static let toFloat16 = KernelFamily("to_f16")
    fileprivate static let toBFloat16 = KernelFamily("to_bf16")
    fileprivate static let toFloat32 = KernelFamily("to_f32")
    fileprivate static let toFloat64 = KernelFamily("to_f64")

    static func conversion(to dtype: DType) -> KernelFamily {
        switch dtype {
        case .bool: toBool
        case .uint8: toUInt8
        case .int8: toInt8
        case .int16: toInt16
        case .int32: toInt32
        case .int64: toInt64
        case .float16: toFloat16
        case .bfloat16: toBFloat16
        case .float32: toFloat32
        case .float64: toFloat64
        }
    }
}

extension Tensor {
    /// The values converted to `dtype`: toward zero from floating point to integers, to the nearest and ties to even
    /// where floating point gets narrower, and to bool whether they are not 0.
    ///
    /// What an integer dtype cannot hold follows one rule on every machine, that of PyTorch on x86-64. NaN, infinities and
    /// whatever int64 cannot hold give the smallest int64; whatever int32 cannot hold gives the smallest int32. To
    /// narrower integers a number goes by way of int32, of which the lowest bits are kept: 300 is 44 as uint8, -1 is 255,
    /// and 1e10, which int32 cannot hold, 0. Creation, assignment and reading convert by the same rule.
    public func to(_ dtype: DType, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let site = CallSite(file, line)
        // Gradients flow through floating-point dtypes only.
        return dtype.isFloatingPoint ? recastFloatingPoint(dtype, at: site) : converted(to: dtype, at: site)
    }

    /// The elements as `dtype`, not recorded.
    @inline(__always)
    func converted(to dtype: DType, at site: CallSite?) -> Tensor {
        dtype == self.dtype ? self : launchConversion(to: dtype, at: site)
    }

    /// As `converted`, from another dtype. Out of line, so that what need not be converted makes no call.
    @inline(never)
    private func launchConversion(to dtype: DType, at site: CallSite?) -> Tensor {
        // Narrow integers go by way of int64, and floats that become them by way of int32, as the rule says.
        if dtype.isNarrowInteger || self.dtype.isNarrowInteger, KernelFamily.conversion(to: dtype)[self.dtype] == nil {
            let way: DType = self.dtype.isFloatingPoint && dtype != .int32 ? .int32 : .int64
            return converted(to: way, at: site).converted(to: dtype, at: site)
        }
        return .unary(.conversion(to: dtype), self, resultDType: dtype, at: site)
    }

    /// A copy of `tensor` in the order of `format`, not recorded.
    static func copy(of tensor: Tensor, _ format: MemoryFormat = .rowMajor, at site: CallSite?) -> Tensor {
        if tensor.isFailed { return .failed(like: tensor) }
        guard let handle = tensor.kernel(of: .copy, at: site) else { return .failed(like: tensor) }
        let copy = uninitialized(like: tensor.layout, format, dtype: tensor.dtype, operation: "copy", at: site)
        if !copy.isFailed { launchPointwise(handle, into: copy, tensor, nil, nil, cost: PointwiseCost.arithmetic) }
        return copy
    }

    /// Overwrites the elements that `region` names, a layout whose offset counts from this tensor's first element, with
    /// `values`, which broadcast to it and have this tensor's dtype. Nothing else may use the memory.
    func overwrite(_ region: Layout, with values: Tensor) {
        guard let handle = KernelFamily.copy[dtype] else { return }
        Tensor.launchPointwise(handle, into: writableView(region), values, nil, nil, cost: PointwiseCost.arithmetic)
    }
}
