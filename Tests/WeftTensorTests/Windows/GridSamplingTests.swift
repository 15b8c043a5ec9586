import Testing
import WeftTensor

@Suite("Grid sampling")
struct GridSamplingTests {
    private let image = Tensor([[[[1.0, 2], [3, 4]]]])

    @Test("Places between elements are mixed, those outside padded", arguments: GridPaddingMode.allCases)
    func values(padding: GridPaddingMode) {
        let grid = Tensor([[[[0.0, 0], [-0.5, -0.5], [-1.5, -0.5]]]])
        let samples = image.gridSample(grid, paddingMode: padding).array()
        #expect(samples == [2.5, 1, padding == .zeros ? 0 : 1])
        #expect(image.gridSample(grid, mode: .nearest, paddingMode: padding)[0, 0, 0, 1].item() == 1)
    }

    @Test("Gradients flow to image and grid")
    func gradient() {
        let (x, grid) = (image.withRequiresGrad(), Tensor([[[[0.0, 0]]]], requiresGrad: true))
        x.gridSample(grid, alignCorners: true).sum().backward()
        #expect(x.grad?.array() == [0.25, 0.25, 0.25, 0.25])
        #expect(grid.grad?.array() == [0.5, 1])
    }

    @Test("Grids of other sizes are refused")
    func refusals() {
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors { _ = image.gridSample(Tensor(zeros: [2, 1, 1, 2])) }
        }
        #expect(error?.operation == "gridSample")
    }
}
