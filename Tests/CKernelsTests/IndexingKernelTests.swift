import CKernels
import Testing

@Suite("Indexing kernels")
struct IndexingKernelTests {
    /// Outer size, count of the index, inner size, extent of the indexed axis.
    static let shapes = [(1, 1, 1, 1), (3, 7, 1, 4), (2, 5, 3, 2), (1, 9, 64, 5), (3, 4, 131, 6), (2, 0, 5, 3)]

    /// Indices of both signs, with repetitions.
    private func indices(_ count: Int, extent: Int) -> [Int] {
        var random = KernelRandom(UInt64(count * 31 + extent))
        return (0..<count).map { _ in random.integer(below: 2 * extent) - extent }
    }

    private func resolve(_ index: Int, _ extent: Int) -> Int { index < 0 ? index + extent : index }

    /// Compares whole memory: the places that a kernel must not touch as well.
    private func expectSame<Element>(_ outputs: [KernelArray<Element>], _ expected: KernelArray<Element>) {
        #expect(outputs.allSatisfy { $0.bytes == expected.bytes })
    }

    private func indexSelect<Element: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        element: (Int) -> Element
    ) throws {
        for (outer, count, inner, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                let index = indices(count, extent: extent)
                let indexArray = KernelArray(index.map(Int64.init))
                let x = KernelArray([outer, extent, inner], layout, fill: element)
                let outLayout = layout == .broadcast ? .contiguous : layout
                let expected = KernelArray([outer, count, inner], outLayout) { _ in element(0) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch([outer, count, inner], integers: [extent])
                    launch.add(out)
                    launch.add(x)
                    launch.add(indexArray, strides: [0, 1, 0])
                    try launch.run(kernel, isa, items: outer * count, cut: cut)
                    return out
                }
                for place in kernelIndices([outer, count, inner]) {
                    expected[place] = x[[place[0], resolve(index[place[1]], extent), place[2]]]
                }
                expectSame(outputs, expected)
            }
        }
    }

    @Test("Selecting copies the named slices, for every type", arguments: KernelISA.available)
    func indexSelect(isa: KernelISA) throws {
        try indexSelect(CK_index_select_f32, isa) { Float(bitPattern: UInt32(0x7fc0_0000 + $0)) }
        try indexSelect(CK_index_select_f64, isa) { Double(bitPattern: UInt64(0x7ff8_0000_0000_0000 + $0)) }
        try indexSelect(CK_index_select_f16, isa) { HalfElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try indexSelect(CK_index_select_bf16, isa) { BrainElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try indexSelect(CK_index_select_i64, isa) { Int64($0) << 33 }
        try indexSelect(CK_index_select_bool, isa) { UInt8($0 % 3 == 0 ? 1 : 0) }
    }

    @Test("Adding at repeated indices has the order of the index", arguments: KernelISA.available)
    func indexAdd(isa: KernelISA) throws {
        try indexAdd(Float.self, isa)
        try indexAdd(Double.self, isa)
        try indexAdd(HalfElement.self, isa)
        try indexAdd(BrainElement.self, isa)
    }

    private func indexAdd<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        for (outer, count, inner, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(8)
                let index = indices(count, extent: extent)
                let indexArray = KernelArray(index.map(Int64.init))
                let src = KernelArray<E>([outer, count, inner], layout) { _ in E(nearest: Double(random.float())) }
                let outLayout = layout == .broadcast ? .contiguous : layout
                // 16-bit elements are added up as float32.
                let expected = KernelArray<E.Real>([outer, extent, inner], outLayout) { _ in E.Real(random.float()) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch([outer, count, inner], integers: [extent])
                    launch.add(out)
                    launch.add(src)
                    launch.add(indexArray, strides: [0, 1, 0])
                    try launch.run(kernel("index_add", E.name), isa, items: outer * ((inner + 63) / 64), cut: cut)
                    return out
                }
                for place in kernelIndices([outer, count, inner]) {
                    let target = [place[0], resolve(index[place[1]], extent), place[2]]
                    expected[target] += src[place].real
                }
                expectSame(outputs, expected)
            }
        }
    }

    private func indexCopy<Element: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        element: (Int) -> Element
    ) throws {
        for (outer, count, inner, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                let index = indices(count, extent: extent)
                let indexArray = KernelArray(index.map(Int64.init))
                let src = KernelArray([outer, count, inner], layout) { element($0 + 5) }
                let outLayout = layout == .broadcast ? .contiguous : layout
                let expected = KernelArray([outer, extent, inner], outLayout) { _ in element(0) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch([outer, count, inner], integers: [extent])
                    launch.add(out)
                    launch.add(src)
                    launch.add(indexArray, strides: [0, 1, 0])
                    try launch.run(kernel, isa, items: outer * ((inner + 63) / 64), cut: cut)
                    return out
                }
                for place in kernelIndices([outer, count, inner]) {
                    expected[[place[0], resolve(index[place[1]], extent), place[2]]] = src[place]
                }
                expectSame(outputs, expected)
            }
        }
    }

    @Test("Slices are written where the index says, the last of equal ones stays", arguments: KernelISA.available)
    func indexCopy(isa: KernelISA) throws {
        try indexCopy(CK_index_copy_f32, isa) { Float(bitPattern: UInt32(0x7fc0_0000 + $0)) }
        try indexCopy(CK_index_copy_f64, isa) { Double(bitPattern: UInt64(0x7ff8_0000_0000_0000 + $0)) }
        try indexCopy(CK_index_copy_f16, isa) { HalfElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try indexCopy(CK_index_copy_bf16, isa) { BrainElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try indexCopy(CK_index_copy_i64, isa) { Int64($0) << 33 }
        try indexCopy(CK_index_copy_bool, isa) { UInt8($0 % 3 == 0 ? 1 : 0) }
        // A cut index: parts are the outer dimension, along which the output stands still.
        let out = KernelArray<Int64>([Int64](repeating: -1, count: 9))
        var launch = KernelLaunch([3, 2, 1], integers: [9])
        launch.add(out, strides: [0, 1, 1])
        launch.add(KernelArray<Int64>([10, 11, 12, 13, 14, 15]), strides: [2, 1, 1])
        launch.add(KernelArray<Int64>([8, 0, 2, 4, 3, 6]), strides: [2, 1, 0])
        try launch.run(CK_index_copy_i64, isa, items: 3, cut: .single)
        #expect(out.values == [11, -1, 12, 14, 13, -1, 15, -1, 10])
    }

    @Test("The true elements are counted and their places listed, part by part", arguments: KernelISA.available)
    func nonzero(isa: KernelISA) throws {
        for (count, part) in [(1, 1), (7, 3), (8, 8), (64, 16), (1003, 64), (1003, 4096), (130, 17)] {
            for share in [0, 1, 30, 99, 100] {
                var random = KernelRandom(UInt64(count + share))
                let truths = (0..<count).map { _ in UInt8(random.integer(below: 100) < share ? 1 : 0) }
                let mask = KernelArray(truths)
                let places = truths.indices.filter { truths[$0] == 1 }.map(Int64.init)
                let parts = (count + part - 1) / part
                for cut in KernelCut.allCases {
                    let counts = KernelArray<Int64>([Int64](repeating: -1, count: parts))
                    var counting = KernelLaunch([count], integers: [part])
                    counting.add(counts, strides: [0])
                    counting.add(mask)
                    try counting.run(CK_count_true_bool, isa, items: parts, cut: cut)
                    var ends: [Int64] = []
                    for count in counts.values { ends.append((ends.last ?? 0) + count) }
                    #expect(ends.last == Int64(places.count))
                    let out = KernelArray<Int64>([Int64](repeating: -1, count: places.count))
                    var writing = KernelLaunch([count, places.count], integers: [part])
                    writing.add(out, strides: [0, 1])
                    writing.add(mask, strides: [1, 0])
                    writing.add(KernelArray(ends), strides: [0, 0])
                    try writing.run(CK_nonzero_bool, isa, items: parts, cut: cut)
                    #expect(out.values == places)
                }
            }
        }
    }

    private func gather<Element: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        element: (Int) -> Element
    ) throws {
        for (outer, rows, n, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                let shape = [outer, rows, n]
                let numbers = indices(4 * outer * max(rows, 1) * n + 99, extent: extent)
                let index = KernelArray<Int64>(shape, layout) { Int64(numbers[$0 % numbers.count]) }
                let x = KernelArray([outer, rows, extent], layout, fill: element)
                let expected = KernelArray(shape, layout == .broadcast ? .contiguous : layout) { _ in element(0) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch(shape, integers: [extent, x.strides[2]])
                    launch.add(out)
                    launch.add(x, strides: [x.strides[0], x.strides[1], 0])
                    launch.add(index)
                    try launch.run(kernel, isa, items: outer * rows, cut: cut)
                    return out
                }
                for place in kernelIndices(shape) {
                    expected[place] = x[[place[0], place[1], resolve(Int(index[place]), extent)]]
                }
                expectSame(outputs, expected)
            }
        }
    }

    @Test("Gathering reads the named element of its own row, for every type", arguments: KernelISA.available)
    func gather(isa: KernelISA) throws {
        try gather(CK_gather_f32, isa) { Float(bitPattern: UInt32(0x7fc0_0000 + $0)) }
        try gather(CK_gather_f64, isa) { Double(bitPattern: UInt64(0x7ff8_0000_0000_0000 + $0)) }
        try gather(CK_gather_f16, isa) { HalfElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try gather(CK_gather_bf16, isa) { BrainElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try gather(CK_gather_i64, isa) { Int64($0) << 33 }
        try gather(CK_gather_bool, isa) { UInt8($0 % 3 == 0 ? 1 : 0) }
    }

    private func scatter<Element: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        element: (Int) -> Element
    ) throws {
        for (outer, rows, n, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                let shape = [outer, rows, n]
                let numbers = indices(4 * outer * max(rows, 1) * n + 99, extent: extent)
                let index = KernelArray<Int64>(shape, layout) { Int64(numbers[$0 % numbers.count]) }
                let src = KernelArray(shape, layout) { element($0 + 1) }
                let outLayout = layout == .broadcast ? .contiguous : layout
                let expected = KernelArray([outer, rows, extent], outLayout) { _ in element(0) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch(shape, integers: [extent, out.strides[2]])
                    launch.add(out, strides: [out.strides[0], out.strides[1], 0])
                    launch.add(src)
                    launch.add(index)
                    try launch.run(kernel, isa, items: outer * rows, cut: cut)
                    return out
                }
                for place in kernelIndices(shape) {
                    expected[[place[0], place[1], resolve(Int(index[place]), extent)]] = src[place]
                }
                expectSame(outputs, expected)
            }
        }
    }

    @Test("Scattering writes in the order of the row, for every type", arguments: KernelISA.available)
    func scatter(isa: KernelISA) throws {
        try scatter(CK_scatter_f32, isa) { Float(bitPattern: UInt32(0x7fc0_0000 + $0)) }
        try scatter(CK_scatter_f64, isa) { Double(bitPattern: UInt64(0x7ff8_0000_0000_0000 + $0)) }
        try scatter(CK_scatter_f16, isa) { HalfElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try scatter(CK_scatter_bf16, isa) { BrainElement(bits: UInt16(truncatingIfNeeded: $0)) }
        try scatter(CK_scatter_i64, isa) { Int64($0) << 33 }
        try scatter(CK_scatter_bool, isa) { UInt8($0 % 3 == 0 ? 1 : 0) }
    }

    @Test("Scattering adds repeated indices in the order of the row", arguments: KernelISA.available)
    func scatterAdd(isa: KernelISA) throws {
        try scatterAdd(Float.self, isa)
        try scatterAdd(Double.self, isa)
        try scatterAdd(HalfElement.self, isa)
        try scatterAdd(BrainElement.self, isa)
    }

    private func scatterAdd<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        for (outer, rows, n, extent) in Self.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(9)
                let shape = [outer, rows, n]
                let numbers = indices(4 * outer * max(rows, 1) * n + 99, extent: extent)
                let index = KernelArray<Int64>(shape, layout) { Int64(numbers[$0 % numbers.count]) }
                let src = KernelArray<E>(shape, layout) { _ in E(nearest: Double(random.float())) }
                let outLayout = layout == .broadcast ? .contiguous : layout
                let expected = KernelArray<E.Real>([outer, rows, extent], outLayout) { _ in E.Real(random.float()) }
                let outputs = try KernelCut.allCases.map { cut in
                    let out = expected.copy()
                    var launch = KernelLaunch(shape, integers: [extent, out.strides[2]])
                    launch.add(out, strides: [out.strides[0], out.strides[1], 0])
                    launch.add(src)
                    launch.add(index)
                    try launch.run(kernel("scatter_add", E.name), isa, items: outer * rows, cut: cut)
                    return out
                }
                for place in kernelIndices(shape) {
                    let target = [place[0], place[1], resolve(Int(index[place]), extent)]
                    expected[target] += src[place].real
                }
                expectSame(outputs, expected)
            }
        }
    }
}
