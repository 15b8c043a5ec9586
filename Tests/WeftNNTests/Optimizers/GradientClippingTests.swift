import Testing
import WeftNN
import WeftTensor

@Suite struct GradientClippingTests {
    /// Parameters with these gradients.
    private func parameters(_ gradients: [[Double]?], dtype: DType = .float32) -> [Parameter] {
        gradients.map { gradient in
            let parameter = Parameter(Tensor(zeros: [gradient?.count ?? 1], dtype: dtype))
            parameter.grad = gradient.map { Tensor($0, dtype: dtype) }
            return parameter
        }
    }

    private func gradients(_ parameters: [Parameter]) -> [[Float]?] { parameters.map { $0.grad?.array() } }

    @Test func scalesAllGradientsByOneNumber() {
        let parameters = parameters([[3], nil, [0, 4]])
        let norm = clipGradNorm(parameters, maxNorm: 1)
        #expect(norm.item() == 5)
        #expect(norm.shape == [] && norm.dtype == .float32)
        let factor = 1 / (5 + 1e-6)
        #expect(areClose(parameters[0].grad!.array(), [3 * factor], tolerance: 1e-7))
        #expect(parameters[1].grad == nil)
        #expect(areClose(parameters[2].grad!.array(), [0, 4 * factor], tolerance: 1e-7))
    }

    @Test func leavesSmallGradientsAlone() {
        let parameters = parameters([[3], [4]])
        #expect(clipGradNorm(parameters, maxNorm: 5.1).item() == 5)
        #expect(gradients(parameters) == [[3], [4]])
        #expect(clipGradNorm(parameters, maxNorm: .infinity).item() == 5)
        #expect(gradients(parameters) == [[3], [4]])
    }

    @Test(arguments: [
        (1.0, 10.0), (2.0, 5.477225575051661), (3.0, 4.641588833612779), (0.5, 37.776565693), (.infinity, 4.0),
    ])
    func hasTheNormOfAnyOrder(order: Double, expected: Double) {
        for dtype in [DType.float32, .float64] {
            let norm = clipGradNorm(parameters([[1, -2], [3, -4]], dtype: dtype), maxNorm: 100, normType: order)
            #expect(abs(norm.item() - expected) < 2e-6 * expected)
            #expect(norm.dtype == dtype)
        }
    }

    /// PyTorch 2.13.
    @Test func infiniteGradientsBecomeNaNAndOthersZero() {
        let parameters = parameters([[.infinity, 1], [2]])
        #expect(clipGradNorm(parameters, maxNorm: 1).item() == .infinity)
        #expect(parameters[0].grad![0].item().isNaN)
        #expect(parameters[0].grad![1].item() == 0)
        #expect(parameters[1].grad!.item() == 0)
    }

    @Test(arguments: [1.0, 2.0, 3.0, .infinity]) func aNaNSpreadsToAll(order: Double) {
        let parameters = parameters([[.nan, 1], [2]])
        #expect(clipGradNorm(parameters, maxNorm: 1, normType: order).item().isNaN)
        #expect(parameters.allSatisfy { $0.grad!.array().allSatisfy(\.isNaN) })
    }

    @Test func refusesANormThatIsNotFiniteIfAskedTo() {
        for gradient in [Double.nan, .infinity] {
            let parameters = parameters([[gradient], [2]])
            let error = refusal { clipGradNorm(parameters, maxNorm: 1, errorIfNonfinite: true) }
            #expect(error?.operation == "clipGradNorm")
            #expect(
                error?.message == "the norm of order 2.0 of all gradients is \(gradient); they are left as they are"
            )
            #expect(error?.file?.hasSuffix("GradientClippingTests.swift") == true)
            #expect(parameters[1].grad?.item() == 2)
        }
    }

    @Test func findsNormsWhoseSquaresOverflowOrVanish() {
        for (value, dtype) in [(1e30, DType.float32), (1e-30, .float32), (1e300, .float64), (1e-300, .float64)] {
            let parameters = parameters([[3 * value], [-4 * value]], dtype: dtype)
            let norm = clipGradNorm(parameters, maxNorm: .infinity).item()
            #expect(abs(norm / value - 5) < 1e-6)
        }
        #expect(clipGradNorm(parameters([[1e-45, 0]]), maxNorm: 1).item() == Double(Float(1e-45)))
        #expect(clipGradNorm(parameters([[0, 0]]), maxNorm: 1).item() == 0)
    }

    @Test func takesGradientsOfDifferentDTypesTogether() {
        let mixed =
            parameters([[3]], dtype: .float16) + parameters([[4]], dtype: .bfloat16)
            + parameters([[12]], dtype: .float32)
        let norm = clipGradNorm(mixed, maxNorm: 6.5)
        #expect(norm.item() == 13 && norm.dtype == .float32)
        #expect(areClose(mixed.map { Float($0.grad!.item()) }, [1.5, 2, 6]))
        #expect(mixed.map { $0.grad!.dtype } == [.float16, .bfloat16, .float32])
        #expect(clipGradNorm(parameters([[3]], dtype: .float16), maxNorm: 9).dtype == .float16)
    }

    @Test func hasNoNormWithoutGradients() {
        #expect(clipGradNorm([], maxNorm: 1).item() == 0)
        #expect(clipGradNorm(parameters([nil]), maxNorm: 1).item() == 0)
    }

    @Test func countsAParameterOnce() {
        let parameter = parameters([[4]])[0]
        #expect(clipGradNorm([parameter, parameter], maxNorm: 2).item() == 4)
        #expect(areClose(parameter.grad!.array(), [2]))
    }

    @Test func leavesSnapshotsOfGradientsAlone() {
        let parameters = parameters([[3], [4]])
        let before = parameters[0].grad!
        clipGradNorm(parameters, maxNorm: 1)
        clipGradValue(parameters, clipValue: 0.1)
        #expect(before.array() == [3])
    }

    /// Long enough for several parts and threads, and cut at odd places.
    @Test(arguments: [DType.float32, .float64, .float16, .bfloat16])
    func agreesWithAReferenceOverManyParameters(dtype: DType) {
        let sizes = [100_000, 1, 16_384, 0, 37, 50_001]
        let parameters = withRandomSeed(5) {
            sizes.map { size in
                let parameter = Parameter(Tensor(zeros: [size], dtype: dtype))
                parameter.grad = Tensor(normal: [size], dtype: dtype)
                return parameter
            }
        }
        let values = parameters.map { $0.grad!.array(of: Double.self) }
        let exact = values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
        let norm = clipGradNorm(parameters, maxNorm: 1).item()
        let tolerance = [DType.float32: 1e-6, .float64: 1e-14, .float16: 1e-3, .bfloat16: 8e-3][dtype]!
        #expect(abs(norm / exact - 1) < tolerance)
        for (parameter, values) in zip(parameters, values) {
            let clipped = parameter.grad!.array(of: Double.self)
            let isClose = zip(clipped, values).allSatisfy { abs($0 - $1 / exact) <= tolerance * abs($1) + 1e-7 }
            #expect(isClose)
        }
    }

    @Test func keepsValuesWithinBounds() {
        let parameters = parameters([[-3, -0.5, 0, 0.5, 3], nil, [.infinity, -.infinity, .nan]])
        clipGradValue(parameters, clipValue: 1)
        #expect(parameters[0].grad!.array() == [-1, -0.5, 0, 0.5, 1])
        #expect(parameters[1].grad == nil)
        let last = parameters[2].grad!.array()
        #expect(last[0] == 1 && last[1] == -1 && last[2].isNaN)
    }

    @Test func refusesBoundsThatMakeNoSense() {
        let parameters = parameters([[3]])
        #expect(
            refusal { clipGradNorm(parameters, maxNorm: -1) }?.message
                == "the greatest norm is -1.0; it must be 0 or more"
        )
        #expect(
            refusal { clipGradNorm(parameters, maxNorm: 1, normType: 0) }?.message
                == "the order of the norm is 0.0; it must be above 0"
        )
        #expect(
            refusal { clipGradValue(parameters, clipValue: .nan) }?.message
                == "the greatest value is nan; it must be 0 or more"
        )
        #expect(gradients(parameters) == [[3]])
    }

    @Test func isFollowedByAStepOfTheClippedGradients() {
        let parameters = parameters([[30], [40]])
        let optimizer = SGD(parameters, learningRate: 1)
        clipGradNorm(parameters, maxNorm: 5)
        optimizer.step()
        #expect(areClose(parameters.map { $0.value.array()[0] }, [-3, -4]))
    }
}
