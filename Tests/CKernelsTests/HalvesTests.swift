import CKernels
import Testing

/// The conversions of 16-bit floats one at a time, on which the tests of kernels rely.
@Suite struct HalvesTests {
    @Test func everyHalfIsTheUpperPartOfAFloatOfItsFormat() {
        for bits in UInt16.min ... .max {
            let exact = Float(bitPattern: UInt32(bits) << 16)
            #expect(same(ck_bf16_value(bits), exact))
            // 5 bits of exponent, 10 of fraction.
            let (exponent, fraction) = (Int(bits >> 10 & 31), Float(bits & 1023))
            let magnitude: Float =
                switch exponent {
                case 0: fraction * 0x1p-24
                case 31: fraction == 0 ? .infinity : .nan
                default: (1 + fraction * 0x1p-10) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
                }
            #expect(same(ck_f16_value(bits), bits >> 15 == 0 ? magnitude : -magnitude))
        }
    }

    @Test func everyFiniteHalfAndWhatLiesBetweenTwoIsRoundedToTheNearest() {
        check(largest: 0x7bff, ck_f16_value, ck_f16_bits)
        check(largest: 0x7f7f, ck_bf16_value, ck_bf16_bits)
    }

    private func check(largest: UInt16, _ value: (UInt16) -> Float, _ bits: (Double) -> UInt16) {
        for half in 0...largest {
            let (low, high) = (Double(value(half)), Double(value(min(half + 1, largest))))
            let next = half == largest ? low + (low - Double(value(half - 1))) : high
            let middle = (low + next) / 2
            let even = half % 2 == 0 ? half : half + 1
            let right =
                bits(low) == half && bits(middle) == even && bits(middle.nextDown) == half
                && bits(middle.nextUp) == half + 1 && bits(-middle.nextUp) == (half + 1) | 0x8000
            #expect(right, "\(half)")
        }
        #expect(bits(.infinity) == largest + 1)
        #expect(bits(1e300) == largest + 1)
        #expect(value(bits(.nan)).isNaN)
        #expect(bits(-0.0) == 0x8000)
    }
}
