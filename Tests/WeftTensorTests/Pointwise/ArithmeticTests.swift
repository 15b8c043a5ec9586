import Testing

@testable import WeftTensor

@Suite("Arithmetic")
struct ArithmeticTests {
    struct Operation: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let run: @Sendable (Tensor, Tensor) -> Tensor
        let reference: @Sendable (Double, Double) -> Double
    }

    static let operations = [
        Operation(testDescription: "+", run: { $0 + $1 }, reference: { $0 + $1 }),
        Operation(testDescription: "-", run: { $0 - $1 }, reference: { $0 - $1 }),
        Operation(testDescription: "*", run: { $0 * $1 }, reference: { $0 * $1 }),
        Operation(testDescription: "/", run: { $0 / $1 }, reference: { $0 / $1 }),
        Operation(testDescription: "maximum", run: { Tensor.maximum($0, $1) }, reference: { $0 > $1 ? $0 : $1 }),
        Operation(testDescription: "minimum", run: { Tensor.minimum($0, $1) }, reference: { $0 < $1 ? $0 : $1 }),
    ]

    static let shapes: [([Int], [Int])] = [
        ([], []), ([5], []), ([], [2, 3]), ([7], [7]), ([3, 1], [4]), ([3, 1], [1, 4]), ([2, 3, 4], [3, 1]),
        ([2, 1, 4], [5, 2, 3, 1]), ([0], [1]), ([2, 0], [2, 1]), ([1, 1, 1], [2]),
        ([2, 1, 2, 1, 2, 1, 2, 1], [2, 1, 2, 1, 2, 1, 2]),
    ]

    @Test("Operands broadcast", arguments: operations, shapes)
    func broadcasting(operation: Operation, shapes: ([Int], [Int])) {
        let (a, b) = (Reference.distinct(shapes.0), Reference.distinct(shapes.1, from: 0.5, to: 3))
        expect(operation.run(a.tensor(), b.tensor()), equals: a.combined(b, operation.reference), tolerance: 1e-6)
        expect(
            operation.run(b.tensor(), a.tensor() + 5),
            equals: b.combined(a.map { $0 + 5 }, operation.reference),
            tolerance: 1e-6
        )
    }

    @Test("Operands may lie in memory in any way", arguments: operations, Placement.allCases)
    func placement(operation: Operation, placement: Placement) {
        let (a, b) = (Reference.distinct([3, 4, 5]), Reference.distinct([3, 4, 5], from: 1, to: 3))
        for other in Placement.allCases {
            expect(
                operation.run(a.tensor(placement), b.tensor(other)),
                equals: a.combined(b, operation.reference),
                tolerance: 1e-6
            )
        }
        let row = Reference.distinct([4, 1], from: 1, to: 3)
        expect(
            operation.run(a.tensor(placement), row.tensor()),
            equals: a.combined(row, operation.reference),
            tolerance: 1e-6
        )
    }

    @Test("Large operands are computed to the last element", arguments: operations)
    func large(operation: Operation) {
        let a = Tensor(arange: 0..<300_007).to(.float32)
        let result = operation.run(a, Tensor(2.0)).array()
        let expected = (0..<300_007).map { Float(operation.reference(Double($0), 2)) }
        #expect(result == expected)
    }

    @Test("NaN and infinities go through as IEEE 754 says", arguments: operations)
    func special(operation: Operation) {
        let values = [Double.nan, .infinity, -.infinity, 0, -0.0, 1, -3]
        let a = Reference([7, 1], values)
        let b = Reference([7], values)
        let isExtremum = operation.testDescription.hasSuffix("imum")
        let expected = a.combined(b) { x, y in
            isExtremum && (x.isNaN || y.isNaN) ? .nan : operation.reference(x, y)
        }
        expect(operation.run(a.tensor(), b.tensor()), equals: expected, tolerance: 1e-6)
    }

    @Test("Dtypes are promoted: bool, int64, float32")
    func promotion() {
        let float = Tensor([1.5, 2.5])
        let int = Tensor([3, 4])
        let bool = Tensor([true, false])
        #expect((float + int).dtype == .float32)
        #expect((int + bool).dtype == .int64)
        #expect((bool * float).dtype == .float32)
        #expect((int + bool).array(of: Int.self) == [4, 4])
        #expect((bool * float).array() == [1.5, 0])
        #expect((int - float).array() == [1.5, 1.5])
    }

    @Test("A Swift number takes the tensor's dtype unless it needs a wider kind")
    func scalars() {
        #expect((Tensor([1, 2]) + 3).dtype == .int64)
        #expect((Tensor([1, 2]) + 3).array(of: Int.self) == [4, 5])
        #expect((Tensor([1, 2]) * 0.5).array() == [0.5, 1])
        #expect((Tensor([1.0, 2.0]) + 3).dtype == .float32)
        #expect((2 - Tensor([0.5])).array() == [1.5])
        #expect((1 / Tensor([4.0])).array() == [0.25])
        #expect((Tensor([true, false]) + 1).array(of: Int.self) == [2, 1])
        #expect((Tensor([true, false]) * 0.5).array() == [0.5, 0])
        #expect((Float(2) * Tensor([1.5])).array() == [3])
    }

    @Test("Integers are divided as float32, and wrap around in the rest")
    func integers() {
        let quotient = Tensor([7, -7]) / Tensor([2, 2])
        #expect(quotient.dtype == .float32)
        #expect(quotient.array() == [3.5, -3.5])
        #expect((Tensor([Int.max]) + 1).item(as: Int.self) == Int.min)
        #expect((Tensor([Int.min]) - 1).item(as: Int.self) == Int.max)
        #expect((Tensor([1 << 62]) * 4).item(as: Int.self) == 0)
        #expect((-Tensor([Int.min, 5])).array(of: Int.self) == [Int.min, -5])
        #expect(addcmul(Tensor([1]), Tensor([2, 3]), Tensor([[4], [5]])).array(of: Int.self) == [9, 13, 11, 16])
        #expect(Tensor.maximum(Tensor([Int.max]), Tensor([Int.max - 1])).item(as: Int.self) == Int.max)
    }

    @Test("Updates in place give what the operators give")
    func inPlace() {
        let start = Reference.distinct([3, 4])
        let row = Reference.distinct([4], from: 1, to: 3)
        var x = start.tensor()
        x += row.tensor()
        expect(x, equals: start.combined(row) { $0 + $1 }, tolerance: 1e-6)
        x = start.tensor()
        x -= row.tensor()
        expect(x, equals: start.combined(row) { $0 - $1 }, tolerance: 1e-6)
        x = start.tensor()
        x *= row.tensor()
        expect(x, equals: start.combined(row) { $0 * $1 }, tolerance: 1e-6)
        x = start.tensor()
        x /= row.tensor()
        expect(x, equals: start.combined(row) { $0 / $1 }, tolerance: 1e-6)
        x = start.tensor()
        x += 1
        x *= 2.0
        x -= 0.5
        x /= 4
        expect(x, equals: start.map { (($0 + 1) * 2 - 0.5) / 4 }, tolerance: 1e-6)
    }

    @Test("A tensor can update itself")
    func inPlaceWithItself() {
        var x = Tensor([[1.0, 2.0], [3.0, 4.0]])
        x += x.T
        #expect(x.array() == [2, 5, 5, 8])
        x *= x
        #expect(x.array() == [4, 25, 25, 64])
        x -= x[0]
        #expect(x.array() == [0, 0, 21, 39])
    }

    @Test("An update in place never changes the dtype or the shape", arguments: [false, true])
    func inPlaceRefusals(isTracked: Bool) {
        let tracked = Tensor([1.0, 2.0], requiresGrad: isTracked)
        expectRefusal("add", "float32 of shape [2] cannot update int64 of shape [2] in place") {
            var x = Tensor([1, 2])
            x += tracked
        }
        expectRefusal("mul", "shape [2]", "shape [1]") {
            var x = Tensor([1.0])
            x *= tracked
        }
        expectRefusal("sub", "float32 of shape []", "int64") {
            var x = Tensor([1])
            x -= 0.5
        }
    }
}
