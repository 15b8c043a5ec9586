/// A tensor that a workload starts from, as a recipe that gives the same bits in every language.
///
/// Element `i` comes from the 32-bit hash of `i + seed * 0x9E3779B9` (MurmurHash3's finalizer, see `hash`):
///
/// - `uniform`: float32; `low + (high - low) * (hash >> 8) / 2^24`, computed in float64 and rounded once.
/// - `integers`: int64; `low + hash % (high - low)`.
/// - `mask`: bool; the hash's lowest bit.
public struct Input: Codable, Sendable {
    public enum Fill: String, Codable, Sendable {
        case uniform
        case integers
        case mask
    }

    /// The tensor's name in the workload: `a`, `labels`, or a parameter's name in PyTorch's state dict.
    public var name: String
    /// The extents; empty for a scalar.
    public var shape: [Int]
    public var fill: Fill
    public var low: Double
    /// Not reached.
    public var high: Double
    public var seed: UInt32

    public init(_ name: String, _ shape: [Int], fill: Fill = .uniform, low: Double = -1, high: Double = 1, seed: UInt32)
    {
        self.name = name
        self.shape = shape
        self.fill = fill
        self.low = low
        self.high = high
        self.seed = seed
    }

    public var elementCount: Int { shape.reduce(1, *) }

    /// MurmurHash3's 32-bit finalizer of an element's number and the seed.
    public static func hash(_ index: Int, seed: UInt32) -> UInt32 {
        var bits = UInt32(truncatingIfNeeded: index) &+ seed &* 0x9E37_79B9
        bits ^= bits >> 16
        bits &*= 0x85EB_CA6B
        bits ^= bits >> 13
        bits &*= 0xC2B2_AE35
        bits ^= bits >> 16
        return bits
    }
}
