import Testing

@testable import WeftTensor

/// `scaledDotProductAttention` against its definition in plain loops, and what it promises besides.
@Suite("Scaled dot-product attention")
struct AttentionTests {
    /// Batch, heads, heads of keys, queries, keys, features of keys and of values.
    struct Sizes: Sendable {
        var (batch, heads, keyHeads) = (1, 1, 1)
        var (queries, keys) = (1, 1)
        var (features, valueFeatures) = (1, 1)
    }

    private static let sizes = [
        Sizes(batch: 2, heads: 3, keyHeads: 3, queries: 5, keys: 7, features: 5, valueFeatures: 3),
        Sizes(batch: 1, heads: 4, keyHeads: 2, queries: 65, keys: 70, features: 32, valueFeatures: 32),
        Sizes(batch: 2, heads: 2, keyHeads: 1, queries: 3, keys: 130, features: 1, valueFeatures: 20),
        Sizes(batch: 1, heads: 1, keyHeads: 1, queries: 130, keys: 33, features: 64, valueFeatures: 80),
        Sizes(batch: 1, heads: 2, keyHeads: 2, queries: 1, keys: 700, features: 80, valueFeatures: 1),
    ]

    enum Masking: CaseIterable, Sendable { case none, bool, padding, added, turned, causal, causalPadding }

    private static func mask(_ kind: Masking, _ sizes: Sizes) -> Tensor? {
        let (queries, keys) = (sizes.queries, sizes.keys)
        return switch kind {
        case .none, .causal: nil
        // Now and then a query sees nothing at all.
        case .bool: Tensor(uniform: [sizes.batch, 1, queries, keys]) .> (keys < 10 ? 0.7 : 0.99)
        case .padding, .causalPadding: Tensor(uniform: [sizes.batch, 1, 1, keys]) .> 0.5
        case .added: Tensor(normal: [sizes.heads, queries, keys])
        case .turned: (Tensor(uniform: [keys, queries]) .> 0.3).T
        }
    }

    private static func numbers(_ shape: [Int], _ dtype: DType = .float64) -> Tensor {
        Tensor(normal: shape, dtype: dtype)
    }

    /// The definition, in operations that hold all pairs.
    private static func expected(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        _ mask: Tensor? = nil,
        isCausal: Bool = false,
        scale: Double? = nil,
        kept: Tensor? = nil
    ) -> Tensor {
        let group = q.shape[q.rank - 3] / k.shape[k.rank - 3]
        func spread(_ tensor: Tensor) -> Tensor {
            let heads = (0..<q.shape[q.rank - 3]).map { tensor[.ellipsis, $0 / group, 0..., 0...] }
            return stacked(heads, axis: -3)
        }
        var scores = matmul(q, spread(k).T) * (scale ?? 1 / Double(q.shape.last!).squareRoot())
        if let mask { scores = mask.dtype == .bool ? `where`(mask, scores, -Double.infinity) : scores + mask }
        if isCausal {
            let (rows, columns) = (scores.shape[scores.rank - 2], scores.shape[scores.rank - 1])
            let sees = Tensor(arange: 0..<columns) .<= Tensor(arange: 0..<rows).unsqueezed(axis: 1)
            scores = `where`(sees, scores, -Double.infinity)
        }
        let isBlind = scores.detached().max(axes: [-1], keepDims: true) .== -Double.infinity
        var weights = `where`(isBlind, 0.0, `where`(isBlind, 0.0, scores).softmax(axis: -1))
        if let kept { weights = weights * kept }
        return matmul(weights, spread(v))
    }

    private static func distance(_ a: Tensor, _ b: Tensor) -> Double {
        a.shape == b.shape ? (a.to(.float64) - b.to(.float64)).abs().max().item() : .infinity
    }

    @Test("It has the values and gradients of its definition", arguments: sizes, Masking.allCases)
    func definition(sizes: Sizes, masking: Masking) {
        withRandomSeed(7) {
            let q = Self.numbers([sizes.batch, sizes.heads, sizes.queries, sizes.features]).withRequiresGrad()
            // Turned, as what a layer split into heads.
            let keys = Self.numbers([sizes.batch, sizes.keys, sizes.keyHeads, sizes.features]).withRequiresGrad()
            let v = Self.numbers([sizes.batch, sizes.keyHeads, sizes.keys, sizes.valueFeatures]).withRequiresGrad()
            let mask = Self.mask(masking, sizes)
            let isCausal = masking == .causal || masking == .causalPadding
            let weights = Self.numbers([sizes.batch, sizes.heads, sizes.queries, sizes.valueFeatures])
            func run(_ dtype: DType, _ body: (Tensor, Tensor, Tensor, Tensor?) -> Tensor) -> [Tensor] {
                for leaf in [q, keys, v] { leaf.zeroGrad() }
                let added = mask.map { $0.dtype == .bool ? $0 : $0.to(dtype) }
                let output = body(q.to(dtype), keys.to(dtype).transposed(1, 2), v.to(dtype), added)
                (output.to(.float64) * weights).sum().backward()
                return [output, q.grad!, keys.grad!, v.grad!]
            }
            let wanted = run(.float64) { Self.expected($0, $1, $2, $3, isCausal: isCausal) }
            for (dtype, tolerance) in [(DType.float64, 1e-12), (.float32, 4e-5), (.bfloat16, 0.4), (.float16, 0.05)] {
                let found = run(dtype) {
                    scaledDotProductAttention(
                        $0,
                        $1,
                        $2,
                        mask: $3,
                        isCausal: isCausal,
                        enableGQA: sizes.heads != sizes.keyHeads
                    )
                }
                #expect(found[0].dtype == dtype)
                for (index, (one, other)) in zip(found, wanted).enumerated() {
                    #expect(Self.distance(one, other) < tolerance, "\(dtype), result \(index)")
                }
            }
        }
    }

    @Test("Values are PyTorch's")
    func values() {
        // F.scaled_dot_product_attention(q, k, v) of PyTorch 2.13, with is_causal and with attn_mask.
        let q = Tensor([[[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]])
        let k = Tensor([[[1.0, 0.5], [-0.5, 1.25], [0.75, -2.0]]])
        let v = Tensor([[[1.0], [-2.0], [4.0]]])
        func close(_ a: Tensor, _ b: [Float]) -> Bool { zip(a.array(), b).allSatisfy { abs($0 - $1) < 1e-5 } }
        #expect(close(scaledDotProductAttention(q, k, v), [3.243139, 1.59404, -1.418413]))
        #expect(close(scaledDotProductAttention(q, k, v, isCausal: true), [1, 0.6388286, -1.418413]))
        #expect(close(scaledDotProductAttention(q, k, v, scale: 2), [3.971717, 1.275362, -1.966986]))
        let sees = Tensor([[true, false, true], [false, false, false], [true, true, false]])
        #expect(close(scaledDotProductAttention(q, k, v, mask: sees), [3.528467, 0, -1.492266]))
    }

    @Test("A query that sees nothing gives zeros, and zero gradients")
    func blindQueries() {
        for dtype in [DType.float32, .float64] {
            let operands = withRandomSeed(1) {
                (0..<3).map { _ in Tensor(normal: [2, 5, 4], dtype: dtype, requiresGrad: true) }
            }
            let (q, k, v) = (operands[0], operands[1], operands[2])
            for mask in [Tensor(zeros: [5, 5]) .> 0, Tensor(full: [5], -Double.infinity, dtype: dtype)] {
                let output = scaledDotProductAttention(q, k, v, mask: mask)
                #expect(output.array(of: Double.self).allSatisfy { $0 == 0 })
                output.sum().backward()
                for leaf in operands { #expect(leaf.grad!.array(of: Double.self).allSatisfy { $0 == 0 }) }
            }
        }
    }

    @Test("Scores of any size neither overflow nor lose what is small beside them")
    func bigScores() {
        let q = Tensor([[300.0], [-300.0]], requiresGrad: true)
        let k = Tensor([[300.0], [299.0], [-300.0]], requiresGrad: true)
        let v = Tensor([[1.0], [2.0], [3.0]], requiresGrad: true)
        let output = scaledDotProductAttention(q, k, v)
        #expect(output.array() == [1, 3])
        output.sum().backward()
        for leaf in [q, k, v] { #expect(leaf.grad!.array().allSatisfy { $0.isFinite }) }
        #expect(v.grad!.array() == [1, 0, 1])
    }

    @Test("NaN and infinity in the scores make a row NaN, and those behind a causal query do not")
    func spreadingOfNaN() {
        let v = Tensor([[1.0], [2.0]])
        func rows(_ k: Tensor, isCausal: Bool) -> [Float] {
            scaledDotProductAttention(Tensor([[1.0], [1.0]]), k, v, isCausal: isCausal).array()
        }
        for bad in [Double.nan, .infinity] {
            let k = Tensor([[0.0], [bad]])
            #expect(rows(k, isCausal: false).allSatisfy { $0.isNaN })
            let causal = rows(k, isCausal: true)
            #expect(causal[0] == 1 && causal[1].isNaN)
        }
        #expect(rows(Tensor([[0.0], [-Double.infinity]]), isCausal: false) == [1, 1])
    }

    @Test("Dropped weights are those of the generator, in the backward pass too, and the mean stays")
    func dropout() {
        withRandomSeed(5) {
            let leaves = (0..<3).map { _ in Tensor(normal: [2, 3, 70, 9], dtype: .float64, requiresGrad: true) }
            let weights = Self.numbers([2, 3, 70, 9])
            func run(_ body: () -> Tensor) -> [Tensor] {
                for leaf in leaves { leaf.zeroGrad() }
                let output = body()
                (output * weights).sum().backward()
                return [output] + leaves.map { $0.grad! }
            }
            for isCausal in [false, true] {
                let found = run {
                    withRandomSeed(9) {
                        scaledDotProductAttention(leaves[0], leaves[1], leaves[2], dropout: 0.25, isCausal: isCausal)
                    }
                }
                let wanted = run {
                    let drawn = withRandomSeed(9) {
                        Tensor.dropoutMask([2, 3, 70, 70], dtype: .float32, probability: 0.25, at: nil)
                    }
                    let kept = (drawn .!= 0).to(.float64) / 0.75
                    return Self.expected(leaves[0], leaves[1], leaves[2], isCausal: isCausal, kept: kept)
                }
                for (one, other) in zip(found, wanted) { #expect(Self.distance(one, other) < 1e-12) }
            }
            let all = scaledDotProductAttention(leaves[0], leaves[1], leaves[2], dropout: 1)
            #expect(all.array(of: Double.self).allSatisfy { $0 == 0 })
            let ones = scaledDotProductAttention(
                leaves[0],
                leaves[1],
                Tensor(ones: [2, 3, 70, 9], dtype: .float64),
                dropout: 0.25
            )
            #expect(abs(ones.mean().item() - 1) < 0.02)
        }
    }

    @Test("A mask of numbers has a gradient, and derivatives can be differentiated again")
    func composedRules() {
        withRandomSeed(11) {
            let shapes = [[2, 4, 5, 3], [2, 2, 6, 3], [2, 2, 6, 2], [4, 1, 6]]
            let leaves = shapes.map { Tensor(normal: $0, dtype: .float64, requiresGrad: true) }
            let weights = Self.numbers([2, 4, 5, 2])
            func first(_ output: Tensor, again: Bool) -> [Tensor] {
                grad(of: (output * weights).sum(), withRespectTo: leaves, createGraph: again)
            }
            func found() -> Tensor {
                scaledDotProductAttention(
                    leaves[0],
                    leaves[1],
                    leaves[2],
                    mask: leaves[3],
                    isCausal: true,
                    enableGQA: true
                )
            }
            let wanted = Self.expected(leaves[0], leaves[1], leaves[2], leaves[3], isCausal: true)
            let (one, other) = (first(found(), again: true), first(wanted, again: true))
            for (a, b) in zip(one, other) { #expect(Self.distance(a, b) < 1e-12) }
            for (a, b) in zip(first(found(), again: false), other) { #expect(Self.distance(a, b) < 1e-12) }
            func second(_ gradients: [Tensor]) -> [Tensor] {
                var sum = Tensor(0.0, dtype: .float64)
                for gradient in gradients { sum = sum + gradient.square().sum() }
                return grad(of: sum, withRespectTo: leaves)
            }
            for (a, b) in zip(second(one), second(other)) { #expect(Self.distance(a, b) < 1e-11) }
        }
    }

    @Test("Where operands lie in memory changes no bit")
    func placement() {
        withRandomSeed(13) {
            let base = (0..<3).map { _ in Tensor(normal: [2, 3, 67, 20]) }
            func bits(_ operands: [Tensor]) -> [[Float]] {
                let leaves = operands.map { $0.withRequiresGrad() }
                let output = scaledDotProductAttention(leaves[0], leaves[1], leaves[2], isCausal: true)
                (output * base[0]).sum().backward()
                return [output.array()] + leaves.map { $0.grad!.array() }
            }
            let plain = bits(base)
            let turned = base.map { $0.transposed(1, 2).contiguous().transposed(1, 2) }
            let scattered = base.map { $0.transposed(2, 3).contiguous().transposed(2, 3) }
            #expect(bits(turned) == plain)
            #expect(bits(scattered) == plain)
        }
    }

    @Test("What was split into heads is joined again without a copy")
    func memoryOrder() {
        let joined = Tensor(normal: [2, 5, 3, 4, 6])
        for axes in [[2, 0, 3, 1, 4], [2, 1, 3, 0, 4]] {
            let parts = joined.permuted(axes)
            let output = scaledDotProductAttention(parts[0], parts[1], parts[2])
            let order = axes == [2, 0, 3, 1, 4] ? [0, 2, 1, 3] : [2, 0, 1, 3]
            #expect(output.permuted(order).isContiguous)
        }
    }

    @Test("Dimensions before the heads broadcast, and need not be there")
    func leadingDimensions() {
        withRandomSeed(17) {
            let q = Self.numbers([2, 3, 4, 5]).withRequiresGrad()
            let k = Self.numbers([3, 6, 5]).withRequiresGrad()
            let v = Self.numbers([2, 1, 6, 2]).withRequiresGrad()
            let output = scaledDotProductAttention(q, k, v)
            output.sum().backward()
            let found = [output] + [q, k, v].map { $0.grad! }
            for leaf in [q, k, v] { leaf.zeroGrad() }
            let wanted = matmul((matmul(q, k.T) / 5.0.squareRoot()).softmax(axis: -1), v)
            wanted.sum().backward()
            for (a, b) in zip(found, [wanted] + [q, k, v].map { $0.grad! }) { #expect(Self.distance(a, b) < 1e-12) }
            let flat = scaledDotProductAttention(q[0, 0], k[0], v[0, 0])
            #expect(flat.shape == [4, 2] && Self.distance(flat, wanted[0, 0]) < 1e-12)
            let deep = scaledDotProductAttention(q[.newAxis], k[.newAxis, .newAxis], v[.newAxis])
            #expect(deep.shape == [1, 2, 3, 4, 2] && Self.distance(deep[0], wanted) < 1e-12)
        }
    }

    @Test(
        "Empty batches, sequences and features work",
        arguments: [
            ([0, 2, 3, 4], [0, 2, 5, 4], 6), ([2, 2, 0, 4], [2, 2, 5, 4], 6), ([2, 2, 3, 4], [2, 2, 0, 4], 6),
            ([2, 2, 3, 0], [2, 2, 5, 0], 6), ([2, 2, 3, 4], [2, 2, 5, 4], 0), ([0, 4], [5, 4], 2),
        ]
    )
    func empty(query: [Int], key: [Int], features: Int) {
        let q = Tensor(normal: query, requiresGrad: true)
        let k = Tensor(normal: key, requiresGrad: true)
        let v = Tensor(normal: key.dropLast() + [features], requiresGrad: true)
        let output = scaledDotProductAttention(q, k, v)
        #expect(output.shape == query.dropLast() + [features])
        #expect(output.array().allSatisfy { $0.isFinite })
        output.sum().backward()
        for leaf in [q, k, v] {
            #expect(leaf.grad?.shape == leaf.shape)
            #expect(leaf.grad!.array().allSatisfy { $0.isFinite })
        }
        if key.dropLast().last == 0 { #expect(output.array().allSatisfy { $0 == 0 }) }
    }

    @Test("What does not fit is refused by name and with the numbers")
    func refusals() {
        let q = Tensor(zeros: [2, 4, 3, 5])
        func message(_ body: @escaping () -> Tensor, shape: [Int] = [2, 4, 3, 7]) -> String {
            var standIn: [Int] = []
            let error = #expect(throws: TensorError.self) { try withTensorErrors { standIn = body().shape } }
            #expect(standIn == shape)
            #expect(error?.operation == "scaledDotProductAttention")
            return error?.message ?? ""
        }
        let (k, v) = (Tensor(zeros: [2, 4, 6, 5]), Tensor(zeros: [2, 4, 6, 7]))
        #expect(message { scaledDotProductAttention(q, Tensor(zeros: [2, 4, 6, 4]), v) }.contains("[2, 4, 6, 4]"))
        #expect(message { scaledDotProductAttention(q, Tensor(zeros: [2, 4, 9, 5]), v) }.contains("[2, 4, 9, 5]"))
        #expect(message { scaledDotProductAttention(q, Tensor(zeros: [3, 4, 6, 5]), v) }.contains("[3, 4, 6, 5]"))
        #expect(message { scaledDotProductAttention(q, k.to(.float64), v) }.contains("float64"))
        #expect(message { scaledDotProductAttention(q, k, v, mask: Tensor(zeros: [3, 5])) }.contains("[3, 5]"))
        #expect(
            message { scaledDotProductAttention(q, k, v, mask: Tensor(zeros: [3, 6], dtype: .int64)) }.contains("int64")
        )
        #expect(message { scaledDotProductAttention(q, k, v, dropout: 1.5) }.contains("1.5"))
        let few = (Tensor(zeros: [2, 3, 6, 5]), Tensor(zeros: [2, 3, 6, 7]))
        #expect(message { scaledDotProductAttention(q, few.0, few.1, enableGQA: true) }.contains("4 heads"))
        #expect(message({ scaledDotProductAttention(q[0, 0, 0], k, v) }, shape: [2, 4, 1, 7]).contains("[5]"))
    }

    @Test("An entry of the tape names the kernel")
    func recorded() {
        let x = Tensor(normal: [2, 3, 4], requiresGrad: true)
        #expect(scaledDotProductAttention(x, x, x).gradFn == "attention")
        #expect(scaledDotProductAttention(x.detached(), x.detached(), x.detached()).gradFn == nil)
    }
}
