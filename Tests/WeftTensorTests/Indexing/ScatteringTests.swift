import Testing

@testable import WeftTensor

@Suite("Scattering and embedding")
struct ScatteringTests {
    @Test("Slices are added where the indices say", arguments: [0, 1, 2, -1], Placement.allCases)
    func indexAdd(axis: Int, placement: Placement) {
        let positive = axis < 0 ? axis + 3 : axis
        var x = Reference.distinct([3, 4, 5])
        let indices = [2, 0, -1, 2, 1]
        var shape = x.shape
        shape[positive] = indices.count
        let source = Reference.distinct(shape, from: 1, to: 3)
        let result = x.tensor(placement).indexAdd(axis: axis, Tensor(indices), source.tensor(placement))
        for index in Reference.indices(shape) {
            var place = index
            let named = indices[index[positive]]
            place[positive] = named < 0 ? named + x.shape[positive] : named
            let position = zip(x.shape, place).reduce(0) { $0 * $1.0 + $1.1 }
            x.values[position] += source[index]
        }
        expect(result, equals: x, tolerance: 1e-6)
    }

    @Test("Elements are added or written where the index says", arguments: [0, 1, -1], Placement.allCases)
    func scatter(axis: Int, placement: Placement) {
        let x = Reference.distinct([4, 5])
        let positive = axis < 0 ? axis + 2 : axis
        let index = Reference([3, 4]) { Double((2 * $0[0] + $0[1]) % 4 - ($0[1] == 2 ? 4 : 0)) }
        let source = Reference.distinct([3, 5], from: 1, to: 3)
        var (added, written) = (x, x)
        for place in Reference.indices(index.shape) {
            var target = place
            let named = Int(index[place])
            target[positive] = named < 0 ? named + x.shape[positive] : named
            let position = target[0] * 5 + target[1]
            added.values[position] += source[place]
            written.values[position] = source[place]
        }
        let tensors = (x: x.tensor(placement), index: index.tensor(placement, .int64), source: source.tensor(placement))
        expect(tensors.x.scatterAdd(axis: axis, tensors.index, tensors.source), equals: added, tolerance: 1e-6)
        // Rows along the axis are written in order, so the last of equal places is what the loop above leaves.
        expect(tensors.x.scatter(axis: axis, tensors.index, tensors.source), equals: written)
    }

    @Test("Every dtype can be written, and the tensor itself stays as it was")
    func dtypes() {
        let x = Tensor([1, 2, 3])
        #expect(x.scatter(axis: 0, Tensor([0, -1]), Tensor([7, 8])).array(of: Int.self) == [7, 2, 8])
        #expect(x.array(of: Int.self) == [1, 2, 3])
        let truths = Tensor([true, true]).scatter(axis: 0, Tensor([1]), Tensor([false]))
        #expect(truths.array(of: Bool.self) == [true, false])
        #expect(Tensor(5.0).scatterAdd(axis: 0, Tensor(0), Tensor(2.0)).item() == 7)
        #expect(x.scatter(axis: 0, Tensor(zeros: [0], dtype: .int64), Tensor([7])).array(of: Int.self) == [1, 2, 3])
    }

    @Test("The gradient of what is written over is 0, and that of what is written is its place's")
    func scatterGradient() {
        let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        let source = Tensor([5.0, 6.0], requiresGrad: true)
        let y = x.scatter(axis: 0, Tensor([2, 0]), source)
        (y * Tensor([1.0, 10.0, 100.0])).sum().backward()
        #expect(x.grad!.array() == [0, 10, 0])
        #expect(source.grad!.array() == [100, 1])
    }

    @Test("Rows of a table are looked up by indices of any shape")
    func embedding() {
        let table = Reference.distinct([5, 3])
        let indices = [[4, 0], [1, 4]]
        let expected = Reference([2, 2, 3]) { table[[indices[$0[0]][$0[1]], $0[2]]] }
        expect(table.tensor().embedding(Tensor(indices)), equals: expected)
        expect(table.tensor().embedding(Tensor(3)), equals: table.slice(0, at: 3))
        #expect(table.tensor().embedding(Tensor(zeros: [0], dtype: .int64)).shape == [0, 3])
    }

    @Test("Rows gather their gradients, and the padding gets none", arguments: [nil, 1, -4])
    func embeddingGradient(padding: Int?) {
        let table = Tensor(ones: [5, 2], requiresGrad: true)
        let gradient = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0], [7.0, 8.0]])
        table.embedding(Tensor([4, 1, 4, 1]), paddingIndex: padding).backward(gradient: gradient)
        let ones: [Float] = padding == nil ? [10, 12] : [0, 0]
        #expect(table.grad!.array() == [0, 0] + ones + [0, 0, 0, 0, 6, 8])
    }

    @Test("What does not fit is refused")
    func refusals() {
        let x = Tensor(zeros: [3, 4])
        expectRefusal("indexAdd", "index 3 is out of range") {
            _ = x.indexAdd(axis: 0, Tensor([3]), Tensor(zeros: [1, 4]))
        }
        expectRefusal("indexAdd", "[2, 4]") { _ = x.indexAdd(axis: 0, Tensor([1]), Tensor(zeros: [2, 4])) }
        expectRefusal("indexAdd", "int64 source") {
            _ = x.indexAdd(axis: 0, Tensor([1]), Tensor(zeros: [1, 4], dtype: .int64))
        }
        expectRefusal("indexAdd", "one slice") { _ = Tensor(1.0).indexAdd(axis: 0, Tensor([0]), Tensor([1.0, 2])) }
        expectRefusal("scatterAdd", "index 4 is out of range") {
            _ = x.scatterAdd(axis: 1, Tensor([[4]]), Tensor([[1.0]]))
        }
        expectRefusal("scatterAdd", "[4, 1]") {
            _ = x.scatterAdd(axis: 1, Tensor(zeros: [4, 1], dtype: .int64), Tensor(zeros: [4, 1]))
        }
        expectRefusal("scatterAdd", "int64 source") { _ = x.scatterAdd(axis: 1, Tensor([[0]]), Tensor([[1]])) }
        expectRefusal("scatter", "[1, 2]", "[1, 1]") {
            _ = x.scatter(axis: 1, Tensor([[0, 1]]), Tensor(zeros: [1, 1]))
        }
        expectRefusal("embedding", "index 3 is out of range: 0 ... 2") { _ = x.embedding(Tensor([3])) }
        expectRefusal("embedding", "index -1") { _ = x.embedding(Tensor([-1])) }
        expectRefusal("embedding", "must be int64") { _ = x.embedding(Tensor([1.0])) }
        expectRefusal("embedding", "[3]") { _ = Tensor(zeros: [3]).embedding(Tensor([0])) }
        expectRefusal("embedding", "padding index 3") { _ = x.embedding(Tensor([0]), paddingIndex: 3) }
    }

    @Test(
        "Sums of 16-bit elements over repeated indices are rounded once",
        arguments: [(DType.float16, 10_000.0), (.bfloat16, 9_984)]
    )
    func longSums(dtype: DType, sum: Double) {
        let n = 10_000
        let places = Tensor(zeros: [n], dtype: .int64)
        let (zero, ones) = (Tensor(zeros: [1], dtype: dtype), Tensor(ones: [n], dtype: dtype))
        for result in [zero.indexAdd(axis: 0, places, ones), zero.scatterAdd(axis: 0, places, ones)] {
            #expect(result.dtype == dtype)
            #expect(result.item(as: Double.self) == sum)
        }
        func gradient(_ shape: [Int], _ use: (Tensor) -> Tensor) -> Tensor? {
            let x = Tensor(zeros: shape, dtype: dtype, requiresGrad: true)
            use(x).backward(gradient: Tensor(ones: use(x).shape, dtype: dtype))
            return x.grad
        }
        let gradients = [
            gradient([1]) { $0.gather(axis: 0, places) },
            gradient([1]) { $0.indexSelect(axis: 0, places) },
            gradient([1, 1]) { $0.embedding(places) },
            gradient([1, 1]) { $0.embedding(places, paddingIndex: nil) },
        ]
        for gradient in gradients {
            #expect(gradient?.dtype == dtype)
            #expect(gradient?.item(as: Double.self) == sum)
        }
        // The other columns of a wide slice too, which are added up as vectors.
        let wide = Tensor(zeros: [1, 70], dtype: dtype).indexAdd(axis: 0, places, Tensor(ones: [n, 70], dtype: dtype))
        #expect(wide.array(of: Double.self) == [Double](repeating: sum, count: 70))
    }

    @Test("The gradient of a 16-bit leaf is rounded after each pass")
    func passes() {
        let x = Tensor(2047.0, dtype: .float16, requiresGrad: true)
        (x * 2047.0).backward()
        for _ in 0..<3 { (x * 1).backward() }
        #expect(x.grad?.item() == 2048)
    }
}
