import CKernels
import Testing

/// An instruction set that this machine can run.
struct KernelISA: Sendable, CustomTestStringConvertible {
    let rawValue: UInt32

    var isa: ck_isa { ck_isa(rawValue: rawValue) }
    var testDescription: String { String(cString: ck_isa_name(isa)) }
    /// Whether a fused multiply-add is one.
    var fuses: Bool { isa != CK_ISA_BASELINE }

    /// Those of this machine, or where there is an emulator, what that adds: the others have been tested without it.
    static let available = (0..<CK_ISA_COUNT.rawValue).map(KernelISA.init).filter {
        Emulator.shared == nil ? ck_isa_available($0.isa) : $0.isEmulated
    }
}

/// How an operand's dimensions lie in memory.
enum KernelLayout: CaseIterable, Sendable {
    /// Row-major.
    case contiguous
    /// The first dimension innermost.
    case reversed
    /// Row-major, with a gap after each element and each row.
    case spaced
    /// Row-major, with one element for all indices of the first dimension.
    case broadcast

    func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 0, count: shape.count)
        var step = self == .spaced ? 2 : 1
        for axis in self == .reversed ? Array(shape.indices) : shape.indices.reversed() {
            strides[axis] = step
            step = step * shape[axis] + (self == .spaced ? 3 : 0)
        }
        if self == .broadcast, !strides.isEmpty { strides[0] = 0 }
        return strides
    }
}

/// Elements in memory of exactly the size they need, not aligned beyond their own type.
final class KernelArray<Element: BitwiseCopyable> {
    let shape: [Int]
    let strides: [Int]
    let elements: UnsafeMutableBufferPointer<Element>
    private let allocation: UnsafeMutableBufferPointer<Element>

    init(_ shape: [Int], strides: [Int], fill: (Int) -> Element) {
        self.shape = shape
        self.strides = strides
        let last = zip(shape, strides).reduce(0) { $0 + max($1.0 - 1, 0) * $1.1 }
        let count = shape.contains(0) ? 0 : last + 1
        let block = KernelMemory.allocate(byteCount: (count + 1) * MemoryLayout<Element>.stride)
        allocation = .init(start: block.bindMemory(to: Element.self, capacity: count + 1), count: count + 1)
        elements = .init(rebasing: allocation[1...])
        for index in elements.indices { elements.initializeElement(at: index, to: fill(index)) }
    }

    convenience init(_ shape: [Int], _ layout: KernelLayout = .contiguous, fill: (Int) -> Element) {
        self.init(shape, strides: layout.strides(shape), fill: fill)
    }

    convenience init(_ values: [Element]) {
        self.init([values.count], strides: [1]) { values[$0] }
    }

    deinit {
        KernelMemory.deallocate(allocation.baseAddress!, byteCount: allocation.count * MemoryLayout<Element>.stride)
    }

    subscript(index: [Int]) -> Element {
        get { elements[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }] }
        set { elements[zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }] = newValue }
    }

    /// The same elements in memory of their own.
    func copy() -> KernelArray {
        KernelArray(shape, strides: strides) { elements[$0] }
    }

    /// Every element in memory, gaps included.
    var bytes: [UInt8] { Array(UnsafeRawBufferPointer(elements)) }
    var values: [Element] { Array(elements) }
    var pointer: UnsafeMutableRawPointer { UnsafeMutableRawPointer(elements.baseAddress!) }
}

/// The indices of a shape, in row-major order.
func kernelIndices(_ shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { partial, size in partial.flatMap { index in (0..<size).map { index + [$0] } } }
}

/// How a launch's items are cut into ranges.
enum KernelCut: CaseIterable, Sendable {
    case whole
    case single
    case uneven

    func ranges(_ count: Int) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var begin = 0
        while begin < count {
            let length = self == .whole ? count : self == .single ? 1 : 1 + (ranges.count * 7 + 2) % 11
            ranges.append(begin..<min(begin + length, count))
            begin = ranges.last!.upperBound
        }
        return ranges
    }
}

/// One call of a kernel, built from plain arrays.
struct KernelLaunch {
    private var launch = ck_launch()
    /// Keeps the operands' memory for as long as the launch may run.
    private var arrays: [AnyObject] = []

    init(_ shape: [Int], integers: [Int] = [], numbers: [Double] = [], streams: Bool = false) {
        launch.streams = streams
        launch.rank = Int32(shape.count)
        Self.fill(&launch.shape, shape.map(Int64.init))
        Self.fill(&launch.attributes.integers, integers.map(Int64.init))
        Self.fill(&launch.attributes.numbers, numbers)
    }

    /// Adds an operand, with strides other than its array's own where a kernel asks for those.
    mutating func add<Element>(_ array: KernelArray<Element>, strides: [Int]? = nil, start: Int = 0) {
        arrays.append(array)
        var operand = ck_operand()
        operand.data = array.pointer + start * MemoryLayout<Element>.stride
        Self.fill(&operand.strides, (strides ?? array.strides).map(Int64.init))
        let place = Int(launch.operand_count)
        withUnsafeMutableBytes(of: &launch.operands) { $0.bindMemory(to: ck_operand.self)[place] = operand }
        launch.operand_count += 1
    }

    /// Adds an operand that is not there.
    mutating func addNothing() { launch.operand_count += 1 }

    func run(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        items: Int,
        cut: KernelCut = .whole,
        scratchByteCount: Int = 0
    ) throws {
        try #require(isa.has(kernel))
        let scratch = KernelMemory.allocate(byteCount: scratchByteCount)
        defer { KernelMemory.deallocate(scratch, byteCount: scratchByteCount) }
        withExtendedLifetime(arrays) {
            for range in cut.ranges(items) {
                isa.run(kernel, launch, Int64(range.lowerBound), Int64(range.upperBound), scratch: scratch)
            }
        }
    }

    private static func fill<Tuple, Element>(_ tuple: inout Tuple, _ values: [Element]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let elements = bytes.bindMemory(to: Element.self)
            for (index, value) in values.enumerated() { elements[index] = value }
        }
    }
}

/// Reproducible numbers (SplitMix64).
struct KernelRandom {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func bits() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Between -2 and 2.
    mutating func float() -> Float { Float(bits() >> 40) * 0x1p-22 - 2 }

    mutating func integer(below bound: Int) -> Int { Int(bits() % UInt64(bound)) }
}

/// Whether two numbers are the same number, NaN and infinities included, or finite and within `tolerance`.
func kernelAgrees(_ value: Float, _ reference: Double, within tolerance: Double) -> Bool {
    if reference.isNaN { return value.isNaN }
    return Double(value) == reference || abs(Double(value) - reference) <= tolerance
}
