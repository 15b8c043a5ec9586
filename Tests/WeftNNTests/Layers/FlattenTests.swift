import Testing
import WeftNN
import WeftTensor

@Suite struct FlattenTests {
    @Test(arguments: [
        ([2, 3, 4], 1, -1, [2, 12]),
        ([2, 3, 4], 0, -1, [24]),
        ([2, 3, 4], 0, 1, [6, 4]),
        ([2, 3, 4], -2, -1, [2, 12]),
        ([2, 3, 4], 1, 1, [2, 3, 4]),
        ([2, 0, 4], 1, -1, [2, 0]),
        ([2, 3], 1, -1, [2, 3]),
        ([], 0, -1, [1]),
    ])
    func joinsAxes(shape: [Int], start: Int, end: Int, result: [Int]) {
        let input = Tensor(arange: 0..<shape.reduce(1, *)).reshaped(shape)
        let output = Flatten(startAxis: start, endAxis: end)(input)
        #expect(output.shape == result)
        #expect(output.array(of: Int.self) == input.array(of: Int.self))
    }

    @Test(arguments: [(2, -1), (0, 2), (1, 0), (-3, -1)]) func refusesAxesThatCannotBeJoined(start: Int, end: Int) {
        let error = refusal { _ = Flatten(startAxis: start, endAxis: end)(Tensor(zeros: [2, 3])) }
        #expect(error?.message == "axes \(start) to \(end) cannot be joined in shape [2, 3]")
    }
}
