import CKernels
import Foundation
import Testing

/// The generator as its authors define it, a word at a time.
private func philox(seed: UInt64, stream: UInt64, block: UInt64) -> [UInt32] {
    var c = [block, block >> 32, stream, stream >> 32].map { UInt32(truncatingIfNeeded: $0) }
    var k = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
    for _ in 0..<10 {
        let (high0, low0) = UInt32(0xD251_1F53).multipliedFullWidth(by: c[0])
        let (high1, low1) = UInt32(0xCD9E_8D57).multipliedFullWidth(by: c[2])
        c = [high1 ^ c[1] ^ k[0], low1, high0 ^ c[3] ^ k[1], low0]
        k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
}

private func generate<E: FloatElement>(
    _ kernel: ck_kernel,
    _ set: KernelISA,
    count: Int,
    seed: UInt64 = 7,
    stream: UInt64 = 3,
    numbers: [Double],
    cuts: [Int] = []
) -> [E] {
    let output = TestOperand([count]) { E(nearest: 77) }
    TileCall(
        kernel: kernel,
        shape: [count],
        arguments: [output.argument],
        integers: [Int64(bitPattern: seed), Int64(bitPattern: stream)],
        numbers: numbers
    ).run(set, items: count, cuts: cuts)
    return output.values
}

/// 24 random bits of each element, as a number in [0, 1).
private func unit(_ count: Int, seed: UInt64 = 7, stream: UInt64 = 3) -> [Float] {
    (0..<count).map { i in
        Float(philox(seed: seed, stream: stream, block: UInt64(i / 4))[i % 4] >> 8) * 0x1p-24
    }
}

/// 52 random bits of each element, as a number in [0, 1).
private func unit64(_ count: Int, seed: UInt64 = 7, stream: UInt64 = 3) -> [Double] {
    (0..<count).map { i in
        let words = philox(seed: seed, stream: stream, block: UInt64(i / 2)).map(UInt64.init)
        return Double((words[i % 2 * 2] << 32 | words[i % 2 * 2 + 1]) >> 12) * 0x1p-52
    }
}

@Suite struct RandomKernelTests {
    @Test func theReferenceGivesTheAuthorsTestVectors() {
        #expect(philox(seed: 0, stream: 0, block: 0) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
        #expect(
            philox(seed: .max, stream: .max, block: .max) == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        )
    }

    @Test(arguments: KernelISA.available)
    func uniformNumbersAreTheUpperBitsOfPhilox(_ set: KernelISA) {
        for (seed, stream) in [(0, 0), (7, 3), (.max, .max), (1 << 40, 5 << 33)] as [(UInt64, UInt64)] {
            let result: [Float] = generate(
                CK_uniform_f32,
                set,
                count: 333,
                seed: seed,
                stream: stream,
                numbers: [0, 1]
            )
            #expect(result == unit(333, seed: seed, stream: stream))
        }
        let scaled: [Float] = generate(CK_uniform_f32, set, count: 333, numbers: [-2, 5])
        #expect(scaled == unit(333).map { -2 + $0 * 7 })
    }

    @Test(arguments: KernelISA.available)
    func uniformNumbersStayBelowTheUpperBound(_ set: KernelISA) {
        // Between neighbouring floats every sum would round to one of the two bounds.
        let high = Float(1).nextUp
        let close: [Float] = generate(CK_uniform_f32, set, count: 1000, numbers: [1, Double(high)])
        #expect(close.allSatisfy { $0 == 1 })
        let same: [Float] = generate(CK_uniform_f32, set, count: 100, numbers: [4, 4])
        #expect(same.allSatisfy { $0 == 4 })
        func check<E: FloatElement>(_: E.Type) {
            for (low, high) in [(0.0, 1.0), (-2, -1), (-1, 0), (-3, 5)] {
                let xs: [E] = generate(kernel("uniform", E.name), set, count: 20_000, numbers: [low, high])
                #expect(xs.allSatisfy { $0.double >= low && $0.double < high }, "\(E.name) in \(low) ..< \(high)")
            }
        }
        forEachFloat { check($0) }
    }

    @Test(arguments: KernelISA.available)
    func doublesAreMadeOfTwoWordsEachAndHalvesOfRoundedFloats(_ set: KernelISA) {
        let doubles: [Double] = generate(CK_uniform_f64, set, count: 333, numbers: [-2, 5])
        #expect(doubles == unit64(333).map { -2 + $0 * 7 })
        let coins: [Double] = generate(CK_bernoulli_f64, set, count: 777, numbers: [0.3, 2.5])
        #expect(coins == unit64(777).map { $0 < 0.3 ? 2.5 : 0 })
        func check<E: FloatElement>(_: E.Type) {
            let below =
                E(nearest: 5).double
                - (E(nearest: 5).double.ulp * Double(sign: .plus, exponent: 53 - E.precision, significand: 1))
            let uniform: [E] = generate(kernel("uniform", E.name), set, count: 333, numbers: [-2, 5])
            #expect(uniform == unit(333).map { E(nearest: min(Double(-2 + $0 * 7), below)) })
            let floats: [Float] = generate(CK_normal_f32, set, count: 333, numbers: [10, 2])
            let normal: [E] = generate(kernel("normal", E.name), set, count: 333, numbers: [10, 2])
            #expect(normal == floats.map { E(nearest: Double($0)) })
            let coins: [E] = generate(kernel("bernoulli", E.name), set, count: 777, numbers: [0.3, 2.5])
            #expect(coins == unit(777).map { E(nearest: Double($0) < 0.3 ? 2.5 : 0) })
        }
        check(HalfElement.self)
        check(BrainElement.self)
        let normal: [Double] = generate(CK_normal_f64, set, count: 2003, numbers: [10, 2])
        let units = unit64(2004)
        for i in 0..<2003 {
            let radius = (-2 * log(Wide(units[i / 2 * 2]) + 0x1p-52)).squareRoot()
            let angle = 2 * Wide.pi * Wide(units[i / 2 * 2 + 1])
            let exact = 10 + 2 * radius * (i % 2 == 0 ? cos(angle) : sin(angle))
            #expect((Wide(normal[i]) - exact).magnitude <= 2 * 0x1p-48, "element \(i)")
        }
    }

    @Test(arguments: KernelISA.available)
    func normalNumbersFollowBoxAndMuller(_ set: KernelISA) {
        let count = 2003
        let result: [Float] = generate(CK_normal_f32, set, count: count, numbers: [10, 2])
        for i in 0..<count {
            let words = philox(seed: 7, stream: 3, block: UInt64(i / 4))
            let pair = i % 4 / 2 * 2
            let radius = (-2 * log((Double(words[pair] >> 8) + 1) * 0x1p-24)).squareRoot()
            let angle = 2 * Double.pi * Double(words[pair + 1] >> 8) * 0x1p-24
            let exact = 10 + 2 * radius * (i % 2 == 0 ? cos(angle) : sin(angle))
            #expect(abs(Double(result[i]) - exact) <= 2 * 0x1p-20, "element \(i)")
        }
    }

    @Test(arguments: KernelISA.available)
    func normalNumbersHaveTheMomentsOfTheNormalDistribution(_ set: KernelISA) {
        let floats: [Float] = generate(CK_normal_f32, set, count: 40_000, numbers: [0, 1])
        let xs = floats.map(Double.init)
        let mean = xs.reduce(0, +) / 40_000
        let variance = xs.reduce(0) { $0 + $1 * $1 } / 40_000
        let fourth = xs.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 40_000
        #expect(abs(mean) < 0.02)
        #expect(abs(variance - 1) < 0.03)
        #expect(abs(fourth - 3) < 0.25)
    }

    @Test(arguments: KernelISA.available)
    func bernoulliComparesTheUniformNumberWithTheProbability(_ set: KernelISA) {
        for p in [0, 0.3, 0.5, 0x1p-24, 1 - 0x1p-25, 1] {
            let result: [Float] = generate(CK_bernoulli_f32, set, count: 777, numbers: [p, 2.5])
            #expect(result == unit(777).map { Double($0) < p ? 2.5 : 0 })
        }
    }

    @Test(arguments: ["uniform", "normal", "bernoulli"])
    func anElementDependsOnItsPlaceAloneAndNotOnTheCut(_ distribution: String) {
        func check<E: FloatElement>(_: E.Type) {
            func draw(_ set: KernelISA, _ count: Int, stream: UInt64 = 3, cuts: [Int] = []) -> [E] {
                generate(
                    kernel(distribution, E.name),
                    set,
                    count: count,
                    stream: stream,
                    numbers: [0.25, 1],
                    cuts: cuts
                )
            }
            for set in KernelISA.available {
                let whole = draw(set, 500)
                #expect(draw(set, 500, cuts: [1, 2, 5, 64, 65, 191, 499]) == whole)
                for count in [0, 1, 3, 17, 64, 130] { #expect(draw(set, count) == Array(whole.prefix(count))) }
                #expect(draw(set, 500, stream: 4) != whole)
            }
        }
        forEachFloat { check($0) }
    }

    @Test(arguments: KernelISA.available)
    func aRangeWiderThanTheLargestNumberIsSpread(_ set: KernelISA) {
        func check<E: FloatElement>(_: E.Type, _ bound: Double) {
            let xs: [E] = generate(kernel("uniform", E.name), set, count: 20_000, numbers: [-bound, bound])
            #expect(xs.allSatisfy { $0.double >= -bound && $0.double < bound }, "\(E.name)")
            let shares = xs.map { $0.double / bound }
            #expect(abs(shares.reduce(0, +) / 20_000) < 0.02, "\(E.name)")
            #expect(abs(shares.reduce(0) { $0 + $1 * $1 } / 20_000 - 1.0 / 3) < 0.02, "\(E.name)")
        }
        check(Float.self, 2e38)
        check(BrainElement.self, BrainElement(nearest: 3e38).double)
        check(Double.self, 1.7e308)
        check(Double.self, .greatestFiniteMagnitude)
    }

    @Test(arguments: KernelISA.available)
    func integersAreLemiresOfTwoWordsEach(_ set: KernelISA) {
        func draw(_ low: Int64, _ span: UInt64, count: Int, cuts: [Int] = []) -> [Int64] {
            let output = TestOperand([count]) { Int64(77) }
            TileCall(
                kernel: CK_random_integers_i64,
                shape: [count],
                arguments: [output.argument],
                integers: [7, 3, low, Int64(bitPattern: span)]
            ).run(set, items: count, cuts: cuts)
            return output.values
        }
        /// As the paper's third algorithm has it.
        func expected(_ low: Int64, _ span: UInt64, _ count: Int) -> [Int64] {
            (0..<count).map { i in
                let words = philox(seed: 7, stream: 3, block: UInt64(i / 2)).map(UInt64.init)
                var bits = words[i % 2 * 2] << 32 | words[i % 2 * 2 + 1]
                if span == 0 { return low &+ Int64(bitPattern: bits) }
                var attempt: UInt64 = 0
                while true {
                    let (high, rest) = bits.multipliedFullWidth(by: span)
                    if rest >= (0 &- span) % span { return low &+ Int64(bitPattern: high) }
                    attempt += 1
                    let next = philox(seed: 7, stream: 3 ^ attempt << 48, block: UInt64(i)).map(UInt64.init)
                    bits = next[0] << 32 | next[1]
                }
            }
        }
        // Of three quarters of all numbers, one in four draws is rejected.
        for (low, span) in [(0, 10), (-3, 1), (.min, 0), (.min, .max), (5, 3 << 62), (-9, (1 << 63) + 1)]
            as [(Int64, UInt64)]
        {
            let whole = draw(low, span, count: 333)
            #expect(whole == expected(low, span, 333), "\(low) \(span)")
            #expect(draw(low, span, count: 333, cuts: [1, 2, 5, 64, 65, 191, 332]) == whole)
        }
    }

    @Test(arguments: KernelISA.available)
    func ordersAreTheShuffleOfFisherAndYates(_ set: KernelISA) {
        for count in [0, 1, 2, 3, 17, 100, 1000] {
            let output = TestOperand([count]) { Int64(-1) }
            TileCall(
                kernel: CK_permutation_i64,
                shape: [count],
                arguments: [output.argument],
                integers: [7, 3]
            ).run(set, items: 1)
            var expected = (0..<Int64(count)).map { $0 }
            for drawn in 0..<max(count - 1, 0) {
                let last = count - 1 - drawn
                let words = philox(seed: 7, stream: 3, block: UInt64(drawn / 2)).map(UInt64.init)
                let bits = words[drawn % 2 * 2] << 32 | words[drawn % 2 * 2 + 1]
                // No draw of so few is near enough to a bound to be rejected.
                expected.swapAt(last, Int(bits.multipliedFullWidth(by: UInt64(last) + 1).high))
            }
            #expect(output.values == expected)
        }
    }

    @Test(arguments: KernelISA.available)
    func choicesFollowTheRunningSums(_ set: KernelISA) {
        let sums = TestOperand([0, 1, 1, 4, 4, 0, 0, 0, 0, .leastNonzeroMagnitude] as [Double])
        let numbers = TestOperand([0, 0.2499, 0.25, 1 - 0x1p-53, 0, 0.3, 0.9, 1 - 0x1p-53] as [Double])
        for cuts in [[], [1, 2, 5]] {
            let output = TestOperand([8]) { Int64(-1) }
            var call = TileCall(
                kernel: CK_weighted_choice_f64,
                shape: [2, 4, 5],
                arguments: [output.argument, sums.argument, numbers.argument]
            )
            call.arguments[0].strides = [4, 1, 0]
            call.arguments[1].strides = [5, 0, 1]
            call.arguments[2].strides = [4, 1, 0]
            call.run(set, items: 8, cuts: cuts)
            #expect(output.values == [1, 1, 3, 3, 4, 4, 4, 4])
        }
    }

    @Test(arguments: KernelISA.available)
    func theSmallestKeysComeInTheirOrder(_ set: KernelISA) {
        var random = TestRandom()
        for (rows, places) in [(1, 1), (3, 7), (2, 100)] {
            // Few different keys, so that many are equal.
            let keys = TestOperand([rows * places]) { Double.random(in: 0..<9, using: &random).rounded(.down) }
            for count in [1, places / 2, places] where count > 0 {
                let output = TestOperand([rows * count]) { Int64(-1) }
                var call = TileCall(
                    kernel: CK_smallest_keys_f64,
                    shape: [rows, places, count],
                    arguments: [output.argument, keys.argument]
                )
                call.arguments[0].strides = [count, 0, 1]
                call.arguments[1].strides = [places, 1, 0]
                call.run(set, items: rows, cuts: [1])
                let expected = (0..<rows).flatMap { row -> ArraySlice<Int64> in
                    let own = keys.values[(row * places)..<((row + 1) * places)]
                    let order = own.indices.sorted { (own[$0], $0) < (own[$1], $1) }
                    return order.map { Int64($0 - row * places) }.prefix(count)
                }
                #expect(output.values == expected)
            }
        }
    }
}
