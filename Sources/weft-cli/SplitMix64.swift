/// A generator of 64-bit words from a counter: the state moves by a fixed odd step, and each word is a
/// bijective mix of the state.
///
/// The same seed gives the same words on every machine and in every release, which `SystemRandomNumberGenerator`
/// does not promise. Good enough for orders and splits; not for secrets. The constants are those of Steele, Lea
/// and Flood, "Fast Splittable Pseudorandom Number Generators" (OOPSLA 2014).
struct SplitMix64: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }

    /// A number in `0..<bound`: the high half of a 128-bit product.
    ///
    /// For bounds of data-set size the bias is under 2^-40, and one word is drawn whatever the bound, so that the
    /// sequence can be told from the number of calls alone.
    mutating func next(below bound: Int) -> Int {
        precondition(bound > 0, "a bound must be positive")
        return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// The numbers `0..<count` in an order that depends on the generator's state alone (Fisher and Yates, from the
    /// end). The standard library's `shuffled(using:)` may change its order between releases; this one may not,
    /// because the split of the data set hangs on it.
    mutating func permutation(count: Int) -> [Int] {
        var order = Array(0..<count)
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, next(below: last + 1))
        }
        return order
    }
}
