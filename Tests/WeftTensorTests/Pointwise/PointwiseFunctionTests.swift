import Testing
import WeftRuntime

@testable import WeftTensor

/// What the cases of PyTorch's operator database do not say of elementwise functions.
@Suite("Elementwise functions of PyTorch")
struct PointwiseFunctionTests {
    @Test("16-bit floats are computed as float32 and rounded once")
    func halves() {
        let x = Tensor([0.5, 1.25, -2], dtype: .float16)
        let exact = x.to(.float32).sin().to(.float16)
        #expect(x.sin().dtype == .float16)
        #expect(x.sin().array(of: Float.self) == exact.array(of: Float.self))
        #expect(Tensor([2.0], dtype: .bfloat16).lgamma().dtype == .bfloat16)
    }

    @Test("Powers of whole numbers are exact")
    func powers() {
        #expect(Tensor([2, -3, 1, -1]).pow(Tensor([10, 3, -5, -3])).array(of: Int.self) == [1024, -27, 1, -1])
        let (bases, exponents) = (Tensor([2.0, 10, 3], dtype: .float64), Tensor([10.0, 15, 5], dtype: .float64))
        #expect(bases.pow(exponents).array(of: Double.self) == [1024, 1e15, 243])
        #expect(pow(2, Tensor([3, 4])).array(of: Int.self) == [8, 16])
        #expect(Tensor([8.0, 1024]).log2().array(of: Float.self) == [3, 10])
    }

    @Test("Integers are not divided by 0")
    func divisionByZero() throws {
        let error = try #require(throws: TensorError.self) {
            try withTensorErrors { Tensor([1, 2]).floorDivide(Tensor([1, 0])) }
        }
        #expect(error.operation == "floorDivide")
        #expect("\(error)".contains("divided by 0"))
        #expect(Tensor([1.0]).fmod(Tensor([0.0])).isNaN().array(of: Bool.self) == [true])
    }

    @Test("Quotients of the smallest integer wrap, and rests have the divisor's sign")
    func wholeDivision() {
        #expect(Tensor([Int.min, -7, 7]).floorDivide(Tensor([-1, 2, -2])).array(of: Int.self) == [.min, -4, -4])
        #expect(Tensor([Int.min, -7, 7]).remainder(Tensor([-1, 2, -2])).array(of: Int.self) == [0, 1, -1])
        #expect(Tensor([1e10, -7.5]).remainder(Tensor([3.0, 2])).array(of: Float.self) == [1, 0.5])
    }

    @Test("Truth values add up as logic has it")
    func truthValues() {
        let (a, b) = (Tensor([true, true, false]), Tensor([true, false, false]))
        #expect((a + b).array(of: Bool.self) == [true, true, false])
        #expect((a * b).array(of: Bool.self) == [true, false, false])
        #expect(Tensor.maximum(a, b).array(of: Bool.self) == [true, true, false])
    }

    @Test("Large angles are not reduced by vectors, and empty tensors stay empty")
    func extremes() {
        #expect(Tensor([1e22, 0], dtype: .float64).sin().array(of: Double.self)[0] == -0.8522008497671888)
        #expect(Tensor(zeros: [0, 3]).atan2(Tensor(zeros: [3])).shape == [0, 3])
        #expect(Tensor(Float.infinity).atan().item(as: Float.self) == Float(Double.pi / 2))
    }

    @Test("Bounds beside NaN, and NaN as missing")
    func missing() {
        let x = Tensor([Float.nan, -2, 5])
        #expect(x.clamp(min: -1.0, max: 1.0).array(of: Float.self)[1...] == [-1, 1])
        #expect(x.clamp(max: 1.0).isNaN().array(of: Bool.self) == [true, false, false])
        #expect(Tensor.fmax(x, Tensor([1.0, Float.nan, 2])).array(of: Float.self) == [1, -2, 5])
        #expect(x.nanToNum(nan: 3).array(of: Float.self) == [3, -2, 5])
    }
}
