import CKernels
import Testing

/// Scattering with other operations than addition, and of integers.
@Suite("Scattering kernels that combine")
struct ScatterCombiningTests {
    /// What the kernel makes of the row `start`, for the index 0, -1, 0, 1.
    private func scattered<E: BitwiseCopyable>(
        _ kernel: ck_kernel,
        _ isa: KernelISA,
        _ start: [E],
        _ source: [E]
    ) throws -> [E] {
        let out = KernelArray<E>(start)
        var launch = KernelLaunch([1, 4], integers: [start.count, 1])
        launch.add(out, strides: [0, 0])
        launch.add(KernelArray<E>(source), strides: [0, 1])
        launch.add(KernelArray<Int64>([0, -1, 0, 1]), strides: [0, 1])
        try launch.run(kernel, isa, items: 1, cut: .single)
        return out.values
    }

    @Test("Equal places take each element in turn", arguments: KernelISA.available)
    func combining(isa: KernelISA) throws {
        let (start, source): ([Int64], [Int64]) = ([1, 2, 3], [5, -7, -2, 2])
        #expect(try scattered(CK_scatter_add_i64, isa, start, source) == [4, 4, -4])
        #expect(try scattered(CK_scatter_multiply_i64, isa, start, source) == [-10, 4, -21])
        #expect(try scattered(CK_scatter_max_i64, isa, start, source) == [5, 2, 3])
        #expect(try scattered(CK_scatter_min_i64, isa, start, source) == [-2, 2, -7])
        let (reals, others) = (start.map(Double.init), source.map(Double.init))
        #expect(try scattered(CK_scatter_multiply_f64, isa, reals, others) == [-10, 4, -21])
        #expect(try scattered(CK_scatter_max_f64, isa, reals, others) == [5, 2, 3])
        #expect(try scattered(CK_scatter_min_f64, isa, reals, others) == [-2, 2, -7])
    }

    @Test("NaN stays, whether it was there or came", arguments: KernelISA.available)
    func nan(isa: KernelISA) throws {
        let (start, source): ([Float], [Float]) = ([1, .nan, 3], [.nan, -7, -2, 2])
        #expect(try scattered(CK_scatter_max_f32, isa, start, source).map(\.isNaN) == [true, true, false])
        #expect(try scattered(CK_scatter_min_f32, isa, start, source).map(\.isNaN) == [true, true, false])
        #expect(try scattered(CK_scatter_multiply_f32, isa, start, source)[2] == -21)
    }

    @Test("Slices of integers are added up", arguments: KernelISA.available)
    func indexAdd(isa: KernelISA) throws {
        let out = KernelArray<Int64>([Int64](repeating: .max, count: 2 * 70))
        var launch = KernelLaunch([1, 3, 70], integers: [2])
        launch.add(out, strides: [0, 70, 1])
        launch.add(KernelArray<Int64>((0..<210).map(Int64.init)), strides: [0, 70, 1])
        launch.add(KernelArray<Int64>([1, 1, -2]), strides: [0, 1, 0])
        try launch.run(CK_index_add_i64, isa, items: 2, cut: .single)
        for column in 0..<70 {
            #expect(out.values[column] == .max &+ Int64(140 + column))
            #expect(out.values[70 + column] == .max &+ Int64(70 + 2 * column))
        }
    }

    @Test("Places become an index for each dimension", arguments: KernelISA.available)
    func unravel(isa: KernelISA) throws {
        let out = KernelArray<Int64>([Int64](repeating: -1, count: 9))
        var launch = KernelLaunch([3, 3])
        launch.add(out, strides: [3, 1])
        launch.add(KernelArray<Int64>([0, 17, 23]), strides: [1, 0])
        launch.add(KernelArray<Int64>([2, 3, 4]), strides: [0, 1])
        try launch.run(CK_unravel_i64, isa, items: 3, cut: .single)
        #expect(out.values == [0, 0, 0, 1, 1, 1, 1, 2, 3])
    }
}
