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
            #expect(["_f32", "_i64", "_bool"].contains { handle.name.hasSuffix($0) }, "\(handle.name)")
        }
    }

    @Test(
        "What is not in the table has no handle",
        arguments: ["", "add", "add_f64", "ADD_F32", "add_f32 "]
    )
    func unknown(name: String) {
        #expect(KernelHandle(named: name) == nil)
    }

    @Test("A family holds the kernels of its operation, one per dtype")
    func families() {
        let add = KernelFamily("add")
        #expect(add[.float32]?.name == "add_f32")
        #expect(add[.int64]?.name == "add_i64")
        #expect(add[.bool] == nil)
        #expect(add.dtypes == [.int64, .float32])
        #expect(KernelFamily("copy").dtypes == [.bool, .int64, .float32])
        #expect(KernelFamily("exp").dtypes == [.float32])
    }

    @Test("A family without any kernel is a mistake in the program")
    func emptyFamily() async {
        await #expect(processExitsWith: .failure) { _ = KernelFamily("no_such_operation") }
    }

    @Test("Dtypes are promoted by category: bool, integers, floating point")
    func promotion() {
        let ordered: [DType] = [.bool, .int64, .float32]
        for (i, a) in ordered.enumerated() {
            for (j, b) in ordered.enumerated() { #expect(DType.promoted(a, b) == ordered[max(i, j)]) }
        }
        #expect(ordered.map(\.size) == [1, 8, 4])
    }
}
