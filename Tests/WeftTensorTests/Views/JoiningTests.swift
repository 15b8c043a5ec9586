import Testing

@testable import WeftTensor

@Suite("Joining tensors")
struct JoiningTests {
    @Test("One after the other along any axis, however they lie", arguments: [0, 1, 2, -1], Placement.allCases)
    func concatenated(axis: Int, placement: Placement) {
        let positive = axis < 0 ? axis + 3 : axis
        let parts = [3, 1, 0, 4].enumerated().map { number, size in
            var shape = [2, 3, 4]
            shape[positive] = size
            return Reference.distinct(shape, from: Double(number), to: Double(number + 1))
        }
        var shape = [2, 3, 4]
        shape[positive] = 8
        let expected = Reference(shape) { index in
            var source = index
            for part in parts {
                if source[positive] < part.shape[positive] { return part[source] }
                source[positive] -= part.shape[positive]
            }
            return .nan
        }
        expect(WeftTensor.concatenated(parts.map { $0.tensor(placement) }, axis: axis), equals: expected)
    }

    @Test("Side by side along a new axis", arguments: [0, 1, 2, -1, -3])
    func stacked(axis: Int) {
        let rows = [Reference.distinct([2, 3]), Reference.distinct([2, 3], from: 5, to: 6)]
        let positive = axis < 0 ? axis + 3 : axis
        var shape = [2, 3]
        shape.insert(2, at: positive)
        let expected = Reference(shape) { index in
            var source = index
            return rows[source.remove(at: positive)][source]
        }
        expect(WeftTensor.stacked(rows.map { $0.tensor() }, axis: axis), equals: expected)
        #expect(WeftTensor.stacked([Tensor(1.0), Tensor(2.0)]).array() == [1, 2])
    }

    @Test("Different dtypes become the one that holds them all")
    func dtypes() {
        let joined = WeftTensor.concatenated([Tensor([1, 2]), Tensor([true]), Tensor([0.5])])
        #expect(joined.dtype == .float32)
        #expect(joined.array() == [1, 2, 1, 0.5])
        #expect(WeftTensor.concatenated([Tensor([true]), Tensor([false])]).dtype == .bool)
        #expect(WeftTensor.stacked([Tensor([1]), Tensor([true])]).dtype == .int64)
    }

    @Test("A vector of nothing fits anywhere")
    func empty() {
        let x = Tensor(ones: [2, 2])
        #expect(WeftTensor.concatenated([Tensor(zeros: [0]), x]).shape == [2, 2])
        #expect(WeftTensor.concatenated([Tensor(zeros: [0]), Tensor(zeros: [0])]).shape == [0])
        #expect(WeftTensor.concatenated([x]).array() == [1, 1, 1, 1])
    }

    @Test("What was joined can be written without changing its parts")
    func values() {
        let x = Tensor([1.0, 2.0])
        var joined = WeftTensor.concatenated([x])
        joined[0] = Tensor(5.0)
        #expect(x.array() == [1, 2])
    }

    @Test("Tensors that do not fit are refused")
    func refusals() {
        expectRefusal("concatenated", "no tensors") { _ = WeftTensor.concatenated([]) }
        expectRefusal("concatenated", "scalars") { _ = WeftTensor.concatenated([Tensor(1.0)]) }
        expectRefusal("concatenated", "[2, 3]", "[3, 3]", "axis 1") {
            _ = WeftTensor.concatenated([Tensor(zeros: [2, 3]), Tensor(zeros: [3, 3])], axis: 1)
        }
        expectRefusal("concatenated", "[2, 3]", "[3]") {
            _ = WeftTensor.concatenated([Tensor(zeros: [2, 3]), Tensor(zeros: [3])])
        }
        expectRefusal("concatenated", "axis 2") { _ = WeftTensor.concatenated([Tensor(zeros: [2, 3])], axis: 2) }
        expectRefusal("stacked", "no tensors") { _ = WeftTensor.stacked([]) }
        expectRefusal("stacked", "[2]", "[3]") { _ = WeftTensor.stacked([Tensor(zeros: [2]), Tensor(zeros: [3])]) }
        expectRefusal("stacked", "axis 2") { _ = WeftTensor.stacked([Tensor(zeros: [2])], axis: 2) }
    }
}
