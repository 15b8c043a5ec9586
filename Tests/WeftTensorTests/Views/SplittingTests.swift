import Testing

@testable import WeftTensor

@Suite("Splitting, repeating and turning")
struct SplittingTests {
    private let x = Tensor(arange: 0..<10)

    @Test("Parts that do not divide evenly go by each function's rule")
    func uneven() {
        #expect(x.split(size: 4).map(\.count) == [4, 4, 2])
        #expect(x.chunked(into: 4).map(\.count) == [3, 3, 3, 1])
        #expect(x.tensorSplit(into: 4).map(\.count) == [3, 3, 2, 2])
        #expect(x.tensorSplit(at: [2, -1, 1]).map(\.count) == [2, 7, 0, 9])
        expectRefusal("hsplit", "do not make 3 even parts") { _ = x.hsplit(into: 3) }
        expectRefusal("split", "do not add up") { _ = x.split(sizes: [4, 4]) }
    }

    @Test("A refused split stands for as many parts as were asked for")
    func standIns() {
        _ = try? withTensorErrors { #expect(x.split(sizes: [1, 2, 3]).count == 3) }
        _ = try? withTensorErrors { #expect(Tensor(1).unstacked().count == 1) }
    }

    @Test("Repeating whole tensors and single elements")
    func repeating() {
        let x = Tensor([1.0, 2], requiresGrad: true)
        #expect(x.repeated([2, 2]).array() == [1, 2, 1, 2, 1, 2, 1, 2])
        #expect(x.repeatedInterleaved(Tensor([0, 2])).array() == [2, 2])
        (x.tiled([3]) * x.repeatedInterleaved(3)).sum().backward()
        #expect(x.grad?.array() == [8, 10])
        expectRefusal("repeated", "a count is wanted for each dimension") { _ = x.repeated([]) }
    }

    @Test("Orders turned around and round")
    func orders() {
        let matrix = Tensor([[1, 2], [3, 4], [5, 6]])
        #expect(matrix.flipped(axes: [0, 1]).array(of: Int.self) == [6, 5, 4, 3, 2, 1])
        #expect(matrix.rotated90().array(of: Int.self) == [2, 4, 6, 1, 3, 5])
        #expect(matrix.rotated90(-1).array(of: Int.self) == [5, 3, 1, 6, 4, 2])
        #expect(matrix.rolled(1).array(of: Int.self) == [6, 1, 2, 3, 4, 5])
        #expect(matrix.rolled([-1, 3], axes: [0, 1]).array(of: Int.self) == [4, 3, 6, 5, 2, 1])
        expectRefusal("rolled", "do not go with axes") { _ = matrix.rolled([1], axes: []) }
    }

    @Test("Grids, blocks and triangles")
    func joining() {
        let grid = meshgrid([Tensor([1, 2]), Tensor([3, 4, 5])], order: .cartesian)
        #expect(grid[0].shape == [3, 2])
        #expect(grid[0].array(of: Int.self) == [1, 2, 1, 2, 1, 2])
        #expect(blockDiagonal([Tensor(7), Tensor([[1, 2]])]).array(of: Int.self) == [7, 0, 0, 0, 1, 2])
        #expect(Tensor([[Float.nan, 1], [2, 3]]).upperTriangle(diagonal: 1).array() == [0, 1, 0, 0])
        #expect(Tensor(identity: 2, columns: 3).array() == [1, 0, 0, 0, 1, 0])
    }

    @Test("Ranges of numbers")
    func ranges() {
        #expect(Tensor(arange: 5, to: 0, by: -2).array(of: Int.self) == [5, 3, 1])
        #expect(Tensor(arange: 0.0, to: 1.0, by: 0.25).array() == [0, 0.25, 0.5, 0.75])
        #expect(Tensor(linspace: 0, 1, count: 5).array() == [0, 0.25, 0.5, 0.75, 1])
        expectRefusal("arange", "do not lead from 0 to 3") { _ = Tensor(arange: 0, to: 3, by: -1) }
    }
}
