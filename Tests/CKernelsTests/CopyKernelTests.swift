import CKernels
import Testing

@Suite struct CopyKernelTests {
    @Test(arguments: KernelISA.available)
    func everyArrangementIsCopiedBitForBit(_ set: KernelISA) {
        var random = TestRandom()
        for layout in PointwiseCase.all {
            layout.check(
                CK_copy_f32,
                set,
                inputs: 1,
                untouched: Float(77),
                next: { Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) },
                agrees: { $0.bitPattern == $1[0].bitPattern },
                sameBits: { $0.bitPattern == $1.bitPattern }
            )
            layout.check(
                CK_copy_f64,
                set,
                inputs: 1,
                untouched: 77,
                next: { Double(bitPattern: random.next()) },
                agrees: { $0.bitPattern == $1[0].bitPattern },
                sameBits: { $0.bitPattern == $1.bitPattern }
            )
            for kernel in [CK_copy_f16, CK_copy_bf16] {
                layout.check(
                    kernel,
                    set,
                    inputs: 1,
                    untouched: UInt16(77),
                    next: { UInt16(truncatingIfNeeded: random.next()) },
                    agrees: { $0 == $1[0] },
                    sameBits: ==
                )
            }
            layout.check(
                CK_copy_i64,
                set,
                inputs: 1,
                untouched: Int64(77),
                next: { random.integer() },
                agrees: { $0 == $1[0] },
                sameBits: ==
            )
            layout.check(
                CK_copy_bool,
                set,
                inputs: 1,
                untouched: UInt8(77),
                next: { random.bool() },
                agrees: { $0 == $1[0] },
                sameBits: ==
            )
        }
    }

    @Test(
        arguments: [
            [2, 2], [3, 5], [4, 4], [8, 8], [16, 16], [17, 15], [33, 70], [65, 129], [1, 40], [40, 1],
            [3, 20, 21], [2, 2, 9, 35],
        ],
        KernelISA.available
    )
    func transpositionsOfAnySizeAndAnyCutAreCopied(_ shape: [Int], _ set: KernelISA) {
        check(CK_copy_f32, shape, set, none: Float(-1)) { Float($0) }
        check(CK_copy_f64, shape, set, none: -1.0) { Double($0) }
        check(CK_copy_f16, shape, set, none: UInt16(7)) { UInt16($0) }
        check(CK_copy_bf16, shape, set, none: UInt16(7)) { UInt16($0) }
        check(CK_copy_i64, shape, set, none: Int64(-1)) { Int64($0) }
        check(CK_copy_bool, shape, set, none: UInt8(7)) { UInt8($0 % 2) }
    }

    /// Copies a tensor whose two innermost dimensions are transposed in memory.
    private func check<T: BitwiseCopyable & Equatable>(
        _ kernel: ck_kernel,
        _ shape: [Int],
        _ set: KernelISA,
        none: T,
        value: (Int) -> T
    ) {
        var counter = 0
        let swapped = Array(shape.dropLast(2)) + [shape[shape.count - 1], shape[shape.count - 2]]
        let x = TestOperand(swapped) {
            counter += 1
            return value(counter)
        }
        var strides = x.strides
        strides.swapAt(shape.count - 1, shape.count - 2)
        let count = shape.reduce(1, *)
        let columns = shape[shape.count - 1]
        let values = x.values
        let plane = columns * shape[shape.count - 2]
        let expected = (0..<count).map { i in
            let (row, column) = (i % plane / columns, i % columns)
            return values[i / plane * plane + column * shape[shape.count - 2] + row]
        }
        let everyCut = [
            [], [1], [columns], [columns + 1, 2 * columns + 1], [count / 2], [count / 3, count / 3 + 1, count - 1],
        ]
        for cuts in everyCut {
            for output in [Arrangement.dense, .spaced] {
                let out = TestOperand(shape, output) { none }
                for streams in [false, true] {
                    TileCall(
                        kernel: kernel,
                        shape: shape,
                        arguments: [
                            out.argument, TileArgument(data: UnsafeMutableRawPointer(x.base), strides: strides),
                        ],
                        streams: streams
                    ).run(set, items: count, cuts: cuts)
                    #expect(out.values == expected, "\(shape) cut at \(cuts)")
                }
            }
        }
    }

    @Test(arguments: [[64, 48], [80, 33], [2, 20, 64]], KernelISA.available)
    func transpositionsIntoAlignedMemoryAreStoredPastTheCaches(_ shape: [Int], _ set: KernelISA) {
        let (rows, columns) = (shape[shape.count - 2], shape[shape.count - 1])
        let count = shape.reduce(1, *)
        let x = TestOperand((0..<count).map(Float.init))
        // Rows of whole cache lines, the last of which may be longer than what is written.
        let rowStep = (columns + 15) / 16 * 16
        let byteCount = count / columns * rowStep * MemoryLayout<Float>.size
        let block = KernelMemory.allocate(byteCount: byteCount)
        defer { KernelMemory.deallocate(block, byteCount: byteCount) }
        let out = block.bindMemory(to: Float.self, capacity: count / columns * rowStep)
        out.update(repeating: -1, count: count / columns * rowStep)
        var call = TileCall(
            kernel: CK_copy_f32,
            shape: shape,
            arguments: [
                TileArgument(data: block, strides: [rows * rowStep, rowStep, 1].suffix(shape.count)),
                TileArgument(
                    data: UnsafeMutableRawPointer(x.base),
                    strides: [rows * columns, 1, rows].suffix(shape.count)
                ),
            ]
        )
        call.streams = true
        call.run(set, items: count)
        for row in 0..<(count / columns) {
            let (plane, inPlane) = (row / rows, row % rows)
            for column in 0..<rowStep {
                let expected = column < columns ? Float(plane * rows * columns + column * rows + inPlane) : -1
                #expect(out[row * rowStep + column] == expected)
            }
        }
    }

    @Test(arguments: KernelISA.available)
    func aCopyOntoItselfChangesNothing(_ set: KernelISA) {
        for count in [1, 5, 100] {
            let x = TestOperand((0..<count).map(Float.init))
            TileCall(kernel: CK_copy_f32, shape: [count], arguments: [x.argument, x.argument]).run(set, items: count)
            #expect(x.values == (0..<count).map(Float.init))
        }
    }
}
