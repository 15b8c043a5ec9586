internal import CKernels

/// The bits of a 16-bit floating-point number; Swift has a type for one of the two formats, and on some platforms only.
package struct HalfBits: BitwiseCopyable, Sendable {
    package var bits: UInt16

    package init(bits: UInt16) { self.bits = bits }

    /// The number of `dtype`, float16 or bfloat16, nearest to `value`, ties to even.
    package init(_ value: Double, as dtype: DType) {
        bits = dtype == .bfloat16 ? ck_bf16_bits(value) : ck_f16_bits(value)
    }

    /// The number that these bits are in `dtype`, float16 or bfloat16.
    package func value(as dtype: DType) -> Float {
        dtype == .bfloat16 ? ck_bf16_value(bits) : ck_f16_value(bits)
    }
}
