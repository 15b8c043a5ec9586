import Testing
import WeftRuntime

@testable import WeftTensor

/// What the tape keeps of which operation ran.
@Suite("Recorded operations")
struct RecordedOperationTests {
    private func operation(_ tensor: Tensor) -> RecordedOperation? {
        if case .operation(let entry) = tensor.tracking { entry.operation } else { nil }
    }

    @Test("An entry has the handle of the kernel that ran, for the dtype that it ran in")
    func kernels() throws {
        for dtype in [DType.float32, .float64, .bfloat16] {
            let x = Tensor(ones: [2, 3], dtype: dtype, requiresGrad: true)
            #expect(operation(x.exp())?.kernel == KernelHandle(named: "exp_\(dtype.kernelName)"))
            #expect(operation(x + x)?.kernel == KernelHandle(named: "add_\(dtype.kernelName)"))
            #expect(operation(x.sum())?.kernel == KernelHandle(named: "sum_\(dtype.kernelName)"))
            #expect(operation(x.max())?.kernel == KernelHandle(named: "max_\(dtype.kernelName)"))
            #expect(operation(matmul(x, x.T))?.kernel == KernelHandle(named: "gemm_\(dtype.kernelName)"))
        }
    }

    @Test("An entry has the handle of the kernel that its derivative launches, where it is one")
    func derivatives() {
        let x = Tensor(ones: [2, 3], requiresGrad: true)
        #expect(operation(x.tanh())?.derivative == KernelHandle(named: "tanh_backward_f32"))
        #expect(operation(x.gelu())?.derivative == KernelHandle(named: "gelu_backward_f32"))
        #expect(operation(x.softmax(axis: 1))?.derivative == KernelHandle(named: "softmax_backward_f32"))
        #expect(operation(x.cumulativeSum(axis: 1))?.derivative == KernelHandle(named: "cumulative_sum_f32"))
        #expect(operation(x.layerNorm([3]))?.derivative == KernelHandle(named: "layer_norm_backward_f32"))
        #expect(operation(x * x)?.derivative == nil)
    }

    @Test("Names follow from the kernel, but for what no kernel or another one is named after")
    func names() {
        let x = Tensor(ones: [2, 3], requiresGrad: true)
        #expect(x.logSoftmax(axis: 1).gradFn == "log_softmax")
        #expect(x.mean().gradFn == "mean")
        #expect(x.reshaped([6]).gradFn == "reshape")
        #expect(x.to(.float64).gradFn == "to")
        #expect(x.gather(axis: 0, Tensor([[0, 1, 0]])).gradFn == "gather")
        #expect(x.standardDeviation().gradFn == "standard_deviation")
        #expect(x.linear(x.detached(), nil, .tanh, at: CallSite(#fileID, #line)).gradFn == "tanh")
    }

    @Test("Two handles and a name take no more of an entry than the name alone would")
    func size() {
        #expect(MemoryLayout<RecordedOperation>.size < MemoryLayout<StaticString>.size)
    }
}
