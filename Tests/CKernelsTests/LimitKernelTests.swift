import CKernels
import Testing

/// Floats at an address that is a multiple of 64, as streaming stores want it.
private final class AlignedFloats {
    let memory: UnsafeMutableBufferPointer<Float>

    init(_ values: [Float]) {
        let start = KernelMemory.allocate(byteCount: values.count * 4)
        memory = UnsafeMutableBufferPointer(
            start: start.bindMemory(to: Float.self, capacity: values.count),
            count: values.count
        )
        _ = memory.initialize(from: values)
    }

    deinit { KernelMemory.deallocate(UnsafeMutableRawPointer(memory.baseAddress!), byteCount: memory.count * 4) }

    var argument: TileArgument { TileArgument(data: memory.baseAddress, strides: [], owner: self) }
}

@Suite("Kernels that measure the machine's limits")
struct LimitKernelTests {
    private static let chainElements = Int(CK_LIMIT_CHAIN_ELEMENTS)
    private static let blockElements = Int(CK_LIMIT_BLOCK_ELEMENTS)

    @Test("Every chain goes through every multiply-add", arguments: KernelISA.available, [0, 1, 2, 9])
    func multiplyAdd(_ set: KernelISA, depth: Int) {
        let (items, elements) = (3, 2 * Self.chainElements)
        let x = (0..<elements).map { Float($0 % 17) - 8 }
        let out = AlignedFloats([Float](repeating: .nan, count: items * elements))
        // With these numbers every step is exact, fused or not.
        TileCall(
            kernel: CK_limit_multiply_add_f32,
            shape: [items, elements, depth],
            arguments: [out.argument, AlignedFloats(x).argument],
            numbers: [0.5, 3]
        ).run(set, items: items, cuts: [1])
        let expected = x.map { start in (0..<depth).reduce(start) { value, _ in value * 0.5 + 3 } }
        for item in 0..<items {
            #expect(Array(out.memory[item * elements..<(item + 1) * elements]) == expected)
        }
    }

    @Test("The micro-kernel's product is added up as often as it is asked for", arguments: KernelISA.available, [1, 3])
    func microkernel(_ set: KernelISA, repeats: Int) {
        let plan = ck_gemm_make_plan(set.isa, 4, 1, 1, 1, 1, 1)
        let (rows, columns, depth, items) = (Int(plan.panel_rows), Int(plan.panel_columns), 21, 2)
        var random = TestRandom()
        let a = (0..<rows * depth).map { _ in Float.random(in: -4...4, using: &random).rounded() }
        let b = (0..<columns * depth).map { _ in Float.random(in: -4...4, using: &random).rounded() }
        let c = AlignedFloats([Float](repeating: .nan, count: items * rows * columns))
        TileCall(
            kernel: CK_limit_microkernel_f32,
            shape: [items, repeats, rows, columns, depth],
            arguments: [c.argument, AlignedFloats(a).argument, AlignedFloats(b).argument]
        ).run(set, items: items, cuts: [1])
        for item in 0..<items {
            for i in 0..<rows {
                for j in 0..<columns {
                    // Sums of small integers are exact.
                    let once = (0..<depth).reduce(Float(0)) { $0 + a[$1 * rows + i] * b[$1 * columns + j] }
                    #expect(c.memory[(item * rows + i) * columns + j] == once * Float(repeats))
                }
            }
        }
    }

    @Test("Reading sums each block", arguments: KernelISA.available)
    func read(_ set: KernelISA) {
        let (items, elements) = (5, 3 * Self.blockElements)
        var random = TestRandom()
        let x = (0..<items * elements).map { _ in Float.random(in: -99...99, using: &random).rounded() }
        let out = AlignedFloats([Float](repeating: .nan, count: items))
        TileCall(
            kernel: CK_limit_read_f32,
            shape: [items, elements],
            arguments: [out.argument, AlignedFloats(x).argument]
        ).run(set, items: items, cuts: [2, 3])
        let expected = (0..<items).map { x[$0 * elements..<($0 + 1) * elements].reduce(0, +) }
        #expect(Array(out.memory) == expected)
    }

    @Test("Writing fills the blocks asked for and no others", arguments: KernelISA.available, [Int64(0), 1])
    func write(_ set: KernelISA, streams: Int64) {
        let (items, elements) = (4, Self.blockElements)
        let out = AlignedFloats([Float](repeating: 7, count: (items + 1) * elements))
        let call = TileCall(
            kernel: CK_limit_write_f32,
            shape: [items + 1, elements],
            arguments: [out.argument],
            integers: [streams],
            numbers: [2.5]
        )
        call.run(set, items: items, cuts: [1, 3])
        #expect(out.memory.prefix(items * elements).allSatisfy { $0 == 2.5 })
        #expect(out.memory.suffix(elements).allSatisfy { $0 == 7 })
    }

    @Test("The triad is b + s * c", arguments: KernelISA.available, [Int64(0), 1])
    func triad(_ set: KernelISA, streams: Int64) {
        let (items, elements) = (3, 2 * Self.blockElements)
        let b = (0..<items * elements).map { Float($0 % 101) }
        let c = (0..<items * elements).map { Float($0 % 13) - 6 }
        let out = AlignedFloats([Float](repeating: .nan, count: items * elements))
        TileCall(
            kernel: CK_limit_triad_f32,
            shape: [items, elements],
            arguments: [out.argument, AlignedFloats(b).argument, AlignedFloats(c).argument],
            integers: [streams],
            numbers: [0.5]
        ).run(set, items: items, cuts: [1])
        #expect(Array(out.memory) == zip(b, c).map { $0 + 0.5 * $1 })
    }
}
