import Testing

@testable import WeftRuntime

@Suite("Size classes")
struct SizeClassTests {
    /// Sizes around every power of two that matters, and between.
    static let byteCounts: [Int] = {
        let small = [0, 1, 511, 512, 513, 576, 577, 1000, 4096, 4097]
        let powers = (10...40).map { 1 << $0 }
        return small + powers.map { $0 - 1 } + powers + powers.map { $0 + 1 } + powers.map { 3 * $0 }
    }()

    @Test("A class is the smallest one that holds the request", arguments: byteCounts)
    func smallestThatHolds(byteCount: Int) throws {
        let index = try #require(SizeClass.index(holding: byteCount))
        #expect(SizeClass.size(of: index) >= byteCount)
        if index > 0 { #expect(SizeClass.size(of: index - 1) < max(byteCount, 512)) }
    }

    @Test("Rounding up wastes at most an eighth", arguments: byteCounts.filter { $0 >= 512 })
    func waste(byteCount: Int) throws {
        let size = SizeClass.size(of: try #require(SizeClass.index(holding: byteCount)))
        #expect(size - byteCount <= byteCount / 8)
    }

    @Test("Sizes grow from class to class, in multiples of 64 bytes")
    func sizesGrow() {
        let sizes = (0..<300).map(SizeClass.size(of:))
        #expect(sizes.allSatisfy { $0 % 64 == 0 })
        #expect(zip(sizes, sizes.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("A class holds its own size", arguments: [0, 1, 7, 8, 9, 63, 200, 375])
    func roundTrip(index: Int) {
        #expect(SizeClass.index(holding: SizeClass.size(of: index)) == index)
    }

    @Test("What no machine has is in no class", arguments: [1 << 56 + 1, Int.max])
    func tooLarge(byteCount: Int) {
        #expect(SizeClass.index(holding: byteCount) == nil)
    }
}
