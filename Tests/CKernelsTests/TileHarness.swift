import CKernels
import Testing

/// How an operand of a test lies in memory.
enum Arrangement: Sendable {
    /// Row-major and dense.
    case dense
    /// Row-major with a gap after every element and more after every row.
    case spaced
    /// Column-major.
    case transposed
    /// The same element everywhere.
    case scalar
    /// The same row for every index of the outer dimensions.
    case row
    /// The same element along each row.
    case column
    /// Dense, from the last element to the first.
    case reversed

    func strides(for shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 0, count: shape.count)
        var step = self == .spaced ? 2 : 1
        let order = self == .transposed ? Array(shape.indices) : shape.indices.reversed()
        for d in order {
            strides[d] = step
            step = step * max(shape[d], 1) + (self == .spaced ? 3 : 0)
        }
        guard let last = shape.indices.last else { return [] }
        switch self {
        case .dense, .spaced, .transposed: return strides
        case .scalar: return strides.map { _ in 0 }
        case .row: return shape.indices.map { $0 == last ? 1 : 0 }
        case .column: return shape.indices.map { $0 == last ? 0 : strides[$0] }
        case .reversed: return strides.map { -$0 }
        }
    }
}

/// An operand of a test: memory of exactly the extent that its strides span, at an address that is a multiple
/// of no more than its element's size.
final class TestOperand<Element: BitwiseCopyable> {
    let shape: [Int]
    let strides: [Int]
    let extent: Int
    private let memory: UnsafeMutablePointer<Element>
    private let origin: Int

    /// Elements are taken from `next` in the order of memory.
    init(_ shape: [Int], _ arrangement: Arrangement = .dense, next: () -> Element) {
        self.shape = shape
        strides = arrangement.strides(for: shape)
        let reaches = zip(shape, strides).map { max($0 - 1, 0) * $1 }
        extent = shape.contains(0) ? 0 : 1 + reaches.reduce(0) { $0 + abs($1) }
        origin = 1 - reaches.reduce(0) { $0 + min($1, 0) }
        let block = KernelMemory.allocate(byteCount: (extent + 1) * MemoryLayout<Element>.stride)
        memory = block.bindMemory(to: Element.self, capacity: extent + 1)
        for i in 0..<extent { memory[1 + i] = next() }
    }

    convenience init(_ values: [Element]) {
        var iterator = values.makeIterator()
        self.init([values.count]) { iterator.next()! }
    }

    deinit { KernelMemory.deallocate(memory, byteCount: (extent + 1) * MemoryLayout<Element>.stride) }

    var base: UnsafeMutablePointer<Element> { memory + origin }

    /// Everything from the first element in memory to the last, whether addressed by an index or not.
    var everything: [Element] { (0..<extent).map { memory[1 + $0] } }

    /// Where the element at row-major position `linear` lies in `everything`.
    func place(of linear: Int) -> Int {
        var rest = linear
        var offset = origin - 1
        for d in shape.indices.reversed() {
            offset += rest % shape[d] * strides[d]
            rest /= shape[d]
        }
        return offset
    }

    /// The elements in row-major order.
    var values: [Element] { (0..<shape.reduce(1, *)).map { memory[1 + place(of: $0)] } }

    var argument: TileArgument {
        TileArgument(data: UnsafeMutableRawPointer(base), strides: strides, owner: self)
    }
}

/// An operand as a call takes it. `owner` keeps its memory for as long as the call may run.
struct TileArgument {
    var data: UnsafeMutableRawPointer?
    var strides: [Int]
    var owner: AnyObject?
}

/// One call, or several that share the range, of a tile function.
struct TileCall {
    var kernel: ck_kernel
    var shape: [Int]
    var arguments: [TileArgument]
    var integers: [Int64] = []
    var numbers: [Double] = []
    var streams = false

    /// Runs the items `0 ..< items` in the pieces between `cuts`.
    func run(_ set: KernelISA, items: Int, cuts: [Int] = []) {
        var launch = ck_launch()
        launch.streams = streams
        launch.rank = Int32(shape.count)
        launch.operand_count = Int32(arguments.count)
        Self.fill(&launch.shape, shape.map(Int64.init))
        Self.fill(&launch.attributes.integers, integers)
        Self.fill(&launch.attributes.numbers, numbers)
        Self.fill(
            &launch.operands,
            arguments.map {
                var operand = ck_operand()
                operand.data = $0.data
                Self.fill(&operand.strides, $0.strides.map(Int64.init))
                return operand
            }
        )
        var begin = 0
        for cut in cuts + [items] where cut >= begin && cut <= items {
            withExtendedLifetime(arguments) { set.run(kernel, launch, Int64(begin), Int64(cut)) }
            begin = cut
        }
    }

    private static func fill<Tuple, Element>(_ tuple: inout Tuple, _ elements: [Element]) {
        withUnsafeMutableBytes(of: &tuple) { bytes in
            let slots = bytes.bindMemory(to: Element.self)
            for (slot, element) in zip(slots.indices, elements) { slots[slot] = element }
        }
    }
}

/// A reproducible source of test values (SplitMix64).
struct TestRandom: RandomNumberGenerator {
    var state: UInt64 = 42

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    static let specialFloats: [Float] = [
        0, -0.0, 1, -1, 0.5, .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude,
        -.greatestFiniteMagnitude, .leastNormalMagnitude, .leastNonzeroMagnitude, -.leastNonzeroMagnitude,
        0x1p63, -0x1p63, 0x1p62, 3e9, 16_777_216,
    ]

    /// Every kind of float: special, of any bit pattern, and of ordinary size.
    mutating func float() -> Float {
        switch next() % 4 {
        case 0: Self.specialFloats.randomElement(using: &self)!
        case 1: Float(bitPattern: UInt32(truncatingIfNeeded: next()))
        default: Float.random(in: -8...8, using: &self)
        }
    }

    static let specialIntegers: [Int64] = [0, 1, -1, .max, .min, .max - 1, .min + 1, 1 << 32, (1 << 53) + 1]

    mutating func integer() -> Int64 {
        switch next() % 4 {
        case 0: Self.specialIntegers.randomElement(using: &self)!
        case 1: Int64(bitPattern: next())
        default: Int64.random(in: -9...9, using: &self)
        }
    }

    mutating func bool() -> UInt8 { UInt8(next() & 1) }
}

/// The same bits, where any NaN counts as any other.
func same(_ a: Float, _ b: Float) -> Bool { a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN) }

/// A shape and how the output and up to three inputs lie.
struct PointwiseCase: Sendable {
    var shape: [Int]
    var output: Arrangement
    var inputs: [Arrangement]

    static let all: [PointwiseCase] = {
        var cases: [PointwiseCase] = []
        for length in [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 70] {
            cases.append(PointwiseCase(shape: [length], output: .dense, inputs: [.dense, .dense, .dense]))
        }
        cases.append(PointwiseCase(shape: [], output: .dense, inputs: [.dense, .dense, .dense]))
        let inputs: [[Arrangement]] = [
            [.dense, .scalar, .dense], [.scalar, .dense, .dense], [.dense, .dense, .scalar],
            [.scalar, .scalar, .scalar], [.spaced, .dense, .reversed], [.row, .column, .transposed],
            [.column, .row, .dense], [.transposed, .spaced, .row], [.reversed, .transposed, .column],
        ]
        for shape in [[19], [37], [5, 19], [19, 1], [2, 3, 17], [2, 1, 2, 2, 3]] {
            for (i, arrangement) in inputs.enumerated() {
                let output: Arrangement = [.dense, .spaced, .transposed, .dense, .reversed][i % 5]
                cases.append(PointwiseCase(shape: shape, output: output, inputs: arrangement))
            }
        }
        return cases
    }()

    var count: Int { shape.reduce(1, *) }

    /// Runs `kernel` on inputs that `next` draws, whole and cut; expects `reference` of each element, the same
    /// bits however the range is cut, and nothing written between the output's elements.
    func check<In: BitwiseCopyable, Out: BitwiseCopyable & Equatable>(
        _ kernel: ck_kernel,
        _ set: KernelISA,
        inputs inputCount: Int,
        untouched: Out,
        next: () -> In,
        agrees: (Out, [In]) -> Bool,
        sameBits: (Out, Out) -> Bool
    ) {
        let operands = (0..<inputCount).map { TestOperand(shape, inputs[$0], next: next) }
        let output = TestOperand(shape, output) { untouched }
        func call(_ output: TestOperand<Out>) -> TileCall {
            TileCall(kernel: kernel, shape: shape, arguments: [output.argument] + operands.map(\.argument))
        }
        call(output).run(set, items: count)
        let columns = operands.map(\.values)
        let results = output.values
        var wrong: [String] = []
        for i in 0..<count where !agrees(results[i], columns.map { $0[i] }) {
            wrong.append("\(columns.map { $0[i] }) gave \(results[i])")
        }
        #expect(wrong.isEmpty, "\(self)")

        var between = output.everything
        for i in 0..<count { between[output.place(of: i)] = untouched }
        let isUntouched = between.allSatisfy { sameBits($0, untouched) }
        #expect(isUntouched, "wrote between elements: \(self)")

        let pieces = TestOperand(shape, self.output) { untouched }
        call(pieces).run(set, items: count, cuts: [1, 4, 6, 6, 13, 14, 30, count - 1])
        let isSame = zip(output.everything, pieces.everything).allSatisfy { sameBits($0, $1) }
        #expect(isSame, "depends on the cut: \(self)")

        let streamed = TestOperand(shape, self.output) { untouched }
        var streaming = call(streamed)
        streaming.streams = true
        streaming.run(set, items: count, cuts: [1, 4, 13, count - 1])
        let isSameStreamed = zip(output.everything, streamed.everything).allSatisfy { sameBits($0, $1) }
        #expect(isSameStreamed, "depends on how it is stored: \(self)")
    }
}
