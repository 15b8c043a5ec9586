import Testing

@testable import WeftRuntime

@Suite("Kernel handles")
struct KernelHandleTests {
    @Test("Every kernel is found by its name")
    func byName() {
        #expect(!KernelHandle.all.isEmpty)
        for handle in KernelHandle.all { #expect(KernelHandle(named: handle.name) == handle) }
        #expect(Set(KernelHandle.all.map(\.name)).count == KernelHandle.all.count)
    }

    @Test("Names say the operation and the dtype")
    func names() {
        #expect(KernelHandle(named: "add_f32")?.name == "add_f32")
        for handle in KernelHandle.all {
            #expect(DType.allCases.contains { handle.name.hasSuffix("_\($0.kernelName)") }, "\(handle.name)")
        }
    }

    @Test(
        "What is not in the table has no handle",
        arguments: ["", "add", "add_f128", "ADD_F32", "add_f32 "]
    )
    func unknown(name: String) {
        #expect(KernelHandle(named: name) == nil)
    }

    @Test("A family holds the kernels of its operation, one per dtype")
    func families() {
        let add = KernelFamily("add")
        #expect(add[.float32]?.name == "add_f32")
        #expect(add[.int64]?.name == "add_i64")
        #expect(KernelFamily("sub")[.bool] == nil)
        #expect(add[.float64]?.name == "add_f64")
        #expect(add[.float16]?.name == "add_f16")
        #expect(add[.bfloat16]?.name == "add_bf16")
        #expect(add.dtypes == [.bool, .int64, .float16, .bfloat16, .float32, .float64])
        #expect(KernelFamily("copy").dtypes == DType.allCases)
        #expect(KernelFamily("exp").dtypes == [.float16, .bfloat16, .float32, .float64])
        #expect(KernelFamily("limit_triad").dtypes == [.float32])
    }

    @Test("A family without any kernel is a mistake in the program")
    func emptyFamily() async {
        await #expect(processExitsWith: .failure) { _ = KernelFamily("no_such_operation") }
    }

    @Test("Dtypes are promoted by category, and within floating point to what holds both")
    func promotion() {
        // What PyTorch gives. Narrower integers are asked of tensors.
        let dtypes: [DType] = [.bool, .int64, .float16, .bfloat16, .float32, .float64]
        let table: [[DType]] = [
            [.bool, .int64, .float16, .bfloat16, .float32, .float64],
            [.int64, .int64, .float16, .bfloat16, .float32, .float64],
            [.float16, .float16, .float16, .float32, .float32, .float64],
            [.bfloat16, .bfloat16, .float32, .bfloat16, .float32, .float64],
            [.float32, .float32, .float32, .float32, .float32, .float64],
            [.float64, .float64, .float64, .float64, .float64, .float64],
        ]
        for (i, a) in dtypes.enumerated() {
            for (j, b) in dtypes.enumerated() { #expect(DType.promoted(a, b) == table[i][j], "\(a), \(b)") }
        }
        #expect(DType.allCases.map(\.size) == [1, 1, 1, 2, 4, 8, 2, 2, 4, 8])
        #expect(DType.allCases.filter(\.isFloatingPoint) == [.float16, .bfloat16, .float32, .float64])
        #expect(DType.allCases.filter(\.isInteger) == [.uint8, .int8, .int16, .int32, .int64])
    }
}
