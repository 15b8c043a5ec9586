import WeftRuntime

extension KernelFamily {
    fileprivate static let copy = KernelFamily("copy")
    fileprivate static let toBool = KernelFamily("to_bool")
    fileprivate static let toInt64 = KernelFamily("to_i64")
    fileprivate static let toFloat32 = KernelFamily("to_f32")

    fileprivate static func conversion(to dtype: DType) -> KernelFamily {
        switch dtype {
        case .bool: toBool
        case .int64: toInt64
        case .float32: toFloat32
        }
    }
}

extension Tensor {
    /// The values converted to `dtype`: toward zero from float32 to int64, and to bool whether they are not 0.
    public func to(_ dtype: DType, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let result = converted(to: dtype, at: CallSite(file, line))
        // Gradients flow through floating-point dtypes only; the step back converts to the input's.
        guard dtype.isFloatingPoint, dtype != self.dtype else { return result }
        return .recorded("to", result, from: self) { gradient, step in step.give(0, gradient) }
    }

    func converted(to dtype: DType, at site: CallSite?) -> Tensor {
        if dtype == self.dtype { return self }
        return .unary(.conversion(to: dtype), self, resultDType: dtype, at: site)
    }

    /// A row-major copy of `tensor`, not recorded.
    static func copy(of tensor: Tensor, at site: CallSite?) -> Tensor {
        unary(.copy, tensor, at: site)
    }

    /// Overwrites the elements that `region` names, a layout whose offset counts from this tensor's first element, with
    /// `values`, which broadcast to it and have this tensor's dtype. Nothing else may use the memory.
    func overwrite(_ region: Layout, with values: Tensor) {
        guard let handle = KernelFamily.copy[dtype] else { return }
        _ = Tensor.launchPointwise(handle, into: writableView(region), values, nil, nil, cost: PointwiseCost.arithmetic)
    }
}
