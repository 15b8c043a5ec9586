import Foundation
import Testing

@testable import WeftTensor

@Suite("Cross-entropy")
struct CrossEntropyTests {
    /// The losses of [n, classes] logits by the definition; nil for those ignored.
    private static func losses(_ logits: Reference, _ labels: [Int], ignoreIndex: Int = -100, smoothing: Double = 0)
        -> [Double?]
    {
        labels.enumerated().map { row, label in
            if label == ignoreIndex { return nil }
            let classes = logits.shape[1]
            let values = (0..<classes).map { logits[[row, $0]] }
            let logSum = log(values.reduce(0) { $0 + exp($1) })
            let uniform = values.reduce(0) { $0 + (logSum - $1) } / Double(classes)
            return (1 - smoothing) * (logSum - values[label]) + smoothing * uniform
        }
    }

    private static let logits = Reference.distinct([6, 5], from: -3, to: 3)
    private static let labels = [0, 4, 2, 2, 1, 3]

    @Test("The loss is that of the definition, however the logits lie", arguments: Placement.allCases, [0, 0.1, 1])
    func values(placement: Placement, smoothing: Double) {
        let expected = Self.losses(Self.logits, Self.labels, smoothing: smoothing).map { $0! }
        let logits = Self.logits.tensor(placement)
        let labels = Tensor(Self.labels)
        expect(
            logits.crossEntropy(labels, reduction: .none, labelSmoothing: smoothing),
            equals: Reference([6], expected),
            tolerance: 1e-6
        )
        let sum = expected.reduce(0, +)
        expect(
            logits.crossEntropy(labels, reduction: .sum, labelSmoothing: smoothing),
            equals: Reference([], [sum]),
            tolerance: 1e-6
        )
        expect(
            logits.crossEntropy(labels, labelSmoothing: smoothing),
            equals: Reference([], [sum / 6]),
            tolerance: 1e-6
        )
    }

    @Test("Ignored samples have no loss and do not count in the mean", arguments: [-100, 2, 99])
    func ignored(ignoreIndex: Int) {
        var labels = Self.labels
        labels[1] = ignoreIndex
        labels[5] = ignoreIndex
        let losses = Self.losses(Self.logits, labels, ignoreIndex: ignoreIndex, smoothing: 0.2)
        let kept = losses.compactMap { $0 }
        let logits = Self.logits.tensor()
        let each = logits.crossEntropy(Tensor(labels), reduction: .none, ignoreIndex: ignoreIndex, labelSmoothing: 0.2)
        expect(each, equals: Reference([6], losses.map { $0 ?? 0 }), tolerance: 1e-6)
        let mean = logits.crossEntropy(Tensor(labels), ignoreIndex: ignoreIndex, labelSmoothing: 0.2)
        expect(mean, equals: Reference([], [kept.reduce(0, +) / Double(kept.count)]), tolerance: 1e-6)
        let sum = logits.crossEntropy(Tensor(labels), reduction: .sum, ignoreIndex: ignoreIndex, labelSmoothing: 0.2)
        expect(sum, equals: Reference([], [kept.reduce(0, +)]), tolerance: 1e-6)
    }

    @Test("With every sample ignored the sum is 0 and the mean NaN, as in PyTorch")
    func allIgnored() {
        let labels = Tensor(full: [6], -100)
        #expect(Self.logits.tensor().crossEntropy(labels, reduction: .sum).item() == 0)
        #expect(Self.logits.tensor().crossEntropy(labels).item().isNaN)
        #expect(Tensor(zeros: [0, 3]).crossEntropy(Tensor(zeros: [0], dtype: .int64)).item().isNaN)
        #expect(Tensor(zeros: [0, 3]).crossEntropy(Tensor(zeros: [0], dtype: .int64), reduction: .none).shape == [0])
    }

    @Test("Ignored samples get no gradient")
    func ignoredGradient() {
        let logits = Self.logits.tensor(requiresGrad: true)
        logits.crossEntropy(Tensor([0, -100, 2, 2, -100, 3]), labelSmoothing: 0.1).backward()
        let gradient = Reference(logits.grad!)
        for row in 0..<6 {
            let values = (0..<5).map { gradient[[row, $0]] }
            #expect(values.allSatisfy { ($0 == 0) == (row == 1 || row == 4) })
            #expect(abs(values.reduce(0, +)) < 1e-6, "softmax minus a distribution sums to 0")
        }
    }

    @Test("One sample's logits take a scalar class")
    func vector() {
        let row = Reference([1, 5], Self.logits.slice(0, at: 0).values)
        let expected = Self.losses(row, [3])[0]!
        let logits = Tensor(row.values)
        #expect(logits.crossEntropy(Tensor(3), reduction: .none).shape == [])
        expect(logits.crossEntropy(Tensor(3)), equals: Reference([], [expected]), tolerance: 1e-6)
        expect(logits.crossEntropy(Tensor(3), reduction: .none), equals: Reference([], [expected]), tolerance: 1e-6)
    }

    @Test("More dimensions follow the classes", arguments: Placement.allCases)
    func extraDimensions(placement: Placement) {
        let logits = Reference.distinct([2, 5, 3, 2], from: -3, to: 3)
        let labels = Reference([2, 3, 2]) { Double(($0[0] * 3 + $0[1] * 2 + $0[2]) % 5) }
        let rows = logits.permuted([0, 2, 3, 1])
        let expected = Self.losses(Reference([12, 5], rows.values), labels.values.map { Int($0) }).map { $0! }
        expect(
            logits.tensor(placement).crossEntropy(labels.tensor(placement, .int64), reduction: .none),
            equals: Reference([2, 3, 2], expected),
            tolerance: 1e-6
        )
        expect(
            logits.tensor(placement).crossEntropy(labels.tensor(placement, .int64)),
            equals: Reference([], [expected.reduce(0, +) / 12]),
            tolerance: 1e-6
        )
    }

    @Test("Logits of any size do not overflow")
    func extreme() {
        let logits = Tensor([[1000.0, -1000.0], [-1000.0, 1000.0]])
        expect(
            logits.crossEntropy(Tensor([0, 0]), reduction: .none),
            equals: Reference([2], [0, 2000]),
            tolerance: 1e-6
        )
        #expect(Tensor([[Double.nan, 0]]).crossEntropy(Tensor([1])).item().isNaN)
    }

    @Test("What does not fit is refused")
    func refusals() {
        let logits = Self.logits.tensor()
        expectRefusal("crossEntropy", "class 5 is out of range: 0 ... 4 are valid") {
            _ = logits.crossEntropy(Tensor([0, 1, 5, 0, 0, 0]))
        }
        expectRefusal("crossEntropy", "class -1 is out of range") {
            _ = logits.crossEntropy(Tensor([0, 1, -1, 0, 0, 0]))
        }
        expectRefusal("crossEntropy", "[6, 5]", "[5]") { _ = logits.crossEntropy(Tensor([0, 1, 2, 3, 4])) }
        expectRefusal("crossEntropy", "float32 target") { _ = logits.crossEntropy(Tensor(zeros: [6])) }
        expectRefusal("crossEntropy", "float16 logits", "logits of float32, float64") {
            _ = Tensor([[1.0, 2]], dtype: .float16).crossEntropy(Tensor([0]))
        }
        expectRefusal("crossEntropy", "int64 logits") { _ = Tensor([[1, 2]]).crossEntropy(Tensor([0])) }
        expectRefusal("crossEntropy", "smoothing 1.5") {
            _ = logits.crossEntropy(Tensor(Self.labels), labelSmoothing: 1.5)
        }
        expectRefusal("crossEntropy", "smoothing nan") {
            _ = logits.crossEntropy(Tensor(Self.labels), labelSmoothing: .nan)
        }
        expectRefusal("crossEntropy", "shape []") { _ = Tensor(1.0).crossEntropy(Tensor(0)) }
    }

    @Test("Without classes only ignored targets fit")
    func noClasses() {
        let logits = Tensor(zeros: [1, 0], requiresGrad: true)
        let loss = logits.crossEntropy(Tensor([-100]))
        #expect(loss.item().isNaN)
        loss.backward()
        #expect(logits.grad?.shape == [1, 0])
        #expect(logits.crossEntropy(Tensor([-100]), reduction: .sum).item() == 0)
        expectRefusal("crossEntropy", "class 0 is out of range: there are none") {
            _ = logits.crossEntropy(Tensor([0]))
        }
    }

    @Test("With every target ignored the mean is NaN and the gradient 0", arguments: [false, true])
    func allIgnored(createGraph: Bool) {
        let logits = Tensor([[1.0, 2, 3], [0, -1, 4]], requiresGrad: true)
        let loss = logits.crossEntropy(Tensor([-100, -100]))
        #expect(loss.item().isNaN)
        let gradient = grad(of: loss, withRespectTo: [logits], createGraph: createGraph)[0]
        #expect(gradient.array() == [Float](repeating: 0, count: 6))
    }

    @Test("A wrong class at minus infinity counts for nothing, unless labels are smoothed")
    func infiniteLogit() {
        let logits = Tensor([[1.0, -.infinity, 2]], requiresGrad: true)
        let loss = logits.crossEntropy(Tensor([2]))
        #expect(abs(loss.item() - 0.31326168) < 1e-6)
        loss.backward()
        #expect(logits.grad!.array()[1] == 0)
        #expect(abs(logits.grad!.array()[0] - 0.26894143) < 1e-6)
        #expect(logits.crossEntropy(Tensor([2]), labelSmoothing: 0.1).item() == .infinity)
    }
}
