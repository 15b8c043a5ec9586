import CKernels
import Foundation
import Testing

/// The attention kernels against the definition in plain loops, on every instruction set.
@Suite("Attention kernels")
struct AttentionKernelTests {
    /// Batch, heads, heads of keys, queries, keys, features of keys and of values.
    struct Sizes: Sendable {
        var (batch, heads, keyHeads) = (1, 1, 1)
        var (queries, keys) = (1, 1)
        var (features, valueFeatures) = (1, 1)
        var isCausal = false
        /// 0 for none, 1 for truth values, 2 for numbers; and whether it is one row for all queries.
        var mask = 0
        var isRow = false

        var dimensions: [Int] { [batch, heads, queries, keys, features + valueFeatures] }
    }

    private static let cases = [
        Sizes(),
        Sizes(batch: 2, heads: 3, keyHeads: 3, queries: 5, keys: 7, features: 5, valueFeatures: 3),
        Sizes(batch: 1, heads: 2, keyHeads: 1, queries: 67, keys: 131, features: 8, valueFeatures: 17, mask: 1),
        Sizes(batch: 1, heads: 1, keyHeads: 1, queries: 131, keys: 67, features: 33, valueFeatures: 4, isCausal: true),
        Sizes(
            batch: 1,
            heads: 1,
            keyHeads: 1,
            queries: 50,
            keys: 70,
            features: 20,
            valueFeatures: 20,
            isCausal: true,
            mask: 2
        ),
        Sizes(
            batch: 2,
            heads: 2,
            keyHeads: 2,
            queries: 3,
            keys: 65,
            features: 1,
            valueFeatures: 1,
            mask: 2,
            isRow: true
        ),
        Sizes(
            batch: 2,
            heads: 2,
            keyHeads: 1,
            queries: 49,
            keys: 64,
            features: 8,
            valueFeatures: 8,
            mask: 1,
            isRow: true
        ),
        Sizes(batch: 1, heads: 1, keyHeads: 1, queries: 4, keys: 0, features: 3, valueFeatures: 5),
    ]

    /// Operands, of float32 or float64.
    private final class Operands<Element: BinaryFloatingPoint & BitwiseCopyable> {
        let sizes: Sizes
        let q, k, v, incoming: KernelArray<Element>
        let added: KernelArray<Element>
        let sees: KernelArray<UInt8>
        /// The same numbers without gaps, for the loops: looking up an element by an array of indices takes long.
        private let queries, keys, values, gradients: [Double]

        init(_ sizes: Sizes, seed: UInt64) {
            self.sizes = sizes
            var random = KernelRandom(seed)
            // Rows with a gap behind them.
            func numbers(_ heads: Int, _ rows: Int, _ features: Int) -> KernelArray<Element> {
                let row = features + 3
                return KernelArray(
                    [sizes.batch, heads, rows, features],
                    strides: [heads * rows * row, rows * row, row, 1]
                ) { _ in Element(random.float()) }
            }
            q = numbers(sizes.heads, sizes.queries, sizes.features)
            k = numbers(sizes.keyHeads, sizes.keys, sizes.features)
            v = numbers(sizes.keyHeads, sizes.keys, sizes.valueFeatures)
            incoming = numbers(sizes.heads, sizes.queries, sizes.valueFeatures)
            let shape = [sizes.batch, sizes.heads, sizes.isRow ? 1 : sizes.queries, sizes.keys]
            added = KernelArray(shape) { _ in Element(random.float()) }
            sees = KernelArray(shape) { _ in random.integer(below: 3) == 0 ? 0 : 1 }
            queries = withoutGaps(q, sizes.features)
            keys = withoutGaps(k, sizes.features)
            values = withoutGaps(v, sizes.valueFeatures)
            gradients = withoutGaps(incoming, sizes.valueFeatures)
        }

        func query(_ b: Int, _ h: Int, _ i: Int) -> ArraySlice<Double> {
            let first = ((b * sizes.heads + h) * sizes.queries + i) * sizes.features
            return queries[first..<first + sizes.features]
        }

        func gradient(_ b: Int, _ h: Int, _ i: Int) -> ArraySlice<Double> {
            let first = ((b * sizes.heads + h) * sizes.queries + i) * sizes.valueFeatures
            return gradients[first..<first + sizes.valueFeatures]
        }

        /// Of the key that head `h` of the queries attends to.
        func key(_ b: Int, _ h: Int, _ j: Int) -> ArraySlice<Double> {
            let head = b * sizes.keyHeads + h / (sizes.heads / sizes.keyHeads)
            let first = (head * sizes.keys + j) * sizes.features
            return keys[first..<first + sizes.features]
        }

        func value(_ b: Int, _ h: Int, _ j: Int) -> ArraySlice<Double> {
            let head = b * sizes.keyHeads + h / (sizes.heads / sizes.keyHeads)
            let first = (head * sizes.keys + j) * sizes.valueFeatures
            return values[first..<first + sizes.valueFeatures]
        }

        /// Strides of the mask: one for each dimension of pairs.
        var maskStrides: [Int] {
            var strides = added.strides
            if sizes.isRow { strides[2] = 0 }
            return strides
        }

        func score(_ b: Int, _ h: Int, _ i: Int, _ j: Int) -> Double {
            var sum = dot(query(b, h, i), key(b, h, j)) * 0.3
            let row = sizes.isRow ? 0 : i
            if sizes.mask == 1, sees[[b, h, row, j]] == 0 { return -.infinity }
            if sizes.mask == 2 { sum += Double(added[[b, h, row, j]]) }
            return sizes.isCausal && j > i ? -.infinity : sum
        }

        func weights(_ b: Int, _ h: Int, _ i: Int) -> [Double] {
            let scores = (0..<sizes.keys).map { score(b, h, i, $0) }
            let most = scores.max() ?? -.infinity
            if most == -.infinity { return scores.map { _ in 0 } }
            let powers = scores.map { exp($0 - most) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    private struct Results<Element: BitwiseCopyable> {
        let out, logSums, dq, dk, dv: KernelArray<Element>
        var all: [KernelArray<Element>] { [out, logSums, dq, dk, dv] }
    }

    private func run<Element: BinaryFloatingPoint & BitwiseCopyable>(
        _ operands: Operands<Element>,
        _ isa: KernelISA,
        kernels: (forward: ck_kernel, backward: ck_kernel),
        cut: KernelCut,
        parts: Int
    ) throws -> Results<Element> {
        let sizes = operands.sizes
        func room(_ shape: [Int]) -> KernelArray<Element> { KernelArray(shape) { _ in 7 } }
        let rows = [sizes.batch, sizes.heads, sizes.queries]
        let keyRows = [sizes.batch, sizes.keyHeads, sizes.keys]
        let results = Results(
            out: room(rows + [sizes.valueFeatures]),
            logSums: room(rows),
            dq: room([parts] + rows + [sizes.features]),
            dk: room(keyRows + [sizes.features]),
            dv: room(keyRows + [sizes.valueFeatures])
        )
        let width = MemoryLayout<Element>.size
        let tile = Int(ck_attention_queries(Int64(width)))
        let scratch = Int(ck_attention_scratch(Int64(width), Int64(sizes.features), Int64(sizes.valueFeatures)))
        let partKeys = parts == 1 ? max(64, (sizes.keys + 63) / 64 * 64) : 64
        let integers = [sizes.keyHeads, sizes.features, sizes.mask + (sizes.isCausal ? 4 : 0), 0, 0, partKeys]
        func ofQueries(_ array: KernelArray<Element>, from first: Int = 0) -> [Int] {
            let strides = array.strides[first...]
            return Array(strides.prefix(3)) + [0, 1, first == 1 ? array.strides[0] : 0]
        }
        func ofKeys(_ array: KernelArray<Element>) -> [Int] {
            [array.strides[0], array.strides[1], 0, array.strides[2], 1]
        }

        var forward = KernelLaunch(sizes.dimensions, integers: integers, numbers: [0.3, 1])
        forward.add(results.out, strides: ofQueries(results.out))
        forward.add(results.logSums, strides: results.logSums.strides)
        forward.add(operands.q, strides: ofQueries(operands.q))
        forward.add(operands.k, strides: ofKeys(operands.k))
        forward.add(operands.v, strides: ofKeys(operands.v))
        switch sizes.mask {
        case 1: forward.add(operands.sees, strides: operands.maskStrides)
        case 2: forward.add(operands.added, strides: operands.maskStrides)
        default: forward.addNothing()
        }
        let tiles = sizes.batch * sizes.heads * ((sizes.queries + tile - 1) / tile)
        try forward.run(kernels.forward, isa, items: tiles, cut: cut, scratchByteCount: scratch)

        func operand(_ start: UnsafeMutableRawPointer?, _ strides: [Int]) -> ck_operand {
            var operand = ck_operand()
            operand.data = start
            withUnsafeMutableBytes(of: &operand.strides) { bytes in
                let places = bytes.bindMemory(to: Int64.self)
                for (place, stride) in strides.enumerated() { places[place] = Int64(stride) }
            }
            return operand
        }
        let mask = sizes.mask == 1 ? operands.sees.pointer : operands.added.pointer
        let inputs = KernelArray<ck_attention_inputs>([1]) { _ in
            ck_attention_inputs(
                keys: operand(operands.k.pointer, ofKeys(operands.k)),
                values: operand(operands.v.pointer, ofKeys(operands.v)),
                out: operand(results.out.pointer, ofQueries(results.out)),
                log_sums: operand(results.logSums.pointer, results.logSums.strides),
                mask: operand(mask, operands.maskStrides)
            )
        }
        var backward = KernelLaunch(sizes.dimensions, integers: integers, numbers: [0.3, 1])
        backward.add(results.dq, strides: ofQueries(results.dq, from: 1))
        backward.add(results.dk, strides: ofKeys(results.dk))
        backward.add(results.dv, strides: ofKeys(results.dv))
        backward.add(operands.q, strides: ofQueries(operands.q))
        backward.add(operands.incoming, strides: ofQueries(operands.incoming))
        backward.add(inputs, strides: [0])
        let items = sizes.batch * sizes.keyHeads * parts
        try backward.run(kernels.backward, isa, items: items, cut: cut, scratchByteCount: scratch)
        return results
    }

    private func check<Element: BinaryFloatingPoint & BitwiseCopyable>(
        _ type: Element.Type,
        _ isa: KernelISA,
        _ sizes: Sizes,
        _ kernels: (forward: ck_kernel, backward: ck_kernel),
        tolerance: Double
    ) throws {
        let operands = Operands<Element>(sizes, seed: 3)
        let results = try run(operands, isa, kernels: kernels, cut: .whole, parts: 1)
        for cut in [KernelCut.single, .uneven] {
            let others = try run(operands, isa, kernels: kernels, cut: cut, parts: 1)
            #expect(zip(results.all, others.all).allSatisfy { $0.bytes == $1.bytes }, "a cut changed the result")
        }
        let inParts = try run(operands, isa, kernels: kernels, cut: .single, parts: max(1, (sizes.keys + 63) / 64))

        var dk = [Double](repeating: 0, count: results.dk.elements.count)
        var dv = [Double](repeating: 0, count: results.dv.elements.count)
        func near(_ value: Element, _ expected: Double, _ what: @autoclosure () -> String) {
            if abs(Double(value) - expected) <= tolerance * (1 + abs(expected)) { return }
            Issue.record("\(what()): \(value) for \(expected)")
        }
        let (out, logSums) = (results.out.values, results.logSums.values)
        let (dq, partsOfDq) = (results.dq.values, inParts.dq.values)
        for row in 0..<sizes.batch * sizes.heads * sizes.queries {
            let i = row % sizes.queries
            let (b, h) = (row / sizes.queries / sizes.heads, row / sizes.queries % sizes.heads)
            let head = b * sizes.keyHeads + h / (sizes.heads / sizes.keyHeads)
            let weights = operands.weights(b, h, i)
            let incoming = operands.gradient(b, h, i)
            let slopes = weights.indices.map { dot(incoming, operands.value(b, h, $0)) }
            let mean = dot(weights[...], slopes[...])
            let scores = zip(weights, slopes).map { $0 * ($1 - mean) * 0.3 }
            var sums = [Double](repeating: 0, count: sizes.valueFeatures)
            var slopesOfQuery = [Double](repeating: 0, count: sizes.features)
            for j in weights.indices {
                add(operands.value(b, h, j), times: weights[j], to: &sums, at: 0)
                add(operands.key(b, h, j), times: scores[j], to: &slopesOfQuery, at: 0)
                let place = head * sizes.keys + j
                add(operands.query(b, h, i), times: scores[j], to: &dk, at: place * sizes.features)
                add(incoming, times: weights[j], to: &dv, at: place * sizes.valueFeatures)
            }
            if weights.allSatisfy({ $0 == 0 }) { #expect(logSums[row] == .infinity) }
            for (f, sum) in sums.enumerated() { near(out[row * sizes.valueFeatures + f], sum, "out of query \(i)") }
            for (e, sum) in slopesOfQuery.enumerated() {
                let place = row * sizes.features + e
                near(dq[place], sum, "dq of query \(i)")
                let parts = stride(from: place, to: partsOfDq.count, by: dq.count).reduce(0) {
                    $0 + Double(partsOfDq[$1])
                }
                near(Element(parts), sum, "dq of query \(i) in parts")
            }
        }
        for results in [results, inParts] {
            for (value, expected) in zip(results.dk.values, dk) { near(value, expected, "dk") }
            for (value, expected) in zip(results.dv.values, dv) { near(value, expected, "dv") }
        }
    }

    @Test("Results and gradients are those of the definition", arguments: KernelISA.available, cases)
    func definition(isa: KernelISA, sizes: Sizes) throws {
        try check(Float.self, isa, sizes, (CK_attention_f32, CK_attention_backward_f32), tolerance: 3e-5)
        try check(Double.self, isa, sizes, (CK_attention_f64, CK_attention_backward_f64), tolerance: 1e-13)
    }
}

private func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}

private func add(_ a: ArraySlice<Double>, times factor: Double, to sums: inout [Double], at first: Int) {
    for (place, number) in zip(first..., a) { sums[place] += factor * number }
}

/// The numbers of rows of `features` without what is behind each.
private func withoutGaps<Element: BinaryFloatingPoint>(_ array: KernelArray<Element>, _ features: Int) -> [Double] {
    let count = array.shape.reduce(1, *)
    return (0..<count).map { Double(array.elements[$0 / features * (features + 3) + $0 % features]) }
}
