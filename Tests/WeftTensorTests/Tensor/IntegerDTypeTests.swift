import Testing

@testable import WeftTensor

struct IntegerDTypeTests {
    static let narrow: [DType] = [.uint8, .int8, .int16, .int32]

    @Test
    func `Two dtypes give the one that PyTorch gives`() {
        let order: [DType] = [
            .bool, .uint8, .int8, .int16, .int32, .int64, .float16, .bfloat16, .float32, .float64,
        ]
        for (i, a) in order.enumerated() {
            for (j, b) in order.enumerated() {
                let pair: Set = [a, b]
                let expected: DType =
                    pair == [.uint8, .int8] ? .int16 : pair == [.float16, .bfloat16] ? .float32 : order[max(i, j)]
                #expect(DType.promoted(a, b) == expected, "\(a) and \(b)")
                if pair == [.bool] { continue }
                #expect((Tensor([1, 0], dtype: a) + Tensor([1, 1], dtype: b)).dtype == expected)
            }
        }
    }

    @Test(arguments: narrow)
    func `A number widens nothing within its kind`(_ dtype: DType) {
        let x = Tensor([1, 2], dtype: dtype)
        #expect((x + 300).dtype == dtype)
        #expect((x * 0.5).dtype == .float32)
        #expect((x * 0.5).array(of: Double.self) == [0.5, 1])
        #expect((x / x).dtype == .float32)
        #expect((Tensor([true]) + 1).dtype == .int64)
    }

    @Test
    func `Arithmetic wraps around`() {
        #expect((Tensor([255, 0], dtype: .uint8) + 1).array(of: Int.self) == [0, 1])
        #expect((Tensor([0, 3], dtype: .uint8) - Tensor([1, 1], dtype: .uint8)).array(of: Int.self) == [255, 2])
        #expect((Tensor([-128, 127], dtype: .int8) * 2).array(of: Int.self) == [0, -2])
        #expect((-Tensor([-128], dtype: .int8)).array(of: Int.self) == [-128])
        #expect(Tensor([-32768], dtype: .int16).abs().array(of: Int.self) == [-32768])
        var x = Tensor([Int(Int32.max)], dtype: .int32)
        x += 1
        #expect(x.dtype == .int32 && x.item(as: Int.self) == Int(Int32.min))
    }

    @Test
    func `What an integer cannot hold becomes what PyTorch makes of it`() {
        let x = Tensor([300.7, -1, 1e10, Double.nan, .infinity, -1e30], dtype: .float64)
        #expect(x.to(.uint8).array(of: Int.self) == [44, 255, 0, 0, 0, 0])
        #expect(x.to(.int8).array(of: Int.self) == [44, -1, 0, 0, 0, 0])
        let least32 = Int(Int32.min)
        #expect(x.to(.int32).array(of: Int.self) == [300, -1, least32, least32, least32, least32])
        #expect(x.to(.float32).to(.int16).array(of: Int.self) == [300, -1, 0, 0, 0, 0])
        #expect(Tensor([1 << 40, -1]).to(.int32).array(of: Int.self) == [0, -1])
        #expect(Tensor([1 << 40 | 5]).to(.int8).array(of: Int.self) == [5])
        #expect(Tensor(full: [2], 300.7, dtype: .uint8).array(of: Int.self) == [44, 44])
    }

    @Test(arguments: narrow)
    func `Elements are moved, compared and chosen as they are`(_ dtype: DType) {
        let x = Tensor([[1, 2, 3], [4, 5, 100]], dtype: dtype)
        #expect(x.T.contiguous().array(of: Int.self) == [1, 4, 2, 5, 3, 100])
        #expect((x .> 3).array(of: Bool.self) == [false, false, false, true, true, true])
        #expect(`where`(x .> 3, x, Tensor([0], dtype: dtype)).dtype == dtype)
        #expect(x.indexSelect(axis: 1, Tensor([2, 0])).array(of: Int.self) == [3, 1, 100, 4])
        #expect(x.gather(axis: 1, Tensor([[1], [2]])).array(of: Int.self) == [2, 100])
        #expect(concatenated([x, x]).dtype == dtype)
        #expect(x.description.hasSuffix("dtype: \(dtype))"))
        #expect(x[1, 2].item() == 100)
    }
}
