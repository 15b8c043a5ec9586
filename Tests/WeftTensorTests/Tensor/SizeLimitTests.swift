import Testing
import WeftTensor

@Suite("Sizes that cannot be counted")
struct SizeLimitTests {
    @Test("Two views that broadcast to more elements than can be counted are refused")
    func broadcastBeyondCounting() throws {
        let row = Tensor(ones: [1, 1]).expanded(to: [1 << 32, 1])
        let column = Tensor(ones: [1, 1]).expanded(to: [1, 1 << 32])
        let error = #expect(throws: TensorError.self) { try withTensorErrors { row + column } }
        #expect(error?.operation == "add")
        #expect(error?.message.contains("out of memory") == true)
    }

    @Test("Ranges longer than memory are refused", arguments: [0..<(1 << 61), Int.min..<Int.max])
    func longRanges(range: Range<Int>) {
        #expect(throws: TensorError.self) { try withTensorErrors { Tensor(arange: range) } }
    }

    @Test("A range that ends with the largest number is out of bounds and does not trap")
    func largestBound() {
        let tensor = Tensor([1.0, 2.0])
        #expect(throws: TensorError.self) { try withTensorErrors { tensor[0...Int.max] } }
        #expect(throws: TensorError.self) { try withTensorErrors { tensor[...Int.max] } }
    }
}
