import CKernels
import Foundation
import Testing

@Suite("Reduction kernels")
struct ReductionKernelTests {
    /// Kept and reduced dimensions: rows, columns, both, long, narrow, and awkward ones.
    static let shapes: [(kept: [Int], reduced: [Int])] = [
        ([], [1]), ([], [5]), ([], [4099]), ([3], [1]), ([1], [7]), ([5], [17]), ([17], [5]), ([2, 9], [33]),
        ([1037], [13]), ([40], [70]), ([3, 2], [2, 19]), ([2, 3], [21, 2]), ([4], [3, 2, 5]), ([33], [3]),
    ]

    /// Runs a reduction in `parts` parts over every cut of its items, checks that all cuts agree, and returns
    /// the output.
    private func reduce<Input, Output: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        _ input: KernelArray<Input>,
        kept: Int,
        parts: Int = 1,
        scale: Double = 1,
        zero: Output
    ) throws -> [Output] {
        let reduced = input.shape[kept...].reduce(1, *)
        let items = parts * input.shape[..<kept].reduce(1, *)
        var outputs: [KernelArray<Output>] = []
        for cut in KernelCut.allCases {
            let output = KernelArray<Output>([items]) { _ in zero }
            var launch = KernelLaunch(
                input.shape,
                integers: [kept, parts, (reduced + parts - 1) / parts],
                numbers: [scale]
            )
            launch.add(output, strides: [])
            launch.add(input)
            try launch.run(kernel, isa, items: items, cut: cut)
            outputs.append(output)
        }
        #expect(outputs.allSatisfy { $0.bytes == outputs[0].bytes }, "a cut of the items changed the result")
        return outputs[0].values
    }

    /// The elements that each output reduces, in order.
    private func groups<Element>(_ input: KernelArray<Element>, kept: Int) -> [[Element]] {
        let reduced = kernelIndices(Array(input.shape[kept...]))
        return kernelIndices(Array(input.shape[..<kept])).map { outer in reduced.map { input[outer + $0] } }
    }

    private func floats(_ shape: [Int], _ layout: KernelLayout, specials: Bool = false) -> KernelArray<Float> {
        var random = KernelRandom(UInt64(shape.reduce(7) { $0 &* 31 &+ $1 }))
        let special: [Float] = [.nan, .infinity, -.infinity, -0.0, 0, .leastNonzeroMagnitude]
        return KernelArray(shape, layout) { _ in
            specials && random.integer(below: 40) == 0 ? special[random.integer(below: 6)] : random.float()
        }
    }

    private func integers(_ shape: [Int], _ layout: KernelLayout, below bound: Int) -> KernelArray<Int64> {
        var random = KernelRandom(UInt64(shape.reduce(5) { $0 &* 31 &+ $1 }))
        return KernelArray(shape, layout) { _ in Int64(random.integer(below: bound) - bound / 2) }
    }

    @Test("A sum is that of double precision, to a few roundings", arguments: KernelISA.available)
    func sum(isa: KernelISA) throws {
        for (kept, reduced) in Self.shapes {
            for layout in KernelLayout.allCases {
                let input = floats(kept + reduced, layout)
                let sums: [Float] = try reduce(CK_sum_f32, isa, input, kept: kept.count, zero: 9)
                let isRight = zip(sums, groups(input, kept: kept.count)).allSatisfy { sum, group in
                    let exact = group.reduce(0) { $0 + Double($1) }
                    let size = group.reduce(0) { $0 + abs(Double($1)) }
                    let bound = (log2(Double(group.count)) + 20) * 0x1p-24 * size
                    return kernelAgrees(sum, exact, within: bound)
                }
                #expect(isRight, "\(kept) \(reduced) \(layout)")
            }
        }
    }

    /// Rows of one size each, which need no second look or, from the second on, do.
    private static let spreadRows: [@Sendable (Int) -> Float] = [
        { Float($0 % 7) - 2 }, { _ in 0.1 }, { Float($0 % 5) * 1e30 }, { Float($0 % 3) * 1e-30 },
        { $0 == 1 ? 1e10 + 1024 : 1e10 }, { _ in 0 }, { $0 % 2 == 0 ? 3e38 : -3e38 }, { Float($0 % 4) * 0x1p-140 },
    ]

    @Test("A spread is that of double precision, of equal, huge and tiny elements too", arguments: KernelISA.available)
    func spread(isa: KernelISA) throws {
        let rows = Self.spreadRows
        for n in [1, 2, 7, 16, 33, 300, 5000] {
            for layout in KernelLayout.allCases where layout != .broadcast {
                for takesRoot in [false, true] {
                    let input = KernelArray<Float>([rows.count, n], layout) { _ in 0 }
                    for row in rows.indices {
                        for column in 0..<n {
                            input.elements[row * input.strides[0] + column * input.strides[1]] = rows[row](column)
                        }
                    }
                    let numbers = (0..<rows.count).map { row in (0..<n).map { Double(input[[row, $0]]) } }
                    let means = numbers.map { Float(Float($0.reduce(0, +)) / Float(n)) }
                    let sums = zip(numbers, means).map { row, mean in
                        Float(row.reduce(0) { $0 + ($1 - Double(mean)) * ($1 - Double(mean)) })
                    }
                    let results = KernelCut.allCases.map { _ in KernelArray(sums) }
                    for (cut, output) in zip(KernelCut.allCases, results) {
                        let integers = [1, 1, n, takesRoot ? 1 : 0]
                        var launch = KernelLaunch(input.shape, integers: integers, numbers: [1 / Double(n)])
                        launch.add(output, strides: [])
                        launch.add(input)
                        launch.add(KernelArray(means), strides: [])
                        try launch.run(CK_spread_f32, isa, items: rows.count, cut: cut)
                    }
                    #expect(results.allSatisfy { $0.bytes == results[0].bytes }, "a cut changed the result")
                    for (row, values) in numbers.enumerated() {
                        let mean = values.reduce(0, +) / Double(n)
                        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
                        let exact = takesRoot ? variance.squareRoot() : variance
                        let result = results[0].values[row]
                        let bound = (log2(Double(n)) + 24) * 0x1p-24 * exact + 0x1p-149
                        let isRight =
                            Float(exact).isInfinite ? result == .infinity : abs(Double(result) - exact) <= bound
                        #expect(isRight, "row \(row) of \(n), \(layout): \(result) instead of \(exact)")
                        if Set(values).count == 1 { #expect(result == 0) }
                    }
                }
            }
        }
    }

    @Test("Squares about a centre are those of double precision", arguments: KernelISA.available)
    func squares(isa: KernelISA) throws {
        for (kept, reduced) in Self.shapes {
            for layout in KernelLayout.allCases {
                for specials in [false, true] {
                    let input = floats(kept + reduced, layout, specials: specials)
                    let outputCount = kept.reduce(1, *)
                    let centers = KernelArray<Float>([outputCount]) { Float($0 % 3) - 0.5 }
                    let results = KernelCut.allCases.map { _ in KernelArray<Float>([outputCount]) { _ in 9 } }
                    for (cut, output) in zip(KernelCut.allCases, results) {
                        let length = reduced.reduce(1, *)
                        var launch = KernelLaunch(input.shape, integers: [kept.count, 1, length], numbers: [0.5])
                        launch.add(output, strides: [])
                        launch.add(input)
                        launch.add(centers, strides: [])
                        try launch.run(CK_squares_f32, isa, items: outputCount, cut: cut)
                    }
                    #expect(
                        results.allSatisfy { $0.bytes == results[0].bytes },
                        "a cut of the items changed the result"
                    )
                    for (index, group) in groups(input, kept: kept.count).enumerated() {
                        let center = Double(centers[[index]])
                        let exact = group.reduce(0) { $0 + (Double($1) - center) * (Double($1) - center) } / 2
                        let bound = (log2(Double(group.count)) + 24) * 0x1p-24 * exact
                        let isRight = kernelAgrees(results[0][[index]], exact, within: bound)
                        #expect(isRight, "\(kept) \(reduced) \(layout) \(index)")
                    }
                }
            }
        }
    }

    @Test("A sum of a million equal numbers keeps its digits", arguments: KernelISA.available)
    func longSum(isa: KernelISA) throws {
        let count = 1_000_003
        let exact = Double(Float(0.1)) * Double(count)
        let along = KernelArray<Float>([count]) { _ in 0.1 }
        let total: [Float] = try reduce(CK_sum_f32, isa, along, kept: 0, zero: 0)
        #expect(abs(Double(total[0]) / exact - 1) < 20 * 0x1p-24)
        let across = KernelArray<Float>([2, count], .reversed) { _ in 0.1 }
        let totals: [Float] = try reduce(CK_sum_f32, isa, across, kept: 1, zero: 0)
        #expect(totals.allSatisfy { abs(Double($0) / exact - 1) < 20 * 0x1p-24 })
    }

    @Test("A sum is scaled, and one of nothing is zero", arguments: KernelISA.available)
    func scaledSum(isa: KernelISA) throws {
        let input = KernelArray<Float>([6, 3], .reversed) { Float($0) }
        let means: [Float] = try reduce(CK_sum_f32, isa, input, kept: 1, scale: 1.0 / 3, zero: 0)
        for (mean, group) in zip(means, groups(input, kept: 1)) { #expect(mean == group.reduce(0, +) / 3) }
        let empty = KernelArray<Float>([4, 0]) { _ in 1 }
        let zeros: [Float] = try reduce(CK_sum_f32, isa, empty, kept: 1, zero: 9)
        #expect(zeros == [0, 0, 0, 0])
        let emptyIntegers = KernelArray<Int64>([2, 0]) { _ in 1 }
        let integerZeros: [Int64] = try reduce(CK_sum_i64, isa, emptyIntegers, kept: 1, zero: 9)
        #expect(integerZeros == [0, 0])
    }

    @Test("A sum with a NaN, or with infinities of both signs, is NaN", arguments: KernelISA.available)
    func sumOfSpecials(isa: KernelISA) throws {
        for (numbers, expected) in [
            ([1, .nan, 2], Float.nan), ([.infinity, 1, -.infinity], .nan), ([.infinity, 1, 2], .infinity),
        ] as [([Float], Float)] {
            let sums: [Float] = try reduce(CK_sum_f32, isa, KernelArray(numbers), kept: 0, zero: 0)
            #expect(kernelAgrees(sums[0], Double(expected), within: 0))
        }
    }

    @Test("Each part reduces its own elements", arguments: KernelISA.available)
    func parts(isa: KernelISA) throws {
        for layout in KernelLayout.allCases {
            for (kept, reduced) in [([5], [103]), ([], [2000]), ([2, 3], [4, 7]), ([40], [9])] {
                let input = integers(kept + reduced, layout, below: 1000)
                let floats = KernelArray<Float>(kept + reduced, layout) { Float(input.elements[$0]) }
                let elements = groups(input, kept: kept.count)
                for parts in [1, 2, 5] {
                    let length = (reduced.reduce(1, *) + parts - 1) / parts
                    let expected = (0..<parts).flatMap { part in
                        elements.map { $0.dropFirst(part * length).prefix(length) }
                    }
                    let count = kept.count
                    let sums: [Int64] = try reduce(CK_sum_i64, isa, input, kept: count, parts: parts, zero: 0)
                    #expect(sums == expected.map { $0.reduce(0, +) })
                    let maxima: [Float] = try reduce(CK_max_f32, isa, floats, kept: count, parts: parts, zero: 0)
                    #expect(maxima == expected.map { Float($0.max()!) })
                    let minima: [Int64] = try reduce(CK_min_i64, isa, input, kept: count, parts: parts, zero: 0)
                    #expect(minima == expected.map { $0.min()! })
                }
            }
        }
    }

    @Test("Maximum and minimum are exact and give NaN for a NaN", arguments: KernelISA.available)
    func extrema(isa: KernelISA) throws {
        for (kept, reduced) in Self.shapes {
            for layout in KernelLayout.allCases {
                let input = floats(kept + reduced, layout, specials: true)
                let maxima: [Float] = try reduce(CK_max_f32, isa, input, kept: kept.count, zero: 0)
                let minima: [Float] = try reduce(CK_min_f32, isa, input, kept: kept.count, zero: 0)
                let isRight = groups(input, kept: kept.count).enumerated().allSatisfy { index, group in
                    let hasNaN = group.contains { $0.isNaN }
                    return kernelAgrees(maxima[index], hasNaN ? .nan : Double(group.max()!), within: 0)
                        && kernelAgrees(minima[index], hasNaN ? .nan : Double(group.min()!), within: 0)
                }
                #expect(isRight, "\(kept) \(reduced) \(layout)")
            }
        }
    }

    @Test("A NaN at any place is found, and none where there is none", arguments: KernelISA.available)
    func placeOfNaN(isa: KernelISA) throws {
        let length = 300
        // Row r has its NaN at place r, the last has none.
        let input = KernelArray<Float>([length + 1, length]) { place in
            place / length == place % length ? .nan : Float(place % length)
        }
        let places: [Int64] = try reduce(CK_argmax_f32, isa, input, kept: 1, zero: -1)
        #expect(places == (0..<Int64(length)) + [Int64(length) - 1])
        for (kernel, ordinary) in [(CK_max_f32, Float(length - 1)), (CK_min_f32, 0)] {
            let extrema: [Float] = try reduce(kernel, isa, input, kept: 1, zero: 0)
            #expect(extrema.dropLast().allSatisfy(\.isNaN) && extrema.last == ordinary)
        }
    }

    @Test("The index is that of the first of equals, or of the first NaN", arguments: KernelISA.available)
    func arguments(isa: KernelISA) throws {
        for (kept, reduced) in Self.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(3)
                let values: [Float] = [-1, 0, -0.0, 1, 2, .infinity, -.infinity, .nan]
                let kinds = kept.count % 2 == 0 ? 8 : 5
                let input = KernelArray<Float>(kept + reduced, layout) { _ in values[random.integer(below: kinds)] }
                let greatest: [Int64] = try reduce(CK_argmax_f32, isa, input, kept: kept.count, zero: -1)
                let least: [Int64] = try reduce(CK_argmin_f32, isa, input, kept: kept.count, zero: -1)
                let isRight = groups(input, kept: kept.count).enumerated().allSatisfy { index, group in
                    let nan = group.firstIndex { $0.isNaN }
                    return greatest[index] == Int64(nan ?? group.firstIndex(of: group.max()!)!)
                        && least[index] == Int64(nan ?? group.firstIndex(of: group.min()!)!)
                }
                #expect(isRight, "\(kept) \(reduced) \(layout)")
            }
        }
    }

    @Test("The index in a row of one infinity throughout is zero", arguments: KernelISA.available)
    func argumentOfInfinities(isa: KernelISA) throws {
        for layout in [KernelLayout.contiguous, .reversed] {
            let low = KernelArray<Float>([9, 21], layout) { _ in -.infinity }
            let greatest: [Int64] = try reduce(CK_argmax_f32, isa, low, kept: 1, zero: -1)
            #expect(greatest == [Int64](repeating: 0, count: 9))
            let high = KernelArray<Float>([9, 21], layout) { _ in .infinity }
            let least: [Int64] = try reduce(CK_argmin_f32, isa, high, kept: 1, zero: -1)
            #expect(least == [Int64](repeating: 0, count: 9))
        }
    }

    @Test("Integer reductions are exact", arguments: KernelISA.available)
    func integerReductions(isa: KernelISA) throws {
        for (kept, reduced) in Self.shapes {
            for layout in KernelLayout.allCases {
                let input = integers(kept + reduced, layout, below: layout == .spaced ? .max : 5)
                let elements = groups(input, kept: kept.count)
                func results(_ kernel: ck_kernel) throws -> [Int64] {
                    try reduce(kernel, isa, input, kept: kept.count, zero: -1)
                }
                #expect(try results(CK_sum_i64) == elements.map { $0.reduce(0, &+) })
                #expect(try results(CK_max_i64) == elements.map { $0.max()! })
                #expect(try results(CK_min_i64) == elements.map { $0.min()! })
                #expect(try results(CK_argmax_i64) == elements.map { Int64($0.firstIndex(of: $0.max()!)!) })
                #expect(try results(CK_argmin_i64) == elements.map { Int64($0.firstIndex(of: $0.min()!)!) })
            }
        }
    }

    @Test("An integer sum wraps", arguments: KernelISA.available)
    func wrappingSum(isa: KernelISA) throws {
        let sums: [Int64] = try reduce(CK_sum_i64, isa, KernelArray([Int64.max, 1, 1]), kept: 0, zero: 0)
        #expect(sums == [.min + 1])
    }
}
