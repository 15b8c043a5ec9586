import Testing

@testable import WeftTensor

/// Images of shape [2, 3, 4, 5], row-major and channels-last.
private func images() -> (rows: Tensor, channels: Tensor) {
    let rows = Tensor(normal: [2, 3, 4, 5], generator: RandomGenerator(seed: 7))
    return (rows, rows.contiguous(.channelsLast))
}

private func bits(_ tensor: Tensor) -> [UInt8] { tensor.withUnsafeBytes { Array($0) } }

@Suite struct MemoryFormatTests {
    @Test("channels-last elements lie as those of [n, h, w, c] do, under the same shape")
    func strides() {
        let (rows, channels) = images()
        #expect(channels.shape == [2, 3, 4, 5])
        #expect((0..<4).map(channels.stride) == [60, 1, 15, 3])
        #expect(channels.isContiguous(.channelsLast) && !channels.isContiguous)
        #expect(rows.isContiguous(.rowMajor) && !rows.isContiguous(.channelsLast))
        #expect(channels.array() == rows.array())
        #expect(bits(channels.contiguous()) == bits(rows))
    }

    @Test("a permuted view of [n, h, w, c] is channels-last without a copy")
    func permutedView() {
        let view = Tensor(normal: [2, 4, 5, 3]).permuted([0, 3, 1, 2])
        #expect(view.isContiguous(.channelsLast))
        #expect(view.contiguous(.channelsLast).start == view.start)
    }

    @Test("three and five dimensions lie channels-last too, others are refused by name", arguments: [1, 2, 6])
    func ranks(rank: Int) throws {
        for shape in [[2, 3, 4], [2, 3, 4, 5, 6]] {
            let tensor = Tensor(normal: shape)
            let channels = tensor.contiguous(.channelsLast)
            #expect(channels.stride(1) == 1)
            #expect(channels.array() == tensor.array())
        }
        let error = try #require(throws: TensorError.self) {
            try withTensorErrors { Tensor(zeros: [Int](repeating: 2, count: rank)).contiguous(.channelsLast) }
        }
        #expect("\(error)".contains("contiguous") && "\(error)".contains("three to five"))
    }

    @Test(
        "sizes of 1 and 0 leave no difference between the orders",
        arguments: [[2, 1, 4, 5], [2, 3, 1, 1], [0, 3, 4, 5]]
    )
    func noDifference(shape: [Int]) {
        let tensor = Tensor(zeros: shape)
        #expect(tensor.isContiguous(.rowMajor) && tensor.isContiguous(.channelsLast))
        #expect(tensor.contiguous(.channelsLast).isContiguous)
    }

    @Test("pointwise operations keep the order and give the same bits")
    func pointwise() {
        let (rows, channels) = images()
        let bias = Tensor(normal: [1, 3, 1, 1])
        let mask = rows .> 0.0
        let operations: [(Tensor) -> Tensor] = [
            { $0.relu() }, { $0.tanh() }, { $0 * 2.0 + 1.0 }, { $0 + bias }, { bias - $0 }, { $0 * $0 },
            { $0.to(.float64) }, { `where`($0 .> 0.0, $0, $0 * 0.1) }, { $0 + channels },
            { `where`(mask.contiguous(.channelsLast), $0, bias) },
        ]
        for (index, operation) in operations.enumerated() {
            let (a, b) = (operation(rows), operation(channels))
            #expect(bits(a) == bits(b), "operation \(index)")
            #expect(b.isContiguous(.channelsLast), "operation \(index)")
        }
    }

    @Test("an update in place keeps the order, and changes no other tensor")
    func inPlace() {
        let (rows, channels) = images()
        var (a, b) = (rows, channels)
        a += 1.0
        b += 1.0
        a *= rows
        b *= rows
        #expect(bits(a) == bits(b))
        #expect(b.isContiguous(.channelsLast))
        #expect(bits(channels) == bits(rows))
    }

    @Test("a gradient flows through a change of order, and keeps the order through activations")
    func gradients() {
        let (rows, channels) = images()
        func gradient(_ input: Tensor, _ format: MemoryFormat) -> Tensor {
            let x = input.withRequiresGrad()
            (x.contiguous(format).tanh().relu() * rows).sum().backward()
            return x.grad!
        }
        let expected = bits(gradient(rows, .rowMajor))
        #expect(bits(gradient(rows, .channelsLast)) == expected)
        #expect(bits(gradient(channels, .channelsLast)) == expected)
        #expect(bits(gradient(channels, .rowMajor)) == expected)
    }

    @Test("a write into one place of a channels-last tensor leaves the others")
    func subscripts() {
        let (rows, channels) = images()
        var (a, b) = (rows, channels)
        a[1, 2, 3, 4] = 5
        b[1, 2, 3, 4] = 5
        a[0, 1] = Tensor(ones: [4, 5])
        b[0, 1] = Tensor(ones: [4, 5])
        #expect(a.array() == b.array())
        #expect(channels.array() == rows.array())
    }

    @Test("reductions, softmax, concatenation and views of either order agree")
    func otherFamilies() {
        let (rows, channels) = images()
        let operations: [(Tensor) -> Tensor] = [
            { $0.max(axis: 1).values }, { $0.sum(axis: 1) }, { $0.sum(axes: [2, 3]) }, { $0.sum() },
            { $0.mean(axes: [0, 2, 3]) },
            { $0.softmax(axis: 1) }, { $0.reshaped([6, 20]) }, { $0.flattened() }, { concatenated([$0, $0], axis: 1) },
            { $0[0..., 1] }, { $0.variance(axes: [1, 2]) }, { $0.cumulativeSum(axis: 3) }, { $0.argmax(axis: 2) },
            { $0.permuted([3, 1, 0, 2]) },
        ]
        for (index, operation) in operations.enumerated() {
            #expect(bits(operation(rows)) == bits(operation(channels)), "operation \(index)")
        }
    }
}
