import WeftRuntime

extension KernelFamily {
    fileprivate static let bitwiseAnd = KernelFamily("bitwise_and")
    fileprivate static let bitwiseOr = KernelFamily("bitwise_or")
    fileprivate static let bitwiseXor = KernelFamily("bitwise_xor")
    fileprivate static let bitwiseNot = KernelFamily("bitwise_not")
}

/// The bits of integers, in two's complement; a truth value is a single bit. Operands are promoted to one dtype and
/// broadcast. Floating-point dtypes are refused.
extension Tensor {
    public func bitwiseAnd(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        areBits(other)
            ? logicalAnd(other, file: file, line: line) : .binary(.bitwiseAnd, self, other, at: CallSite(file, line))
    }

    public func bitwiseOr(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        areBits(other)
            ? logicalOr(other, file: file, line: line) : .binary(.bitwiseOr, self, other, at: CallSite(file, line))
    }

    public func bitwiseXor(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        areBits(other)
            ? logicalXor(other, file: file, line: line) : .binary(.bitwiseXor, self, other, at: CallSite(file, line))
    }

    public func bitwiseNot(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        dtype == .bool ? logicalNot(file: file, line: line) : .unary(.bitwiseNot, self, at: CallSite(file, line))
    }

    private func areBits(_ other: Tensor) -> Bool { dtype == .bool && other.dtype == .bool }
}
