import Testing

@testable import WeftTensor

/// Values are those that PyTorch 2.13 gives.
@Suite("Pooling")
struct PoolingTests {
    private static let square = Tensor((1...16).map(Double.init)).reshaped([1, 1, 4, 4])

    @Test("Windows slide over the last dimensions")
    func windows() {
        #expect(Self.square.maxPool2d(kernelSize: 2).array() == [6, 8, 14, 16])
        #expect(
            Self.square.maxPool2d(kernelSize: [2, 1], stride: [2, 3], padding: [1, 0]).array() == [1, 4, 9, 12, 13, 16]
        )
        #expect(
            Self.square.avgPool2d(kernelSize: 2, stride: 1).array() == [3.5, 4.5, 5.5, 7.5, 8.5, 9.5, 11.5, 12.5, 13.5]
        )
        #expect(Self.square.maxPool2d(kernelSize: 2, dilation: 3).array() == [16])
    }

    @Test("In ceil mode no window begins behind the input")
    func ceilMode() {
        let line = Tensor([[[0.0, 1, 2, 3, 4]]])
        #expect(line.maxPool1d(kernelSize: 2, stride: 4, padding: 1, ceilMode: true).array() == [0, 4])
        let ones = Tensor(ones: [1, 1, 4])
        let means = ones.avgPool1d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true)
        expect(means, equals: Reference([1, 1, 3], [2.0 / 3, 1, 0.5]), tolerance: 1e-6)
        let inside = ones.avgPool1d(kernelSize: 3, stride: 2, padding: 1, ceilMode: true, countIncludePad: false)
        #expect(inside.array() == [1, 1, 1])
        #expect(ones.avgPool1d(kernelSize: 3, stride: 1).array() == [1, 1])
    }

    @Test("NaN wins over infinity; the last of several and the first of equal maxima are the index")
    func ties() {
        func index(_ values: [Double]) -> (Double, Int) {
            let (maximum, index) = Tensor(values).reshaped([1, 1, values.count])
                .maxPool1dWithIndices(kernelSize: SpatialSizes(values.count))
            return (maximum.item(as: Double.self), index.item(as: Int.self))
        }
        #expect(index([1, .infinity, .nan, 2]).0.isNaN && index([1, .infinity, .nan, 2]).1 == 2)
        #expect(index([.nan, 1, .nan, 2]).1 == 2)
        #expect(index([1, 3, 3, 3]) == (3, 1))
        #expect(index([-.infinity, -.infinity]) == (-.infinity, 0))
    }

    @Test("Places count within a plane, row by row, and unpooling puts elements back there")
    func places() {
        let (values, indices) = Self.square.maxPool2dWithIndices(kernelSize: 2)
        #expect(indices.dtype == .int64 && indices.array(of: Int.self) == [5, 7, 13, 15])
        let back = values.maxUnpool2d(indices: indices, kernelSize: 2)
        #expect(back.shape == [1, 1, 4, 4])
        #expect(back.array() == [0, 0, 0, 0, 0, 6, 0, 8, 0, 0, 0, 0, 0, 14, 0, 16])
        #expect(values.maxUnpool2d(indices: indices, kernelSize: 2, outputSize: [5, 4]).shape == [1, 1, 5, 4])
    }

    @Test("Adaptive windows share the places out evenly")
    func adaptive() {
        let line = Tensor([[[0.0, 1, 2, 3, 4]]])
        #expect(line.adaptiveAvgPool1d(outputSize: 3).array() == [0.5, 2, 3.5])
        #expect(line.adaptiveMaxPool1d(outputSize: 3).array() == [1, 3, 4])
        #expect(line.adaptiveMaxPool1dWithIndices(outputSize: 2).indices.array(of: Int.self) == [2, 4])
        #expect(Self.square.adaptiveAvgPool2d(outputSize: [nil, 1]).array() == [2.5, 6.5, 10.5, 14.5])
        #expect(Self.square.adaptiveAvgPool2d(outputSize: 1).array() == [8.5])
        #expect(Self.square.adaptiveAvgPool2d(outputSize: 0).shape == [1, 1, 0, 0])
    }

    @Test("Odd powers of negative numbers have no root")
    func norms() {
        let x = Tensor([[[3.0, 4, -1, -2]]])
        #expect(x.lpPool1d(normType: 2, kernelSize: 2).array()[0] == 5)
        #expect(x.lpPool1d(normType: 3, kernelSize: 2).array()[1].isNaN)
        #expect(x.lpPool1d(normType: 1, kernelSize: 2).array() == [7, -3])
    }

    @Test(
        "Both orders in memory give the same bits and keep their order",
        arguments: [DType.float32, .float64, .float16, .bfloat16]
    )
    func formats(dtype: DType) {
        let x = Tensor(normal: [2, 19, 9, 21], dtype: dtype, generator: RandomGenerator(seed: 3))
        func results(_ format: MemoryFormat) -> [Tensor] {
            let leaf = x.withRequiresGrad()
            let input = leaf.contiguous(format)
            let (maxima, places) = input.maxPool2dWithIndices(kernelSize: 3, stride: 2, padding: 1)
            let outputs = [
                maxima, input.avgPool2d(kernelSize: 3, stride: 2, padding: 1), input.adaptiveAvgPool2d(outputSize: 4),
                input.maxPool2d(kernelSize: 2, stride: 1, ceilMode: true),
                input.interpolated(scaleFactor: 2, mode: .bilinear),
                input.padded([1, 2, 2, 1], mode: .reflect), input.interpolated(size: [11, 13], mode: .bicubic),
            ]
            for output in outputs {
                #expect(output.isContiguous(format))
                let weights = Tensor(normal: output.shape, dtype: dtype, generator: RandomGenerator(seed: 4))
                output.backward(gradient: weights.contiguous(format))
            }
            return outputs.map { $0.detached() } + [places, leaf.grad!]
        }
        for (one, other) in zip(results(.rowMajor), results(.channelsLast)) {
            #expect(one.array(of: Double.self) == other.array(of: Double.self))
        }
    }

    @Test("Batches without images, and images without a batch")
    func batches() {
        let none = Tensor(zeros: [0, 3, 4, 4]).withRequiresGrad()
        let pooled = none.maxPool2d(kernelSize: 2)
        #expect(pooled.shape == [0, 3, 2, 2])
        (pooled.sum() + none.avgPool2d(kernelSize: 3).sum()).backward()
        #expect(none.grad?.shape == [0, 3, 4, 4])
        #expect(Self.square.reshaped([1, 4, 4]).maxPool2d(kernelSize: 2).shape == [1, 2, 2])
        #expect(Tensor(zeros: [2, 0, 4, 4]).avgPool2d(kernelSize: 2).shape == [2, 0, 2, 2])
    }

    @Test("A gradient goes to the first of equal elements")
    func gradientOfTies() {
        let x = Tensor([[[2.0, 2, 1, 1]]]).withRequiresGrad()
        x.maxPool1d(kernelSize: 2, stride: 1).sum().backward()
        #expect(x.grad!.array() == [1, 1, 1, 0])
    }

    @Test("What does not fit is refused with its numbers")
    func refused() {
        expectError("more than half", in: "maxPool2d") { Self.square.maxPool2d(kernelSize: 2, padding: 2) }
        expectError("does not fit size 4", in: "avgPool2d") { Self.square.avgPool2d(kernelSize: 7) }
        expectError("dimensions", in: "maxPool3d") { Tensor(zeros: [3, 3]).maxPool3d(kernelSize: 2) }
        expectError("stride", in: "avgPool1d") { Tensor(zeros: [1, 1, 3]).avgPool1d(kernelSize: 2, stride: 0) }
        expectError("1 or 2 are wanted", in: "maxPool2d") { Self.square.maxPool2d(kernelSize: [1, 2, 3]) }
        expectError("divides by zero", in: "avgPool2d") { Self.square.avgPool2d(kernelSize: 2, divisorOverride: 0) }
        expectError("below 0", in: "adaptiveAvgPool2d") { Self.square.adaptiveAvgPool2d(outputSize: -1) }
        expectError("out of range", in: "maxUnpool1d") {
            Tensor([[[1.0]]]).maxUnpool1d(indices: Tensor([[[4]]]), kernelSize: 2)
        }
        expectError("do not fit elements", in: "maxUnpool1d") {
            Tensor([[[1.0]]]).maxUnpool1d(indices: Tensor([[4]]), kernelSize: 2)
        }
        expectError("does not fit", in: "maxUnpool1d") {
            Tensor([[[1.0]]]).maxUnpool1d(indices: Tensor([[[0]]]), kernelSize: 2, outputSize: [9])
        }
        expectError("normType", in: "lpPool1d") { Tensor([[[1.0]]]).lpPool1d(normType: 0, kernelSize: 1) }
    }

    @Test("What stands in for a refused result has the shape that it would have had")
    func standIns() {
        var shapes: [[Int]] = []
        _ = try? withTensorErrors {
            shapes = [
                Self.square.maxPool2d(kernelSize: 3, padding: 2).shape,
                Tensor(zeros: [1, 1, 3]).avgPool1d(kernelSize: 2, stride: -1).shape,
                Self.square.adaptiveMaxPool2d(outputSize: [2, 3, 4]).shape,
            ]
        }
        #expect(shapes == [[1, 1, 2, 2], [1, 1, 2], [1, 1, 4, 4]])
    }
}

/// Expects that `body` refuses something of `operation`, in words that contain `message`.
func expectError(
    _ message: String,
    in operation: String,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () -> Tensor
) {
    do {
        _ = try withTensorErrors { body() }
        Issue.record("nothing was refused", sourceLocation: sourceLocation)
    } catch {
        let said = "\(error)"
        #expect(said.contains(message) && said.contains(operation), "\(said)", sourceLocation: sourceLocation)
    }
}
