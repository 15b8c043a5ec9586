import Testing
import WeftRuntime
import WeftTensor

@Suite("Swift's numbers beside tensors and in them")
struct TensorScalarTests {
    @Test("Every integer of fixed width stands beside a tensor, fills it, makes it and is read from it")
    func integers() {
        func check<S: FixedWidthInteger & TensorScalar>(_ type: S.Type) {
            let three: S = 3
            #expect((Tensor([1.5, 2]) * three).array() == [4.5, 6])
            #expect((three - Tensor([1, 2])).array(of: S.self) == [2, 1])
            #expect((three - Tensor([1, 2])).dtype == .int64)
            #expect((Tensor([1.5, 3]) .== three).array(of: Bool.self) == [false, true])
            #expect(Tensor(full: [2], three).array(of: Int.self) == [3, 3])
            #expect(Tensor([three, S.max >> 1]).dtype == .int64)
            #expect(Tensor([three, S.max >> 1]).array(of: S.self) == [three, S.max >> 1])
            var updated = Tensor([1, 2])
            updated += three
            #expect(updated.array(of: Int.self) == [4, 5])
        }
        check(Int8.self)
        check(Int16.self)
        check(Int32.self)
        check(Int64.self)
        check(Int.self)
        check(UInt8.self)
        check(UInt16.self)
        check(UInt32.self)
        check(UInt64.self)
        check(UInt.self)
    }

    #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
        @Test("Float16 makes float16 tensors and takes the dtype of a floating-point one")
        func float16() {
            let half: Float16 = 0.5
            #expect(Tensor([half, 2]).dtype == .float16)
            #expect(Tensor([half, 2]).array(of: Float16.self) == [0.5, 2])
            #expect((Tensor([1.5, 2]) * half).dtype == .float32)
            #expect((Tensor([1.5, 2]) * half).array() == [0.75, 1])
            #expect(Tensor([1.0 + 0x1p-11 + 0x1p-30]).item(as: Float16.self) == 1)
        }
    #endif

    @Test("Floats become integers by PyTorch's rule")
    func floatsToIntegers() {
        let x = Tensor([Double.nan, .infinity, -.infinity, 3e19, -3e19, 1e10, -1e10, 300.7, -1.7], dtype: .float64)
        let smallest = Int64.min
        #expect(
            x.array(of: Int64.self)
                == [smallest, smallest, smallest, smallest, smallest, 10_000_000_000, -10_000_000_000, 300, -1]
        )
        #expect(x.array(of: Int.self) == x.array(of: Int64.self).map { Int($0) })
        #expect(x.array(of: Int32.self) == [.min, .min, .min, .min, .min, .min, .min, 300, -1])
        #expect(x.array(of: Int16.self) == [0, 0, 0, 0, 0, 0, 0, 300, -1])
        #expect(x.array(of: UInt8.self) == [0, 0, 0, 0, 0, 0, 0, 44, 255])
        #expect(x.array(of: Int8.self) == [0, 0, 0, 0, 0, 0, 0, 44, -1])
        #expect(x.to(.float32)[7].item(as: Int8.self) == 44)
        #expect(Tensor([300, -1, 1 << 40]).array(of: UInt8.self) == [44, 255, 0])
        #expect(Tensor(1.5e19, dtype: .float64).item(as: UInt64.self) == 15_000_000_000_000_000_000)
    }

    @Test("Making int64 tensors takes the same rule", arguments: [Double.nan, .infinity, -.infinity, 3e19, -3e19])
    func creation(value: Double) {
        #expect(Tensor([value], dtype: .int64).item(as: Int.self) == .min)
        #expect(Tensor(full: [2], value, dtype: .int64)[1].item(as: Int.self) == .min)
        #expect(Tensor([value], dtype: .float64).to(.int64).item(as: Int.self) == .min)
    }

    @Test("An unsigned number beyond int64 is refused where it would be one, and a float elsewhere")
    func beyondInt64() {
        expectRefusal("Tensor", "18446744073709551615 is beyond int64") { _ = Tensor([UInt64.max]) }
        expectRefusal("Tensor", "18446744073709551615 is beyond int64") { _ = Tensor([1, 2]) * UInt64.max }
        expectRefusal("Tensor", "18446744073709551615 is beyond int64") { _ = Tensor(full: [2], UInt.max) }
        #expect(Tensor(full: [1], UInt64.max, dtype: .float32).item() == 0x1p64)
        #expect((Tensor([0.5]) * UInt64.max).item() == 0x1p63)
    }
}
