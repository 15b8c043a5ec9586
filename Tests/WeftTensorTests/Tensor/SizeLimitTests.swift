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
        #expect(error?.message.contains("more elements than can be addressed") == true)
    }

    @Test("Ranges longer than memory are refused", arguments: [0..<(1 << 61), Int.min..<Int.max])
    func longRanges(range: Range<Int>) {
        #expect(throws: TensorError.self) { try withTensorErrors { Tensor(arange: range) } }
    }

    @Test("A range that begins with the smallest number or ends with the largest takes what there is")
    func largestBound() {
        let tensor = Tensor([1.0, 2.0])
        #expect(tensor[0...Int.max].array() == [1, 2])
        #expect(tensor[...Int.max].array() == [1, 2])
        #expect(tensor[Int.min..<1].array() == [1])
    }
}
