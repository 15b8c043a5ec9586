import Testing

@testable import WeftTensor

@Suite("Matrix products")
struct MatrixProductTests {
    /// The product by its definition, for any ranks from 1.
    static func product(_ a: Reference, _ b: Reference) -> Reference {
        let left = a.shape.count == 1 ? Reference([1] + a.shape, a.values) : a
        let right = b.shape.count == 1 ? Reference(b.shape + [1], b.values) : b
        let batch = Reference.broadcast(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2)))
        let (m, k, n) = (left.shape[left.shape.count - 2], left.shape.last!, right.shape.last!)
        let full = Reference(batch + [m, n]) { index in
            let outer = Array(index.dropLast(2))
            return (0..<k).reduce(0) { sum, inner in
                sum + left[outer + [index[index.count - 2], inner]] * right[outer + [inner, index[index.count - 1]]]
            }
        }
        var shape = full.shape
        if a.shape.count == 1 { shape.remove(at: shape.count - 2) }
        if b.shape.count == 1 { shape.removeLast() }
        return Reference(shape, full.values)
    }

    static let shapes: [([Int], [Int])] = [
        ([4], [4]), ([1], [1]), ([3, 4], [4]), ([4], [4, 5]), ([3, 4], [4, 5]), ([1, 1], [1, 1]), ([1, 7], [7, 1]),
        ([2, 3, 4], [4, 5]), ([3, 4], [2, 4, 5]), ([2, 3, 4], [2, 4, 5]), ([2, 3, 4], [1, 4, 5]), ([2, 3, 4], [4]),
        ([4], [2, 4, 5]), ([2, 1, 3, 4], [3, 4, 2]), ([2, 3, 3, 4], [1, 3, 4, 2]), ([2, 1, 2, 3], [1, 3, 3, 2]),
        ([3, 0], [0, 2]), ([0], [0]), ([0, 4], [4, 5]), ([3, 4], [4, 0]), ([0, 3, 4], [4, 5]), ([2, 3, 0], [2, 0, 4]),
    ]

    @Test("All combinations of ranks, with broadcast batches and empty sides", arguments: shapes)
    func ranks(shapes: ([Int], [Int])) {
        let (a, b) = (Reference.distinct(shapes.0), Reference.distinct(shapes.1, from: -1, to: 3))
        expect(matmul(a.tensor(), b.tensor()), equals: Self.product(a, b), tolerance: 1e-6)
    }

    @Test("Operands may lie in memory in any way", arguments: Placement.allCases, Placement.allCases)
    func placement(left: Placement, right: Placement) {
        for (m, k, n) in [(1, 5, 9), (3, 4, 5), (17, 33, 40), (70, 20, 7)] {
            let (a, b) = (Reference.distinct([m, k]), Reference.distinct([k, n], from: -1, to: 2))
            expect(
                matmul(a.tensor(left), b.tensor(right)),
                equals: Self.product(a, b),
                tolerance: 1e-5,
                "\(m) x \(k) x \(n)"
            )
        }
        let (a, b) = (Reference.distinct([2, 3, 5, 4]), Reference.distinct([3, 4, 6]))
        expect(matmul(a.tensor(left), b.tensor(right)), equals: Self.product(a, b), tolerance: 1e-5)
    }

    @Test("Transposed operands need no copy to be multiplied")
    func transposed() {
        let (a, b) = (Reference.distinct([6, 4]), Reference.distinct([5, 6]))
        let expected = Self.product(a.permuted([1, 0]), b.permuted([1, 0]))
        expect(matmul(a.tensor().T, b.tensor().T), equals: expected, tolerance: 1e-6)
    }

    @Test("Sizes around the kernels' blocks", arguments: [1, 5, 6, 7, 15, 16, 17, 31, 33])
    func blocks(size: Int) {
        for (m, k, n) in [(size, 13, 11), (13, size, 11), (13, 11, size), (size, size, size)] {
            let a = Reference([m, k]) { Double(($0[0] * 7 + $0[1] * 3) % 11 - 5) }
            let b = Reference([k, n]) { Double(($0[0] * 5 + $0[1] * 2) % 13 - 6) }
            // Whole numbers, whose products float32 holds exactly.
            expect(matmul(a.tensor(), b.tensor()), equals: Self.product(a, b), "\(m) x \(k) x \(n)")
        }
    }

    @Test("A large product is right in every element")
    func large() {
        let (m, k, n) = (211, 517, 263)
        let a = Tensor((0..<m * k).map { Float($0 * 7 % 11 - 5) }).reshaped([m, k])
        let b = Tensor((0..<k * n).map { Float($0 * 5 % 13 - 6) }).reshaped([k, n])
        let (x, y) = (a.array(of: Int.self), b.array(of: Int.self))
        var expected = [Float](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0
                for l in 0..<k { sum &+= x[i &* k &+ l] &* y[l &* n &+ j] }
                expected[i * n + j] = Float(sum)
            }
        }
        #expect(matmul(a, b).array() == expected)
        #expect(matmul(b.T, a.T).T.array() == expected)
    }

    @Test(
        "Long sums for few elements are right, with a bias and added to a gradient",
        arguments: [(8, 9), (1, 1), (3, 20)]
    )
    func longSums(m: Int, n: Int) {
        let k = 300_011 / (m * n)
        let a = Tensor((0..<m * k).map { Float($0 * 7 % 11 - 5) }).reshaped([m, k])
        let b = Tensor((0..<k * n).map { Float($0 * 5 % 13 - 6) }).reshaped([k, n])
        let (x, y) = (a.array(of: Int.self), b.array(of: Int.self))
        var expected = [Float](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0
                for l in 0..<k { sum &+= x[i &* k &+ l] &* y[l &* n &+ j] }
                expected[i * n + j] = Float(sum)
            }
        }
        // Whole numbers, which float32 holds exactly.
        #expect(matmul(a, b).array() == expected)
        #expect(matmul(b.T, a.T).T.array() == expected)
        #expect(matmul(a.reshaped([1, m, k]), b).array() == expected)
        #expect(addmm(Tensor(2.0), a, b).array() == expected.map { $0 + 2 })
        let w = Tensor(zeros: [m, n], requiresGrad: true)
        for _ in 0..<2 { matmul(a.T, w).backward(gradient: b) }
        #expect(w.grad!.array() == expected.map { 2 * $0 })
    }

    @Test("A sum over nothing is 0, and with a bias the bias")
    func emptyInner() {
        #expect(matmul(Tensor(zeros: [2, 0]), Tensor(zeros: [0, 3])).array() == [0, 0, 0, 0, 0, 0])
        #expect(matmul(Tensor(zeros: [0]), Tensor(zeros: [0])).item() == 0)
        #expect(addmm(Tensor([1.0, 2.0]), Tensor(zeros: [2, 0]), Tensor(zeros: [0, 2])).array() == [1, 2, 1, 2])
        #expect(addmm(Tensor([[1.0], [2.0]]), Tensor(zeros: [2, 0]), Tensor(zeros: [0, 2])).array() == [1, 1, 2, 2])
    }

    @Test("NaN and infinity reach the rows and columns that they belong to")
    func special() {
        let result = matmul(Tensor([[1.0, .nan], [1.0, 2.0]]), Tensor([[1.0, .infinity], [1.0, 0.0]]))
        #expect(result[0].array().allSatisfy { $0.isNaN })
        #expect(result[1].array() == [3, .infinity])
        // Zero times infinity is NaN also where a kernel could skip zeros.
        #expect(matmul(Tensor([[0.0]]), Tensor([[Double.infinity]])).item().isNaN)
    }

    @Test("Integers stay integers, beside floating point as that")
    func integers() {
        let result = matmul(Tensor([[1, 2], [3, 4]]), Tensor([[0.5], [1.0]]))
        #expect(result.dtype == .float32)
        #expect(result.array() == [2.5, 5.5])
        let whole = matmul(Tensor([[1, 2]]), Tensor([[3], [4]]))
        #expect(whole.dtype == .int64 && whole.item(as: Int.self) == 11)
        // Float32 and float64 have no such number.
        #expect(matmul(Tensor([[1 << 60, 1]]), Tensor([[1], [1]])).item(as: Int.self) == (1 << 60) + 1)
        func ones(_ shape: [Int]) -> Tensor { Tensor(ones: shape, dtype: .int64) }
        #expect(matmul(ones([2, 1, 2, 3]), ones([4, 3, 5])).array(of: Int.self) == Array(repeating: 3, count: 80))
        #expect(matmul(ones([2, 0]), ones([0, 1])).array(of: Int.self) == [0, 0])
        #expect(matmul(Tensor([true, true]), Tensor([true, true])).item(as: Int.self) == 2)
    }

    @Test(
        "A bias of any shape that broadcasts is added",
        arguments: [[], [1], [5], [3, 5], [1, 5], [3, 1], [1, 1]],
        Placement.allCases
    )
    func bias(shape: [Int], placement: Placement) {
        let (bias, a, b) = (
            Reference.distinct(shape, from: 5, to: 9), Reference.distinct([3, 4]), Reference.distinct([4, 5])
        )
        let expected = Self.product(a, b).combined(bias) { $0 + $1 }
        expect(addmm(bias.tensor(placement), a.tensor(placement), b.tensor()), equals: expected, tolerance: 1e-6)
    }

    @Test("A bias is added to large products too", arguments: [[37], [33, 37], [33, 1], []])
    func largeBias(shape: [Int]) {
        let a = Reference([33, 40]) { Double(($0[0] * 7 + $0[1] * 3) % 11 - 5) }
        let b = Reference([40, 37]) { Double(($0[0] * 5 + $0[1] * 2) % 13 - 6) }
        let bias = Reference(shape) { Double($0.reduce(3, +)) }
        expect(addmm(bias.tensor(), a.tensor(), b.tensor()), equals: Self.product(a, b).combined(bias) { $0 + $1 })
        expect(
            addmm(bias.tensor(), a.tensor(.reversed), b.tensor(.cut)),
            equals: Self.product(a, b).combined(bias) { $0 + $1 }
        )
    }

    @Test("Gradients of several products, and of several passes, are added inside the products")
    func accumulatedGradients() {
        let x = Tensor([[1.0, 2.0], [3.0, 4.0]], requiresGrad: true)
        let w = Tensor([[1.0, -1.0], [2.0, 0.5]], requiresGrad: true)
        func pass() {
            let y = x * 1
            (matmul(y, w) + matmul(y, w.T) + matmul(w, y)).sum().backward()
        }
        pass()
        #expect(x.grad!.array() == [6, 5, 2.5, 1.5])
        #expect(w.grad!.array() == [11, 17, 13, 19])
        let (first, firstOfW) = (x.grad!, w.grad!)
        pass()
        #expect(x.grad!.array() == first.array().map { 2 * $0 })
        #expect(w.grad!.array() == firstOfW.array().map { 2 * $0 })
        #expect(first.array() == [6, 5, 2.5, 1.5], "what was read before stays as it was")
        let found = grad(of: (matmul(x, w) + matmul(x, w)).sum(), withRespectTo: [x, w])
        #expect(found[0].array() == [0, 5, 0, 5])
        #expect(found[1].array() == [8, 8, 12, 12])
    }

    @Test(
        "A matrix that a whole batch is multiplied with gets one gradient",
        arguments: [[2, 3, 4, 5], [1, 4, 5], [0, 4, 5]]
    )
    func gradientOfSharedMatrix(shape: [Int]) {
        let a = Reference.distinct(shape)
        for placement in Placement.allCases {
            let x = a.tensor(placement).withRequiresGrad()
            let w = Tensor(ones: [5, 3]).withRequiresGrad()
            matmul(x, w).sum().backward()
            let rows = a.values.count / 5
            let sums = (0..<5).map { column in (0..<rows).reduce(0.0) { $0 + a.values[$1 * 5 + column] } }
            expect(w.grad!, equals: Reference([5, 3]) { sums[$0[0]] }, tolerance: 1e-5)
            #expect(x.grad!.array() == [Float](repeating: 3, count: rows * 5))
        }
    }

    @Test("Batches that follow each other row by row are one matrix with more rows")
    func foldedBatches() {
        let (a, b) = (Reference.distinct([3, 2, 1, 4]), Reference.distinct([4, 5]))
        expect(matmul(a.tensor(), b.tensor()), equals: Self.product(a, b), tolerance: 1e-6)
        let repeated = Tensor([1.0, 2.0, 3.0, 4.0]).expanded(to: [3, 2, 4])
        let expected = Self.product(Reference([3, 2, 4]) { Double($0[2] + 1) }, b)
        expect(matmul(repeated, b.tensor()), equals: expected, tolerance: 1e-6)
    }

    @Test("Shapes that cannot be multiplied are refused")
    func refusals() {
        expectRefusal("matmul", "shapes [2, 3] and [4, 5] cannot be multiplied") {
            _ = matmul(Tensor(zeros: [2, 3]), Tensor(zeros: [4, 5]))
        }
        expectRefusal("matmul", "[3]", "[4]") { _ = matmul(Tensor(zeros: [3]), Tensor(zeros: [4])) }
        expectRefusal("matmul", "[2, 2, 3]", "[3, 3, 4]") {
            _ = matmul(Tensor(zeros: [2, 2, 3]), Tensor(zeros: [3, 3, 4]))
        }
        expectRefusal("matmul", "a scalar is not a matrix") { _ = matmul(Tensor(1.0), Tensor(zeros: [3])) }
        expectRefusal("addmm", "[4]", "[2, 3]", "[3, 5]") {
            _ = addmm(Tensor(zeros: [4]), Tensor(zeros: [2, 3]), Tensor(zeros: [3, 5]))
        }
        expectRefusal("addmm", "[1, 2, 5]") {
            _ = addmm(Tensor(zeros: [1, 2, 5]), Tensor(zeros: [2, 3]), Tensor(zeros: [3, 5]))
        }
        expectRefusal("addmm", "[2, 4]", "[3, 5]") {
            _ = addmm(Tensor(zeros: [5]), Tensor(zeros: [2, 4]), Tensor(zeros: [3, 5]))
        }
        expectRefusal("addmm", "[3]") { _ = addmm(Tensor(zeros: [5]), Tensor(zeros: [3]), Tensor(zeros: [3, 5])) }
    }
}
