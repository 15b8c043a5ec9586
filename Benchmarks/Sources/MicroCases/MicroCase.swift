/// Something small to be measured: what one iteration does, and what has to be there before.
public struct MicroCase: Sendable {
    /// `<part of Weft>/<what>`, unique.
    public let name: String
    /// How often the instruction count runs it; nil if threads share it out, so that the count means nothing.
    public let countedIterations: Int?
    /// Makes what an iteration needs, and gives an iteration.
    public let prepare: @Sendable () -> () -> Void

    init(_ name: String, counted: Int?, prepare: @escaping @Sendable () -> () -> Void) {
        self.name = name
        countedIterations = counted
        self.prepare = prepare
    }

    /// Every case there is, in a fixed order.
    public static let all = kernels + tensors + tape + allocator + scheduler

    /// Whether an iteration is too short to be timed by itself.
    public var isShort: Bool { (countedIterations ?? 0) >= 1000 }
}
