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
}
