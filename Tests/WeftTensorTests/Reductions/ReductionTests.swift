import Testing

@testable import WeftTensor

@Suite("Reductions")
struct ReductionTests {
    static let axes = [[0], [1], [2], [-1], [0, 1], [0, 2], [1, 2], [2, 0], [0, 1, 2], []]

    private static func positive(_ axes: [Int]) -> [Int] { axes.map { $0 < 0 ? $0 + 3 : $0 } }

    @Test("Sums and means along any axes, however the elements lie", arguments: axes, Placement.allCases)
    func sums(axes: [Int], placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        for keepDims in [false, true] {
            let sum = x.reduced(Self.positive(axes), keepDims: keepDims) { $0.reduce(0, +) }
            expect(x.tensor(placement).sum(axes: axes, keepDims: keepDims), equals: sum, tolerance: 1e-6)
            let mean = x.reduced(Self.positive(axes), keepDims: keepDims) { $0.reduce(0, +) / Double($0.count) }
            expect(x.tensor(placement).mean(axes: axes, keepDims: keepDims), equals: mean, tolerance: 1e-6)
        }
    }

    @Test("Extremes along any axes, however the elements lie", arguments: axes, Placement.allCases)
    func extremesAlongAxes(axes: [Int], placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        for keepDims in [false, true] {
            let largest = x.reduced(Self.positive(axes), keepDims: keepDims) { $0.max()! }
            expect(x.tensor(placement).max(axes: axes, keepDims: keepDims), equals: largest)
            let smallest = x.reduced(Self.positive(axes), keepDims: keepDims) { $0.min()! }
            expect(x.tensor(placement).min(axes: axes, keepDims: keepDims), equals: smallest)
        }
    }

    @Test("Whole tensors are reduced to scalars", arguments: Placement.allCases)
    func whole(placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        let tensor = x.tensor(placement)
        expect(tensor.sum(), equals: Reference([], [x.values.reduce(0, +)]), tolerance: 1e-6)
        expect(tensor.mean(), equals: Reference([], [x.values.reduce(0, +) / 60]), tolerance: 1e-6)
        expect(tensor.max(), equals: Reference([], [x.values.max()!]))
        expect(tensor.min(), equals: Reference([], [x.values.min()!]))
        #expect(tensor.argmax().item(as: Int.self) == x.values.firstIndex(of: x.values.max()!))
        #expect(tensor.argmin().item(as: Int.self) == x.values.firstIndex(of: x.values.min()!))
        #expect(tensor.argmax().dtype == .int64)
    }

    @Test("Extremes along an axis come with their indices", arguments: [0, 1, 2, -1], Placement.allCases)
    func extremes(axis: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5])
        let tensor = x.tensor(placement)
        for keepDims in [false, true] {
            let largest = x.reduced([axis < 0 ? axis + 3 : axis], keepDims: keepDims) { $0.max()! }
            let smallest = x.reduced([axis < 0 ? axis + 3 : axis], keepDims: keepDims) { $0.min()! }
            let last = x.reduced([axis < 0 ? axis + 3 : axis], keepDims: keepDims) {
                Double($0.firstIndex(of: $0.max()!)!)
            }
            let first = x.reduced([axis < 0 ? axis + 3 : axis], keepDims: keepDims) {
                Double($0.firstIndex(of: $0.min()!)!)
            }
            expect(tensor.max(axis: axis, keepDims: keepDims).values, equals: largest)
            expect(tensor.max(axis: axis, keepDims: keepDims).indices, equals: last)
            expect(tensor.min(axis: axis, keepDims: keepDims).values, equals: smallest)
            expect(tensor.min(axis: axis, keepDims: keepDims).indices, equals: first)
            expect(tensor.argmax(axis: axis, keepDims: keepDims), equals: last)
            expect(tensor.argmin(axis: axis, keepDims: keepDims), equals: first)
        }
    }

    @Test("The first of equals is chosen", arguments: [1, 7, 31, 100, 5000])
    func ties(count: Int) {
        var values = [Double](repeating: 1, count: count)
        #expect(Tensor(values).argmax().item(as: Int.self) == 0)
        #expect(Tensor(values).argmin().item(as: Int.self) == 0)
        for position in [count / 3, count / 2, count - 1] { values[position] = 5 }
        #expect(Tensor(values).argmax().item(as: Int.self) == count / 3)
        #expect(Tensor(values.map { -$0 }).argmin().item(as: Int.self) == count / 3)
        #expect(Tensor(values, dtype: .int64).argmax().item(as: Int.self) == count / 3)
        // Along the outer axis too, where the kernels walk columns.
        let columns = Tensor(values).unsqueezed(axis: 1).expanded(to: [count, 3])
        #expect(columns.argmax(axis: 0).array(of: Int.self) == [count / 3, count / 3, count / 3])
        #expect(columns.max(axis: 0).values.array() == [5, 5, 5])
    }

    @Test("NaN is the largest and the smallest of all, and the first NaN is chosen", arguments: [3, 40, 1000, 70_000])
    func nan(count: Int) {
        for position in [0, count / 2, count - 1] {
            var values = (0..<count).map(Double.init)
            values[position] = .nan
            values[count - 1] = position == count - 1 ? .nan : values[count - 1]
            let x = Tensor(values)
            #expect(x.max().item().isNaN && x.min().item().isNaN && x.sum().item().isNaN && x.mean().item().isNaN)
            #expect(x.argmax().item(as: Int.self) == position)
            #expect(x.argmin().item(as: Int.self) == position)
            #expect(x.max(axis: 0).values.item().isNaN)
            values[count - 1] = .nan
            #expect(Tensor(values).argmax().item(as: Int.self) == position)
            let columns = Tensor(values).unsqueezed(axis: 1).expanded(to: [count, 2]).argmin(axis: 0)
            #expect(columns.array(of: Int.self) == [position, position])
        }
    }

    @Test("Infinities are ordinary extremes")
    func infinities() {
        let x = Tensor([[-.infinity, -.infinity], [.infinity, 3.0]])
        #expect(x.max(axis: 1).values.array() == [-.infinity, .infinity])
        #expect(x.argmax(axis: 1).array(of: Int.self) == [0, 0])
        #expect(x.min(axis: 0).indices.array(of: Int.self) == [0, 0])
        #expect(x.sum().item().isNaN)
        #expect(x[1].sum().item() == .infinity)
    }

    @Test("Integers and truth values are summed as int64, and averaged as float32")
    func integers() {
        let x = Tensor([[1, 2, 3], [4, 5, 6]])
        #expect(x.sum().dtype == .int64)
        #expect(x.sum(axis: 0).array(of: Int.self) == [5, 7, 9])
        #expect(Tensor([Int.max, 1]).sum().item(as: Int.self) == Int.min)
        #expect(x.mean(axis: 1).array() == [2, 5])
        #expect(x.max().dtype == .int64)
        #expect(x.max(axis: 0).values.array(of: Int.self) == [4, 5, 6])
        #expect(x.argmin(axis: 1).array(of: Int.self) == [0, 0])
        let truths = Tensor([[true, false], [true, true]])
        #expect(truths.sum().item(as: Int.self) == 3)
        #expect(truths.sum(axis: 0).dtype == .int64)
        #expect(truths.mean().item() == 0.75)
        #expect(truths.argmax(axis: 1).array(of: Int.self) == [0, 0])
        #expect(truths.max(axis: 1).values.dtype == .bool)
        #expect(truths.min(axis: 1).values.array(of: Bool.self) == [false, true])
    }

    @Test("Nothing sums to 0, averages to NaN, and has no extremes")
    func empty() {
        #expect(Tensor(zeros: [0]).sum().item() == 0)
        #expect(Tensor(zeros: [0]).mean().item().isNaN)
        #expect(Tensor(zeros: [3, 0]).sum(axis: 1).array() == [0, 0, 0])
        #expect(Tensor(zeros: [3, 0]).sum(axis: 0).shape == [0])
        #expect(Tensor(zeros: [3, 0]).mean(axis: 1).array().allSatisfy { $0.isNaN })
        #expect(Tensor(zeros: [0, 3]).max(axis: 1).values.shape == [0])
        #expect(Tensor(zeros: [0, 3]).argmax(axis: 1).shape == [0])
        expectRefusal("max", "[3, 0] has no elements to choose from") { _ = Tensor(zeros: [3, 0]).max() }
        expectRefusal("argmax", "[3, 0] has no elements") { _ = Tensor(zeros: [3, 0]).argmax(axis: 1) }
        expectRefusal("max", "[3, 0] has no elements") { _ = Tensor(zeros: [3, 0]).max(axes: [1]) }
        #expect(Tensor(zeros: [0, 3]).min(axes: [1]).shape == [0])
        expectRefusal("min", "no elements") { _ = Tensor(zeros: [0]).min(axis: 0) }
        expectRefusal("argmax", "no elements") { _ = Tensor(zeros: [0]).argmax() }
    }

    @Test("A scalar counts as one element along one axis")
    func scalars() {
        let x = Tensor(3.0)
        #expect(x.sum(axis: 0).item() == 3)
        #expect(x.mean(axis: -1).item() == 3)
        #expect(x.max(axis: 0).values.item() == 3)
        #expect(x.max(axis: 0).indices.item() == 0)
        #expect(x.argmax().item() == 0)
    }

    @Test("Long sums are as accurate as float32 allows, and in parts the same as along an axis")
    func long() {
        let x = Tensor(uniform: [300_007], generator: RandomGenerator(seed: 8))
        let exact = x.array(of: Double.self).reduce(0, +)
        #expect(abs(x.sum().item() - exact) < 1e-6 * exact)
        #expect(abs(x.mean().item() - exact / 300_007) < 1e-6)
        #expect(x.max().item() == x.array(of: Double.self).max())
        #expect(Tensor(ones: [1 << 25]).sum().item() == Double(1 << 25))
        #expect(Tensor(arange: 0..<200_000).sum().item(as: Int.self) == 199_999 * 100_000)
        let columns = x[0..<100_000].reshaped([25_000, 4])
        let expected = Reference(columns).reduced([0]) { $0.reduce(0, +) }
        expect(columns.sum(axis: 0), equals: expected, tolerance: 1e-6)
    }

    @Test("Axes that are not there, or named twice, are refused")
    func refusals() {
        let x = Tensor(zeros: [2, 3])
        expectRefusal("sum", "axis 2 is out of range for shape [2, 3]: -2 ... 1 are valid") { _ = x.sum(axis: 2) }
        expectRefusal("mean", "axis -3") { _ = x.mean(axes: [0, -3]) }
        expectRefusal("sum", "named twice in [0, -2]") { _ = x.sum(axes: [0, -2]) }
        expectRefusal("argmax", "axis 5") { _ = x.argmax(axis: 5) }
        expectRefusal("max", "axis 5") { _ = x.max(axis: 5) }
        expectRefusal("min", "named twice in [0, -2]") { _ = x.min(axes: [0, -2]) }
        expectRefusal("sum", "axis 1", "shape []") { _ = Tensor(1.0).sum(axis: 1) }
    }

    @Test("Sums and means of 16-bit elements go beyond what 16 bits hold")
    func longHalves() {
        #expect(Tensor(ones: [100_000], dtype: .bfloat16).sum().item() == 99_840)
        #expect(Tensor(ones: [65_520], dtype: .float16).mean().item() == 1)
    }
}
