import Foundation
import Testing
import WeftRuntime

@testable import WeftTensor

@Suite("Floating-point dtypes beside float32")
struct DTypeTests {
    static let floats: [DType] = [.float16, .bfloat16, .float32, .float64]
    static let others: [DType] = [.float16, .bfloat16, .float64]

    /// How far apart numbers near 1 lie.
    static func unit(_ dtype: DType) -> Double {
        switch dtype {
        case .float16: 0x1p-10
        case .bfloat16: 0x1p-7
        case .float64: 0x1p-52
        default: 0x1p-23
        }
    }

    @Test("Elements are stored rounded to the nearest, and read as any Swift number", arguments: floats)
    func elements(dtype: DType) {
        let near = 1 + Self.unit(dtype)
        let x = Tensor([[0.0, -0.0, 1], [near, 1 + Self.unit(dtype) / 2, -2.5]], dtype: dtype)
        #expect(x.dtype == dtype)
        #expect(x.array(of: Double.self) == [0, 0, 1, near, 1, -2.5])
        #expect(x[0, 1].item().sign == .minus)
        #expect(x.array(of: Float.self) == [0, 0, 1, Float(near), 1, -2.5])
        #expect(x.array(of: Int.self) == [0, 0, 1, 1, 1, -2])
        #expect(x.array(of: Bool.self) == [false, false, true, true, true, true])
        #expect(Tensor([3, -4], dtype: dtype).array(of: Int.self) == [3, -4])
        #expect(
            Tensor([Double.nan, .infinity], dtype: dtype).array(of: Double.self).map(\.isFinite) == [false, false]
        )
        #expect(Tensor(full: [3], 0.5, dtype: dtype).array(of: Double.self) == [0.5, 0.5, 0.5])
        #expect(Tensor(ones: [2, 2], dtype: dtype).dtype == dtype)
    }

    @Test("What leaves the range of a dtype is infinite")
    func range() {
        #expect(
            Tensor([65504.0, 65519, 65520, 1e-8], dtype: .float16).array(of: Double.self) == [
                65504, 65504, .infinity, 0,
            ]
        )
        #expect(Tensor([3e38, 1e39], dtype: .bfloat16)[1].item() == .infinity)
        #expect(Tensor([1e300], dtype: .float64).item() == 1e300)
        #expect(Tensor([1e300], dtype: .float64).to(.float32).item() == .infinity)
    }

    @Test("Conversions between all dtypes keep what the new one can hold", arguments: DType.allCases, DType.allCases)
    func conversions(from: DType, to: DType) {
        let values =
            from == .bool
            ? [0.0, 1, 1] : from == .uint8 ? [0, 253, 100] : from.isInteger ? [0, -3, 100] : [0, -2.75, 100]
        let x = Tensor(values, dtype: from)
        for strided in [x, Tensor(values.flatMap { [$0, 7] }, dtype: from).reshaped([3, 2]).T[0]] {
            let result = strided.to(to)
            #expect(result.dtype == to)
            let expected = values.map { value in
                switch to {
                case .bool: value == 0 ? 0 : 1.0
                case .uint8: Double(UInt8(truncatingIfNeeded: Int(value)))
                case .int8: Double(Int8(truncatingIfNeeded: Int(value)))
                case .int16, .int32, .int64: value.rounded(.towardZero)
                case .float16, .bfloat16, .float32, .float64: value
                }
            }
            #expect(result.array(of: Double.self) == expected)
        }
    }

    @Test("Numbers do not widen tensors, and tensors do")
    func promotion() {
        for dtype in Self.floats {
            let x = Tensor([1.0, 2], dtype: dtype)
            #expect((x * 2.5).dtype == dtype)
            #expect((3 - x).dtype == dtype)
            #expect((x + Tensor([1, 2])).dtype == dtype)
            #expect((x / Tensor([true, true])).dtype == dtype)
            #expect((x * Tensor([1.0, 2], dtype: .float64)).dtype == .float64)
            #expect((x .> 1.5).array(of: Bool.self) == [false, true])
        }
        let (half, brain) = (Tensor([1.5], dtype: .float16), Tensor([2.0], dtype: .bfloat16))
        #expect((half + brain).dtype == .float32)
        #expect((half + brain).item() == 3.5)
        #expect((Tensor([1, 2]) * 0.5).dtype == .float32)
    }

    @Test("Printing names what is not the usual dtype")
    func printing() {
        #expect(Tensor([1.5, 2], dtype: .float64).description == "tensor([1.5000, 2.0000], dtype: float64)")
        #expect(Tensor([1.0, 2], dtype: .float16).description == "tensor([1., 2.], dtype: float16)")
        #expect(
            Tensor([1.0], dtype: .bfloat16, requiresGrad: true).description
                == "tensor([1.], dtype: bfloat16, requiresGrad: true)"
        )
        #expect(Tensor([1.0]).description == "tensor([1.])")
        #expect(Tensor([1]).description == "tensor([1])")
    }

    @Test("Functions are as precise as their dtype", arguments: floats)
    func functions(dtype: DType) {
        let xs = [-2.5, -0.75, 0.125, 0.5, 3]
        let x = Tensor(xs, dtype: dtype)
        func check(_ result: Tensor, _ function: (Double) -> Double, line: Int = #line) {
            #expect(result.dtype == dtype)
            for (value, x) in zip(result.array(of: Double.self), xs) {
                let exact = function(x)
                #expect(abs(value - exact) <= 2 * Self.unit(dtype) * max(abs(exact), abs(x)), "at \(x), line \(line)")
            }
        }
        check(x.exp()) { exp($0) }
        check(x.abs().log()) { log(abs($0)) }
        check(x.tanh()) { tanh($0) }
        check(x.sigmoid()) { 1 / (1 + exp(-$0)) }
        check(x.erf()) { erf($0) }
        check(x.gelu()) { $0 * 0.5 * erfc(-$0 * 0.5.squareRoot()) }
        check(x.relu()) { max($0, 0) }
        check(x.square()) { $0 * $0 }
        check(x.abs().sqrt()) { abs($0).squareRoot() }
        check(x.reciprocal()) { 1 / $0 }
        check(`where`(x .> 0, x, -x)) { abs($0) }
    }

    @Test("Gradients have the dtype of what they are of", arguments: others)
    func gradients(dtype: DType) {
        let x = Tensor([0.5, 2], dtype: dtype, requiresGrad: true)
        let y = Tensor([3.0, 0.25], requiresGrad: true)
        (x * y).backward(gradient: Tensor([1.0, 1], dtype: .float64))
        #expect(x.grad?.dtype == dtype)
        #expect(y.grad?.dtype == .float32)
        #expect(x.grad?.array(of: Double.self) == [3, 0.25])
        #expect(y.grad?.array(of: Double.self) == [0.5, 2])
        // Converting back and forth is differentiated, also where the operation looks at no operand.
        let z = Tensor([1.5], dtype: dtype, requiresGrad: true)
        (z.to(.float32) + z + Tensor([1.0])).backward()
        #expect(z.grad?.dtype == dtype)
        #expect(z.grad?.item() == 2)
    }

    @Test("Float64 gradients agree with differences to seven digits")
    func float64Gradients() {
        let operations: [(String, (Tensor) -> Tensor)] = [
            ("tanh", { $0.tanh() }), ("sigmoid", { $0.sigmoid() }), ("gelu", { $0.gelu() }), ("exp", { $0.exp() }),
            ("log", { $0.log() }), ("erf", { $0.erf() }), ("sqrt", { $0.sqrt() }), ("reciprocal", { $0.reciprocal() }),
            ("maximum", { Tensor.maximum($0, $0.square()) }), ("division", { $0 / ($0 + 1) }),
        ]
        for (name, function) in operations {
            for x in [0.3, 1.7] {
                let leaf = Tensor([x], dtype: .float64, requiresGrad: true)
                function(leaf).backward()
                let step = 1e-5
                let high = function(Tensor([x + step], dtype: .float64)).item()
                let low = function(Tensor([x - step], dtype: .float64)).item()
                let difference = (high - low) / (2 * step)
                #expect(abs(leaf.grad!.item() - difference) < 1e-7, "\(name) at \(x)")
            }
        }
    }

    @Test("Random tensors have the dtype asked for", arguments: floats)
    func random(dtype: DType) {
        withRandomSeed(1) {
            let uniform = Tensor(uniform: [1000], in: -1..<1, dtype: dtype)
            #expect(uniform.dtype == dtype)
            #expect(uniform.array(of: Double.self).allSatisfy { $0 >= -1 && $0 < 1 })
            let normal = Tensor(normal: [10_000], dtype: dtype).array(of: Double.self)
            #expect(abs(normal.reduce(0, +) / 10_000) < 0.05)
            let mask = Tensor.dropoutMask([1000], dtype: dtype, probability: 0.5, at: nil)
            #expect(mask.dtype == dtype)
            #expect(Set(mask.array(of: Double.self)) == [0, 2])
        }
    }

    @Test("Reductions keep the dtype, and 16-bit sums are added up in float32", arguments: others)
    func reductions(dtype: DType) {
        // Far beyond what a running sum of 16-bit numbers could reach, and long enough for several parts.
        let ones = Tensor(full: [100_000], 0.5, dtype: dtype)
        #expect(ones.sum().dtype == dtype)
        #expect(abs(ones.sum().item() - 50_000) <= 50_000 * Self.unit(dtype))
        #expect(ones.mean().item() == 0.5)
        let x = Tensor([[3.0, -1, 2], [0.5, 8, -4]], dtype: dtype, requiresGrad: true)
        for (result, expected) in [
            (x.sum(axis: 0), [3.5, 7, -2]), (x.max(axis: 1).values, [3, 8]), (x.min(axis: 1).values, [-1, -4]),
            (x.mean(axis: 1), [4 / 3.0, 1.5]), (x.cumulativeSum(axis: 1), [3, 2, 4, 0.5, 8.5, 4.5]),
        ] as [(Tensor, [Double])] {
            #expect(result.dtype == dtype)
            for (value, exact) in zip(result.array(of: Double.self), expected) {
                #expect(abs(value - exact) <= abs(exact) * Self.unit(dtype))
            }
        }
        #expect(x.argmax(axis: 1).array(of: Int.self) == [0, 1])
        #expect(abs(x.variance(axis: 1).array(of: Double.self)[0] - 13 / 3.0) < 10 * Self.unit(dtype))
        (x.max(axis: 1).values.sum() + x.mean()).backward()
        #expect(x.grad?.dtype == dtype)
        #expect(abs(x.grad![1, 1].item() - 7 / 6.0) < 2 * Self.unit(dtype))
        // A gradient that is summed because its operand was broadcast.
        let scale = Tensor([2.0], dtype: dtype, requiresGrad: true)
        (x.detached() * scale).sum().backward()
        #expect(scale.grad?.item() == 8.5)
    }

    @Test("Indexing moves elements as they are, and adds in their dtype", arguments: others)
    func indexing(dtype: DType) {
        let x = Tensor([[1.5, 2, 3], [4, 5, 6.5]], dtype: dtype, requiresGrad: true)
        let rows = x[Tensor([1, 0, 1])]
        #expect(rows.dtype == dtype)
        #expect(rows.array(of: Double.self) == [4, 5, 6.5, 1.5, 2, 3, 4, 5, 6.5])
        (rows.sum() + x.gather(axis: 1, Tensor([[2], [0]])).sum()).backward()
        #expect(x.grad?.array(of: Double.self) == [1, 1, 2, 3, 2, 2])
        let added = Tensor(zeros: [3], dtype: dtype).scatterAdd(
            axis: 0,
            Tensor([2, 2]),
            Tensor([0.5, 0.25], dtype: dtype)
        )
        #expect(added.array(of: Double.self) == [0, 0, 0.75])
        let joined = concatenated([x, x.to(.float64)], axis: 0)
        #expect(joined.dtype == .float64)
    }

    @Test("Matrix products keep the dtype and are differentiated", arguments: others)
    func matrixProducts(dtype: DType) {
        // Whole numbers, so that every sum is exact.
        let a = Reference([40, 30]) { Double(($0[0] * 7 + $0[1] * 3) % 5) - 2 }
        let b = Reference([30, 50]) { Double(($0[0] * 2 + $0[1] * 11) % 3) - 1 }
        for placement in Placement.allCases {
            let (x, y) = (a.tensor(placement, dtype).withRequiresGrad(), b.tensor(placement, dtype).withRequiresGrad())
            let product = matmul(x, y)
            #expect(product.dtype == dtype)
            let exact = Reference([40, 50]) { index in
                (0..<30).reduce(0) { $0 + a[[index[0], $1]] * b[[$1, index[1]]] }
            }
            expect(product, equals: exact)
            product.sum().backward()
            #expect(x.grad?.dtype == dtype)
            expect(x.grad!, equals: Reference([40, 30]) { index in (0..<50).reduce(0) { $0 + b[[index[1], $1]] } })
            let bias = Tensor(full: [50], 3.0, dtype: dtype)
            expect(addmm(bias, x, y), equals: exact.map { $0 + 3 })
            expect(addmm(product, x, y), equals: exact.map { 2 * $0 })
        }
        let vector = Tensor([1.0, 2, 3], dtype: dtype)
        #expect(matmul(vector, vector).item() == 14)
        #expect(matmul(vector, vector.to(.float32)).dtype == (dtype == .float64 ? .float64 : .float32))
    }

    @Test("Softmax, cross-entropy and norms in float64 have its precision, and are refused in 16 bits")
    func rows() {
        let x = Tensor([[0.5, -1, 2], [3, 0.25, -0.5]], dtype: .float64, requiresGrad: true)
        let sum = exp(0.5) + exp(-1.0) + exp(2.0)
        #expect(abs(x.softmax(axis: 1)[0, 1].item() - exp(-1.0) / sum) < 1e-15)
        #expect(abs(x.logSoftmax(axis: 1)[0, 2].item() - (2 - log(sum))) < 1e-15)
        let loss = x.crossEntropy(Tensor([2, 0]))
        #expect(loss.dtype == .float64)
        loss.backward()
        #expect(abs(x.grad![0, 1].item() - exp(-1.0) / sum / 2) < 1e-15)
        let normalized = x.detached().layerNorm([3])
        #expect(normalized.dtype == .float64)
        #expect(abs(normalized.square().mean().item() - 1) < 1e-5)
        expectRefusal("softmax", "float16", "float32, float64") {
            _ = Tensor([1.0, 2], dtype: .float16).softmax(axis: 0)
        }
    }

    @Test("Sums of 16-bit elements are rounded to the dtype asked for, in parts and in one", arguments: [true, false])
    func sums(combines: Bool) {
        let x = Tensor(ones: [70_001], dtype: .bfloat16)
        var axes = AxisSet()
        axes.insert(0)
        let combining: KernelFamily? = combines ? .sum : nil
        let rounded = x.reduced(.sum, over: axes, keepDims: false, combining: combining, at: nil)
        #expect(rounded.dtype == .bfloat16)
        #expect(rounded.item() == 70_144)
        let sum = x.reduced(.sum, over: axes, keepDims: false, resultDType: .float32, combining: combining, at: nil)
        #expect(sum.dtype == .float32)
        #expect(sum.item() == 70_001)
    }

    @Test("Beside 16-bit elements numbers are not rounded")
    func numbers() {
        func half(_ values: [Double]) -> Tensor { Tensor(values, dtype: .float16) }
        // 70000 is beyond float16, and 1e-8 is nearest to its 0.
        #expect((half([0, 1e-3]) * 70000).array() == [0, 70])
        #expect((half([1000]) * 1e-8).item() == half([1e-5]).item())
        #expect((half([60000]) - 70000).item() == -10000)
        #expect((70000 - half([60000])).item() == 10000)
        #expect((half([-60000]) + 70000.0).item() == 10000)
        #expect((70000 + half([-60000])).item() == 10000)
        #expect((half([3]) / 1e-3).item() == 3000)
        #expect((140_000 / half([4])).item() == half([35_000]).item())
        #expect((65536 * half([0.5])).dtype == .float16)
        // 1.00390625 is halfway between two bfloat16 neighbours.
        #expect((Tensor([256.0], dtype: .bfloat16) * 1.00390625 - 256).item() == 0)
        #expect((Tensor([-256.0], dtype: .bfloat16) + 257.0).item() == 1)

        var y = half([-60000, 1, 4, 3]).reshaped([2, 2])
        let before = y
        y[0, 0] += 70000
        #expect(y.array() == [10000, 1, 4, 3])
        y[0, 0] -= 70000
        y[0...1, 0] *= 1e5 / 4e4
        y[1, .ellipsis] /= 1e-3
        #expect(before.array() == [-60000, 1, 4, 3])
        #expect(y.dtype == .float16)
        #expect(y.array() == [-.infinity, 1, 10000, 3000])

        let leaf = half([2]).withRequiresGrad()
        var changed = leaf
        noGrad { changed *= 70000.0 / 35000 }
        #expect(changed.isLeaf && changed.requiresGrad)
        #expect(changed.item() == 4)
        expectRefusal("mul", "noGrad") { changed *= 2 }
    }

    @Test(
        "Arithmetic of 16-bit elements with numbers is differentiated, twice too",
        arguments: [DType.float16, .bfloat16]
    )
    func numberGradients(dtype: DType) {
        let x = Tensor([2.0], dtype: dtype, requiresGrad: true)
        var y = x * x * 3 + 1
        y *= 2
        y -= 12 / x
        #expect(y.item() == 20)
        let first = grad(of: y, withRespectTo: [x], createGraph: true)[0]
        #expect(first.dtype == dtype)
        #expect(first.item() == 27)
        first.backward()
        #expect(x.grad?.dtype == dtype)
        #expect(x.grad?.item() == 9)
    }

    @Test("Gradients of 16-bit elements are scaled by numbers that 16 bits do not hold")
    func gradientScales() {
        let n = 100_000
        // The 100000 ties are beyond float16.
        let ties = Tensor(ones: [n], dtype: .float16, requiresGrad: true)
        ties.max().backward()
        #expect(ties.grad?.dtype == .float16)
        #expect(ties.grad?[0].item() == Tensor([1e-5], dtype: .float16).item())
        // 2 / n would lose three digits.
        let x = Tensor(full: [n], 128.0, dtype: .float16, requiresGrad: true)
        x.squaredError(Tensor(zeros: [n], dtype: .float16), reduction: .mean, file: #fileID, line: #line).backward()
        #expect(x.grad?.dtype == .float16)
        #expect(x.grad?[0].item() == Tensor([128 * 2 / Double(n)], dtype: .float16).item())
    }

    @Test("A gradient that a rule adds to a sum is of its input's dtype")
    func addedGradients() {
        let x = Tensor([1.0, 2], dtype: .float16, requiresGrad: true)
        let y = Tensor.recorded(RecordedOperation(.to), x.detached().to(.float32), from: x) { gradient, step in
            step.give(0) { sum in
                if sum == nil { sum = gradient } else { sum!.addGradient(gradient) }
            }
        }
        y.sum().backward()
        #expect(x.grad?.dtype == .float16)
        #expect(x.grad?.array() == [1, 1])
    }

    @Test("No product reads a factor as another dtype")
    func mixedProducts() async {
        await #expect(processExitsWith: .failure) {
            _ = Tensor(ones: [2, 3]).linear(
                Tensor(ones: [2, 3], dtype: .float16),
                nil,
                nil,
                at: CallSite(#fileID, #line)
            )
        }
        await #expect(processExitsWith: .failure) {
            let bias = Tensor(ones: [2], dtype: .float16)
            _ = Tensor(ones: [2, 3]).linear(Tensor(ones: [2, 3]), bias, nil, at: CallSite(#fileID, #line))
        }
        await #expect(processExitsWith: .failure) {
            let (a, b) = (Tensor(ones: [2, 2]), Tensor(ones: [2, 2], dtype: .float16))
            let site = CallSite(#fileID, #line)
            _ = MatrixProduct.run(MatrixFactor(a), MatrixFactor(b), layout: a.layout, at: site)
        }
        await #expect(processExitsWith: .failure) {
            let (a, bias) = (Tensor(ones: [2, 2]), Tensor(ones: [2, 2], dtype: .float16))
            let site = CallSite(#fileID, #line)
            _ = MatrixProduct.run(MatrixFactor(a), MatrixFactor(a), layout: a.layout, bias: bias, at: site)
        }
    }

    @Test("Uniform numbers are refused between bounds that the dtype does not hold")
    func uniformBounds() {
        expectRefusal("uniform", "0.0 and 70000.0", "float16") {
            _ = Tensor(uniform: [4], in: 0..<70000, dtype: .float16)
        }
        expectRefusal("uniform", "-65520.0", "float16") {
            _ = Tensor(uniform: [4], in: -65520..<0, dtype: .float16)
        }
        expectRefusal("uniform", "1e+39", "bfloat16") { _ = Tensor(uniform: [4], in: 0..<1e39, dtype: .bfloat16) }
        expectRefusal("uniform", "1e+39", "float32") { _ = Tensor(uniform: [4], in: 0..<1e39) }
        expectRefusal("uniform", "inf", "float64") {
            _ = Tensor(uniform: [4], in: 0..<Double.infinity, dtype: .float64)
        }
        let widest = Tensor(uniform: [1000], in: -65519..<65519, dtype: .float16)
        #expect(widest.array().allSatisfy { $0.isFinite })
        #expect(Tensor(uniform: [4], in: 0..<1e39, dtype: .float64).array(of: Double.self).allSatisfy { $0.isFinite })
    }

    @Test(
        "What int64 cannot hold becomes the smallest int64",
        arguments: [DType.float32, .float64, .float16, .bfloat16]
    )
    func unrepresentable(dtype: DType) {
        let x = Tensor([Double.nan, .infinity, -.infinity, 3e19, -3e19, -1.7], dtype: dtype)
        let expected = [Int](repeating: .min, count: 5) + [-1]
        #expect(x.to(.int64).array(of: Int.self) == expected)
        #expect(x.expanded(to: [2, 6]).T.to(.int64).T[1].array(of: Int.self) == expected)
        var assigned = Tensor(zeros: [6], dtype: .int64)
        assigned[0...] = x.to(.int64)
        #expect(assigned.array(of: Int.self) == expected)
    }
}
