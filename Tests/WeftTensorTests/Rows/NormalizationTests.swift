import Foundation
import Testing

@testable import WeftTensor

@Suite("Layer norm and RMS norm")
struct NormalizationTests {
    private static func normalized(
        _ x: Reference,
        last count: Int,
        weight: Reference?,
        bias: Reference?,
        epsilon: Double,
        centers: Bool
    ) -> Reference {
        let axes = Array((x.shape.count - count)..<x.shape.count)
        func mean(_ x: Reference) -> Reference {
            x.reduced(axes, keepDims: true) { $0.reduce(0, +) / Double($0.count) }
        }
        let centered = centers ? x.combined(mean(x)) { $0 - $1 } : x
        let scale = mean(centered.map { $0 * $0 }).map { 1 / ($0 + epsilon).squareRoot() }
        var result = centered.combined(scale) { $0 * $1 }
        if let weight { result = result.combined(weight) { $0 * $1 } }
        if let bias { result = result.combined(bias) { $0 + $1 } }
        return result
    }

    @Test("Rows over any last dimensions, however they lie", arguments: [1, 2, 3], Placement.allCases)
    func values(count: Int, placement: Placement) {
        let x = Reference.distinct([3, 4, 5], from: -6, to: 6)
        let shape = Array(x.shape.suffix(count))
        let weight = Reference.distinct(shape, from: 0.5, to: 2)
        let bias = Reference.distinct(shape)
        for (w, b) in [(weight, bias), (weight, nil), (nil, bias), (nil, nil)] as [(Reference?, Reference?)] {
            let result = x.tensor(placement)
                .layerNorm(shape, weight: w?.tensor(placement), bias: b?.tensor(placement), epsilon: 0.1)
            let expected = Self.normalized(x, last: count, weight: w, bias: b, epsilon: 0.1, centers: true)
            expect(result, equals: expected, tolerance: 1e-5)
        }
        for w in [weight, nil] {
            let result = x.tensor(placement).rmsNorm(shape, weight: w?.tensor(placement), epsilon: 0.1)
            let expected = Self.normalized(x, last: count, weight: w, bias: nil, epsilon: 0.1, centers: false)
            expect(result, equals: expected, tolerance: 1e-5)
        }
    }

    @Test("Rows of any length", arguments: [1, 2, 7, 15, 16, 17, 33, 129, 1000])
    func lengths(length: Int) {
        let x = Reference.distinct([3, length], from: -3, to: 3)
        let expected = Self.normalized(x, last: 1, weight: nil, bias: nil, epsilon: 1e-5, centers: true)
        expect(x.tensor().layerNorm([length]), equals: expected, tolerance: 2e-5)
        let root = Self.normalized(x, last: 1, weight: nil, bias: nil, epsilon: 0x1p-23, centers: false)
        expect(x.tensor().rmsNorm([length]), equals: root, tolerance: 2e-5)
    }

    @Test("A mean far from zero costs few digits")
    func largeMean() {
        let x = Reference.distinct([2, 50], from: 999, to: 1001)
        let expected = Self.normalized(x, last: 1, weight: nil, bias: nil, epsilon: 1e-5, centers: true)
        expect(x.tensor().layerNorm([50]), equals: expected, tolerance: 2e-4)
    }

    @Test("Gradients of many rows are right to the last, with every choice of inputs")
    func gradients() {
        let (rows, length) = (77, 40)
        let x = Tensor(normal: [rows, length], mean: 1, generator: RandomGenerator(seed: 1))
        let weight = Tensor(uniform: [length], in: 0.5..<1.5, generator: RandomGenerator(seed: 2))
        let bias = Tensor(normal: [length], generator: RandomGenerator(seed: 3))
        let gradient = Tensor(normal: [rows, length], generator: RandomGenerator(seed: 4))
        for tracked in 1..<8 {
            func leaf(_ tensor: Tensor, _ place: Int) -> Tensor {
                tracked >> place & 1 == 1 ? tensor.withRequiresGrad() : tensor
            }
            let inputs = [leaf(x, 0), leaf(weight, 1), leaf(bias, 2)]
            let wanted = inputs.filter(\.requiresGrad)
            for centers in [true, false] {
                let result =
                    centers
                    ? inputs[0].layerNorm([length], weight: inputs[1], bias: inputs[2])
                    : inputs[0].rmsNorm([length], weight: inputs[1])
                guard result.requiresGrad else { continue }
                let fused = grad(
                    of: result,
                    withRespectTo: wanted,
                    gradient: gradient,
                    retainGraph: true,
                    allowUnused: true
                )
                let composed = grad(
                    of: result,
                    withRespectTo: wanted,
                    gradient: gradient,
                    createGraph: true,
                    allowUnused: true
                )
                for (one, other) in zip(fused, composed) { expect(one, equals: Reference(other), tolerance: 2e-5) }
            }
        }
    }

    @Test("Nothing, and rows of nothing, go through")
    func edges() {
        #expect(Tensor(zeros: [0, 3]).layerNorm([3]).shape == [0, 3])
        #expect(Tensor(zeros: [3, 0]).layerNorm([0]).shape == [3, 0])
        let weight = Tensor(ones: [3], requiresGrad: true)
        Tensor(zeros: [0, 3]).layerNorm([3], weight: weight).sum().backward()
        #expect(weight.grad!.array() == [0, 0, 0])
        #expect(Tensor([1, 2, 3]).layerNorm([3]).dtype == .float32)
        #expect(Tensor([[2.0, 2.0]]).layerNorm([2]).array() == [0, 0])
    }

    @Test("16-bit rows are computed as float32, with parameters of either dtype, but not the reverse")
    func halves() {
        let x = Reference.distinct([3, 8], from: -3, to: 3).tensor(.float16)
        for dtype in [DType.float16, .float32] {
            let leaves = [x, Tensor(full: [8], 1.5).to(dtype), Tensor(full: [8], 0.25).to(dtype)].map {
                $0.withRequiresGrad()
            }
            let result = leaves[0].layerNorm([8], weight: leaves[1], bias: leaves[2])
            let exact = x.to(.float32).layerNorm([8], weight: Tensor(full: [8], 1.5), bias: Tensor(full: [8], 0.25))
            #expect(result.dtype == .float16)
            expect(result, equals: Reference(exact.to(.float16)))
            result.sum().backward()
            #expect(leaves.map { $0.grad?.dtype } == [.float16, dtype, dtype])
            #expect(leaves[2].grad!.array() == [Float](repeating: 3, count: 8))
        }
        let half = Tensor(ones: [8]).to(.float16)
        expectRefusal("layerNorm", "float16 weight") { _ = x.to(.float32).layerNorm([8], weight: half) }
    }

    @Test("Shapes that do not fit are refused")
    func refusals() {
        let x = Tensor(zeros: [2, 3])
        expectRefusal("layerNorm", "[2, 3]", "[2]") { _ = x.layerNorm([2]) }
        expectRefusal("layerNorm", "[]") { _ = x.layerNorm([]) }
        expectRefusal("layerNorm", "[4, 2, 3]") { _ = x.layerNorm([4, 2, 3]) }
        expectRefusal("layerNorm", "weight of shape [2]") { _ = x.layerNorm([3], weight: Tensor(ones: [2])) }
        expectRefusal("layerNorm", "bias of shape [1, 3]") { _ = x.layerNorm([3], bias: Tensor(ones: [1, 3])) }
        expectRefusal("rmsNorm", "int64 weight") { _ = x.rmsNorm([3], weight: Tensor([1, 1, 1])) }
    }

    @Test("A row of equal elements becomes the bias, exactly", arguments: [0.1, 12_345_679, 1e10, 1e30])
    func equalElements(value: Double) {
        for dtype in [DType.float32, .float64] {
            let x = Tensor(full: [3, 10], value, dtype: dtype)
            #expect(x.layerNorm([10]).array(of: Double.self).allSatisfy { $0 == 0 })
            let (weight, bias) = (Tensor(full: [10], 3.0, dtype: dtype), Tensor(full: [10], 0.25, dtype: dtype))
            let result = x.layerNorm([10], weight: weight, bias: bias)
            #expect(result.array(of: Double.self).allSatisfy { $0 == 0.25 })
            let strided = Tensor(full: [10, 3], value, dtype: dtype).T
            #expect(strided.layerNorm([10]).array(of: Double.self).allSatisfy { $0 == 0 })
        }
    }

    @Test("Rows are normalised whatever their size, forward, backward and twice", arguments: [1e-25, 1, 1e19, 1e30])
    func sizes(unit: Double) {
        func gradients(_ unit: Double, _ dtype: DType, rms: Bool, createGraph: Bool) -> [[Double]] {
            let row = (Tensor([[1.0, 2, 4, -3]], dtype: dtype) * unit).withRequiresGrad(true)
            let y = rms ? row.rmsNorm([4], epsilon: 0) : row.layerNorm([4], epsilon: 0)
            let loss = (y * Tensor([3.0, -1, 2, 5], dtype: dtype)).sum()
            let gradient = grad(of: loss, withRespectTo: [row], createGraph: createGraph)[0]
            return [y.array(of: Double.self), gradient.array(of: Double.self).map { $0 * unit }]
        }
        for rms in [false, true] {
            let exact = gradients(1, .float64, rms: rms, createGraph: false)
            for createGraph in [false, true] {
                let found = gradients(unit, .float32, rms: rms, createGraph: createGraph)
                for (value, exact) in zip(found.joined(), exact.joined()) { #expect(abs(value - exact) < 1e-5) }
            }
        }
    }
}
