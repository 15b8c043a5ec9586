import Testing

@testable import WeftTensor

@Suite("Bags of embeddings")
struct EmbeddingBagTests {
    private static let table = Tensor((0..<12).map { Double($0) * 0.5 - 2 }).reshaped([4, 3])
    private static let indices = Tensor([0, 1, 1, 3, 2, 0])

    @Test(
        "Sums, means and maxima have PyTorch's values and gradients, and empty bags are zeros",
        arguments: [DType.float32, .float64, .float16, .bfloat16]
    )
    func modes(dtype: DType) {
        let expected: [(EmbeddingBagMode, [Float], [Float])] = [
            (
                .sum, [-2.5, -1.5, -0.5, 0, 0, 0, 1, 3, 5],
                [-3, 3, 9, -3, 3, 9, 2, 6, 10, 2, 6, 10]
            ),
            (
                .mean, [-1.25, -0.75, -0.25, 0, 0, 0, 0.25, 0.75, 1.25],
                [-1.125, -0.375, 0.375, -1.125, -0.375, 0.375, 0.125, 0.375, 0.625, 0.125, 0.375, 0.625]
            ),
            (
                .max, [-0.5, 0, 0.5, 0, 0, 0, 2.5, 3, 3.5],
                [0, 0, 0, -1, 0, 1, 0, 0, 0, 5, 6, 7]
            ),
        ]
        for (mode, values, gradients) in expected {
            let table = Self.table.to(dtype).withRequiresGrad()
            let bags = table.embeddingBag(Self.indices, offsets: Tensor([0, 2, 2]), mode: mode)
            #expect(bags.array() == values)
            bags.square().sum().backward()
            #expect(table.grad!.array() == gradients)
        }
    }

    @Test("A matrix of indices has a bag in each row")
    func matrix() {
        let bags = Self.table.embeddingBag(Self.indices.reshaped([3, 2]), mode: .sum)
        #expect(bags.array() == Self.table.embeddingBag(Self.indices, offsets: Tensor([0, 2, 4]), mode: .sum).array())
    }

    @Test("Padding is passed over, and a bag of nothing else is zeros", arguments: EmbeddingBagMode.allCases)
    func padding(mode: EmbeddingBagMode) {
        let table = Self.table.withRequiresGrad()
        let bags = table.embeddingBag(Tensor([[1, 3], [1, 1]]), mode: mode, paddingIndex: -3)
        #expect(bags.array() == [2.5, 3, 3.5, 0, 0, 0])
        bags.sum().backward()
        #expect(table.grad!.array() == [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1])
    }

    @Test("Gradients divided by the frequency of an index average what its uses got")
    func frequencies() {
        let table = Self.table.withRequiresGrad()
        table.embeddingBag(Tensor([[1, 1], [1, 0]]), mode: .sum, scaleGradByFreq: true).sum().backward()
        #expect(table.grad!.array() == [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0])
        let plain = Self.table.withRequiresGrad()
        (plain.embedding(Tensor([1, 1, 2]), scaleGradByFreq: true) * Tensor([[1.0], [3], [5]])).sum().backward()
        #expect(plain.grad!.array() == [0, 0, 0, 2, 2, 2, 5, 5, 5, 0, 0, 0])
    }

    @Test("Wide rows are the sums that a plain loop gives, in the order of the indices", arguments: [1, 17, 64, 131])
    func wide(features: Int) {
        let values = (0..<5 * features).map { Float(($0 * 37) % 101) / 8 - 6 }
        let table = Tensor(values).reshaped([5, features]).withRequiresGrad()
        let rows = [4, 0, 3, 3, 1, 2, 4]
        let ends = [0, 3, 7]
        let bags = table.embeddingBag(Tensor(rows), offsets: Tensor([0, 3]), mode: .sum)
        var expected: [Float] = []
        for bag in 0..<2 {
            for f in 0..<features {
                expected.append(rows[ends[bag]..<ends[bag + 1]].reduce(0) { $0 + values[$1 * features + f] })
            }
        }
        #expect(bags.array() == expected)
        bags.backward(gradient: bags.detached())
        var gradient = [Float](repeating: 0, count: values.count)
        for bag in 0..<2 {
            for row in rows[ends[bag]..<ends[bag + 1]] {
                for f in 0..<features { gradient[row * features + f] += expected[bag * features + f] }
            }
        }
        #expect(table.grad!.array() == gradient)
    }

    @Test("No bags, no indices and no features give what there is")
    func empty() {
        let none = Tensor([Int]())
        #expect(Self.table.embeddingBag(none, offsets: none).shape == [0, 3])
        let table = Self.table.withRequiresGrad()
        let bags = table.embeddingBag(none, offsets: Tensor([0, 0]), mode: .max)
        #expect(bags.array() == [0, 0, 0, 0, 0, 0])
        bags.sum().backward()
        #expect(table.grad!.array().allSatisfy { $0 == 0 })
        #expect(Tensor(zeros: [4, 0]).embeddingBag(Tensor([[1, 2]])).shape == [1, 0])
    }

    @Test("What does not fit is refused with the numbers, and leaves the right shape")
    func refused() {
        func message(shape: [Int], _ body: () -> Tensor) -> String? {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { #expect(body().shape == shape) } }
            #expect(error?.operation == "embedding_bag")
            return error?.message
        }
        let (table, indices) = (Self.table, Self.indices)
        #expect(
            message(shape: [2, 3]) { table.embeddingBag(indices, offsets: Tensor([1, 2])) }
                == "the first offset is 1; it must be 0"
        )
        #expect(
            message(shape: [2, 3]) { table.embeddingBag(indices, offsets: Tensor([0, 9])) }
                == "the last offset, 9, is greater than the number of indices, 6"
        )
        #expect(
            message(shape: [3, 3]) { table.embeddingBag(indices, offsets: Tensor([0, 4, 2])) }
                == "offset 2 at place 2 follows 4; they cannot fall"
        )
        #expect(
            message(shape: [1, 3]) { table.embeddingBag(Tensor([[7]])) } == "index 7 is out of range: 0 ... 3 are valid"
        )
        #expect(
            message(shape: [1, 3]) {
                table.embeddingBag(Tensor([[1]]), mode: .mean, perSampleWeights: Tensor([[1.0]]))
            } == "weights go with sums, and the mode is mean"
        )
        #expect(
            message(shape: [0, 3]) { table.embeddingBag(indices) }
                == "indices of shape [6] without offsets: a matrix is wanted, or a vector with offsets"
        )
    }
}
