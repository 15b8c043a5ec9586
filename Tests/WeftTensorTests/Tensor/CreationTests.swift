import Testing

@testable import WeftTensor

@Suite("Creating and reading tensors")
struct CreationTests {
    @Test("Literals decide shape and dtype")
    func literals() {
        let matrix = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        #expect(matrix.shape == [3, 2])
        #expect(matrix.dtype == .float32)
        #expect(matrix.array() == [1, 2, 3, 4, 5, 6])
        #expect(Tensor([1, 2, 3]).dtype == .int64)
        #expect(Tensor([true]).dtype == .bool)
        #expect(Tensor(5).shape == [])
        #expect(Tensor(5).rank == 0)
        #expect(Tensor(5).count == 1)
        #expect(Tensor([[[1]], [[2]]]).shape == [2, 1, 1])
        #expect(Tensor([Float(0.1)]).array() == [0.1])
        #expect(Tensor([[Double]]()).shape == [0])
        #expect(Tensor([[Double](), []]).shape == [2, 0])
    }

    @Test("A dtype can be asked for")
    func dtype() {
        #expect(Tensor([1.9, -1.9, 0], dtype: .int64).array(of: Int.self) == [1, -1, 0])
        #expect(Tensor([1, 0], dtype: .float32).dtype == .float32)
        #expect(Tensor([2, 0], dtype: .bool).array(of: Bool.self) == [true, false])
        #expect(Tensor([1 << 62], dtype: .int64).item(as: Int.self) == 1 << 62)
    }

    @Test("Rows that differ in length are refused")
    func ragged() {
        expectRefusal("Tensor", "rows differ in length", "[2, 2]") { _ = Tensor([[1, 2], [3]]) }
        expectRefusal("Tensor", "rows differ in length") { _ = Tensor([[[1], [2]], [[3]]]) }
        expectRefusal("Tensor", "rows differ in length", "[2, 0]") { _ = Tensor([[], [3]]) }
    }

    @Test("Filled tensors hold one value", arguments: [[], [0], [3], [2, 3], [70_000], [1, 1, 1, 1, 1, 1, 1, 2]])
    func filled(shape: [Int]) {
        let count = shape.reduce(1, *)
        #expect(Tensor(zeros: shape).array() == [Float](repeating: 0, count: count))
        #expect(Tensor(ones: shape, dtype: .int64).array(of: Int.self) == [Int](repeating: 1, count: count))
        #expect(Tensor(full: shape, 2.5).array() == [Float](repeating: 2.5, count: count))
        #expect(Tensor(full: shape, true).array(of: Bool.self) == [Bool](repeating: true, count: count))
        #expect(Tensor(full: shape, Int.min).array(of: Int.self) == [Int](repeating: .min, count: count))
        #expect(Tensor(zeros: shape).shape == shape)
    }

    @Test("A range of integers is counted off", arguments: [0..<0, 0..<5, -3..<4, 7..<100_000])
    func arange(range: Range<Int>) {
        let tensor = Tensor(arange: range)
        #expect(tensor.dtype == .int64)
        #expect(tensor.array(of: Int.self) == Array(range))
    }

    @Test("Shapes that cannot be are refused")
    func badShapes() {
        expectRefusal("full", "negative size", "[2, -1]") { _ = Tensor(zeros: [2, -1]) }
        expectRefusal("full", "at most 8 dimensions") { _ = Tensor(zeros: [Int](repeating: 1, count: 9)) }
        expectRefusal("full", "more elements than can be addressed") { _ = Tensor(ones: [1 << 40, 1 << 40]) }
        // No elements, but the sizes besides the zero still multiply past what can be counted.
        expectRefusal("full", "more elements than can be addressed") { _ = Tensor(ones: [0, 1 << 40, 1 << 40]) }
        expectRefusal("full", "out of memory: asked for 4194304 GiB") { _ = Tensor(zeros: [1 << 50]) }
    }

    @Test("Bytes become elements if they are as many as the shape takes")
    func bytes() {
        let floats: [Float] = [1, 2, 3, 4, 5, 6]
        let tensor = floats.withUnsafeBytes { Tensor(bytes: $0, shape: [2, 3], dtype: .float32) }
        expect(tensor, equals: Reference([2, 3], [1, 2, 3, 4, 5, 6]))
        expectRefusal("Tensor", "24 bytes do not fill shape [2, 2]", "16") {
            _ = floats.withUnsafeBytes { Tensor(bytes: $0, shape: [2, 2], dtype: .float32) }
        }
        expectRefusal("Tensor", "0 or 1, not 7") {
            _ = [UInt8]([0, 1, 7]).withUnsafeBytes { Tensor(bytes: $0, shape: [3], dtype: .bool) }
        }
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        #expect(Tensor(bytes: empty, shape: [0, 4], dtype: .int64).shape == [0, 4])
    }

    @Test("Elements are read row-major, however they lie in memory", arguments: Placement.allCases)
    func reading(placement: Placement) {
        let reference = Reference.distinct([3, 4, 2])
        let tensor = reference.tensor(placement)
        #expect(tensor.array(of: Double.self) == reference.values)
        let bytes = tensor.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(bytes == reference.values.map(Float.init))
    }

    @Test("Elements are read as any Swift number")
    func readingAs() {
        let x = Tensor([-1.7, 0, 2.5])
        #expect(x.array(of: Int.self) == [-1, 0, 2])
        #expect(x.array(of: Bool.self) == [true, false, true])
        #expect(Tensor([true, false]).array(of: Double.self) == [1, 0])
        #expect(Tensor([1 << 60]).array(of: Int.self) == [1 << 60])
    }

    @Test("One element is read as a number, and only one")
    func item() {
        #expect(Tensor([[2.5]]).item() == 2.5)
        #expect(Tensor([1, 2, 3])[1].item(as: Int.self) == 2)
        #expect(Tensor(3.0).expanded(to: [1, 1]).item() == 3)
        expectRefusal("item", "shape [2] has 2 elements") { _ = Tensor([1, 2]).item() }
        expectRefusal("item", "shape [0] has 0 elements") { _ = Tensor(zeros: [0]).item() }
    }

    @Test("Conversions keep what the new dtype can hold", arguments: Placement.allCases)
    func conversions(placement: Placement) {
        let x = Reference.distinct([3, 4, 2], from: -9, to: 9)
        expect(x.tensor(placement).to(.int64), equals: x.map { $0.rounded(.towardZero) })
        expect(x.tensor(placement).to(.bool), equals: x.map { $0 == 0 ? 0 : 1 })
        let whole = x.map { $0.rounded(.towardZero) }
        expect(whole.tensor(placement, .int64).to(.float32), equals: whole)
        expect(whole.tensor(placement, .int64).to(.bool), equals: whole.map { $0 == 0 ? 0 : 1 })
        let truths = whole.map { $0 > 0 ? 1 : 0 }
        expect(truths.tensor(placement, .bool).to(.int64), equals: truths)
        expect(truths.tensor(placement, .bool).to(.float32), equals: truths)
        #expect(Tensor([Double.nan, 0]).to(.bool).array(of: Bool.self) == [true, false])
    }

    @Test("Only floating-point tensors can require gradients", arguments: [DType.int64, .bool])
    func requiresGrad(dtype: DType) {
        expectRefusal("requiresGrad", "\(dtype)") { _ = Tensor(zeros: [2], dtype: dtype, requiresGrad: true) }
        expectRefusal("requiresGrad", "\(dtype)") { _ = Tensor(zeros: [2], dtype: dtype).withRequiresGrad() }
    }
}
