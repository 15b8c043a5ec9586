import CKernels
import Testing

@Suite struct SIMDKernelTests {
    @Test func aBaselineIsAlwaysAvailable() {
        #expect(ck_isa_available(CK_ISA_BASELINE))
        #expect(!KernelISA.available.isEmpty)
    }

    @Test(arguments: KernelISA.available)
    func everyKernelExistsForEveryKernelISA(_ set: KernelISA) {
        for raw in 0..<CK_KERNEL_COUNT.rawValue {
            let kernel = ck_kernel(rawValue: raw)
            #expect(set.has(kernel), "\(String(cString: ck_kernel_name(kernel)))")
        }
    }

    @Test func everyKernelHasANameOfItsOwn() {
        let names = (0..<CK_KERNEL_COUNT.rawValue).map { String(cString: ck_kernel_name(ck_kernel(rawValue: $0))) }
        #expect(Set(names).count == names.count)
        #expect(names.contains("copy_bool"))
    }

    @Test(arguments: KernelISA.available)
    func partsOfAVectorGiveWhatWholeVectorsGive(_ set: KernelISA) {
        var random = TestRandom()
        let longest = 67
        let a = TestOperand([longest]) { random.float() }
        let b = TestOperand([longest]) { random.float() }
        let condition = TestOperand([longest]) { random.bool() }
        for start in [0, 1, 3] {
            for length in 0...(longest - start) {
                func moved<T>(_ operand: TestOperand<T>) -> TileArgument {
                    TileArgument(data: UnsafeMutableRawPointer(operand.base + start), strides: [1])
                }
                let sums = TestOperand([length]) { Float(77) }
                TileCall(kernel: CK_add_f32, shape: [length], arguments: [sums.argument, moved(a), moved(b)])
                    .run(set, items: length)
                let less = TestOperand([length]) { UInt8(77) }
                TileCall(kernel: CK_lt_f32, shape: [length], arguments: [less.argument, moved(a), moved(b)])
                    .run(set, items: length)
                let chosen = TestOperand([length]) { Float(77) }
                TileCall(
                    kernel: CK_where_f32,
                    shape: [length],
                    arguments: [chosen.argument, moved(condition), moved(a), moved(b)]
                ).run(set, items: length)
                let (sum, isLess, choice) = (sums.values, less.values, chosen.values)
                for i in 0..<length {
                    let (x, y) = (a.base[start + i], b.base[start + i])
                    let right =
                        same(sum[i], x + y) && isLess[i] == (x < y ? 1 : 0)
                        && same(choice[i], condition.base[start + i] != 0 ? x : y)
                    #expect(right, "element \(i) of \(length) from \(start)")
                }
            }
        }
    }
}
