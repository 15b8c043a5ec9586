/// The block sizes that the allocator deals in: eight to each power of two, so that rounding up wastes at
/// most an eighth, and every size is a multiple of 64 bytes.
enum SizeClass {
    private static let stepsPerDoubling = 8
    private static let smallestShift = 9
    static let count = (Int.bitWidth - smallestShift) * stepsPerDoubling

    /// The class whose blocks are the smallest that hold `byteCount` bytes; nil past the largest class.
    static func index(holding byteCount: Int) -> Int? {
        let bytes = max(byteCount, 1 << smallestShift)
        guard bytes <= 1 << 56 else { return nil }
        let shift = Int.bitWidth - 1 - (bytes - 1 | 1).leadingZeroBitCount
        let doubling = max(shift, smallestShift)
        let step = (1 << doubling) / stepsPerDoubling
        let steps = (bytes - (1 << doubling) + step - 1) / step
        return (doubling - smallestShift) * stepsPerDoubling + max(0, steps)
    }

    /// The size of the blocks of class `index`, in bytes.
    static func size(of index: Int) -> Int {
        let doubling = index / stepsPerDoubling + smallestShift
        return (1 << doubling) + index % stepsPerDoubling * ((1 << doubling) / stepsPerDoubling)
    }
}
