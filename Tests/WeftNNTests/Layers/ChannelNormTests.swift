import Testing
import WeftNN
import WeftTensor

@Suite struct ChannelNormTests {
    @Test func haveTheStateOfPyTorch() {
        let names = ["bias", "num_batches_tracked", "running_mean", "running_var", "weight"]
        let layer = BatchNorm2d(3)
        #expect(layer.stateDict.keys.sorted() == names)
        #expect(layer.stateDict["weight"]?.array() == [1, 1, 1])
        #expect(layer.stateDict["bias"]?.array() == [0, 0, 0])
        #expect(layer.stateDict["running_mean"]?.array() == [0, 0, 0])
        #expect(layer.stateDict["running_var"]?.array() == [1, 1, 1])
        #expect(layer.stateDict["num_batches_tracked"]?.dtype == .int64)
        #expect(layer.stateDict["num_batches_tracked"]?.shape == [])
        #expect(layer.parameters.count == 2)
        #expect(BatchNorm1d(3, affine: false).stateDict.keys.sorted() == Array(names[1...3]))
        #expect(BatchNorm3d(3, trackRunningStats: false, bias: false).stateDict.keys.sorted() == ["weight"])
        #expect(InstanceNorm2d(3).stateDict.isEmpty)
        #expect(InstanceNorm1d(3, affine: true, trackRunningStats: true).stateDict.keys.sorted() == names)
        #expect(GroupNorm(1, 3).stateDict.keys.sorted() == ["bias", "weight"])
        #expect(GroupNorm(1, 3, affine: false).stateDict.isEmpty)
        #expect(LocalResponseNorm(2).stateDict.isEmpty)
    }

    @Test func followBatchesWhileTrainingAndKeepThemInEvaluation() throws {
        let layer = BatchNorm1d(1)
        let x = Tensor([[0.0], [2.0]])
        #expect(areClose(layer(x).array(), [-1, 1], tolerance: 1e-5))
        #expect(areClose(try #require(layer.runningMean).value.array(), [0.1]))
        #expect(areClose(try #require(layer.runningVar).value.array(), [1.1]))
        #expect(layer.numBatchesTracked?.value.item() == 1)
        let evaluated = withMode(.evaluation) { layer(x) }
        #expect(areClose(evaluated.array(), [-0.095346, 1.811571], tolerance: 1e-5))
        #expect(layer.numBatchesTracked?.value.item() == 1)
        #expect(layer.runningMean?.value.requiresGrad == false)
    }

    @Test func averageAllBatchesWithoutAMomentum() throws {
        let layer = BatchNorm1d(1, momentum: nil)
        _ = layer(Tensor([[0.0], [2.0]]))
        _ = layer(Tensor([[0.0], [4.0]]))
        #expect(areClose(try #require(layer.runningMean).value.array(), [1.5]))
        #expect(areClose(try #require(layer.runningVar).value.array(), [5]))
        // Instance norm takes no momentum for none at all.
        let instance = InstanceNorm1d(2, momentum: nil, trackRunningStats: true)
        _ = instance(Tensor(arange: 0..<12).to(.float32).reshaped([3, 2, 2]))
        #expect(instance.runningMean?.value.array() == [0, 0])
    }

    @Test func takeTheStatisticsOfTheBatchWhereNoneAreKept() {
        let layer = BatchNorm1d(1, trackRunningStats: false)
        let result = withMode(.evaluation) { layer(Tensor([[0.0], [2.0]])) }
        #expect(areClose(result.array(), [-1, 1], tolerance: 1e-5))
    }

    @Test func averageTheStatisticsOfImages() throws {
        let layer = InstanceNorm1d(2, trackRunningStats: true)
        let x = Tensor(arange: 0..<12).to(.float32).reshaped([3, 2, 2])
        #expect(areClose(layer(x).array(), (0..<12).map { $0 % 2 == 0 ? -1 : 1 }, tolerance: 1e-4))
        #expect(areClose(try #require(layer.runningMean).value.array(), [0.45, 0.65]))
        #expect(areClose(try #require(layer.runningVar).value.array(), [0.95, 0.95]))
        #expect(layer.numBatchesTracked?.value.item() == 0)
        let one = withMode(.evaluation) { layer(x[0]) }
        #expect(one.shape == [2, 2])
        #expect(areClose(one.array(), [-0.4617, 0.5643, 1.3851, 2.4110], tolerance: 1e-4))
        // One value a channel does where statistics stand in.
        #expect(withMode(.evaluation) { layer(Tensor(ones: [1, 2, 1])) }.shape == [1, 2, 1])
    }

    @Test func normalizeGroupsAndNeighbours() {
        let layer = GroupNorm(2, 4, epsilon: 0)
        layer.weight?.value = Tensor([1.0, 1.0, 2.0, 2.0])
        layer.bias?.value = Tensor([0.0, 0.0, 0.0, 1.0])
        #expect(layer(Tensor([[1.0, 5.0, 5.0, 1.0]])).array() == [-1, 1, 2, -1])
        let response = LocalResponseNorm(2, alpha: 2, beta: 1, k: 1)
        let responses = response(Tensor([[[1.0], [2.0]]])).array()
        #expect(responses[0] == 0.5 && abs(responses[1] - 2.0 / 6) <= 1e-7)
    }

    @Test func passGradientsToTheirParameters() {
        let layers: [any Layer] = [BatchNorm2d(4), GroupNorm(2, 4), InstanceNorm2d(4, affine: true)]
        let x = Tensor(normal: [3, 4, 2, 5], generator: RandomGenerator(seed: 1))
        for layer in layers {
            layer(x).sum().backward()
            #expect(layer.parameters.map { $0.grad?.shape } == [[4], [4]])
            #expect(layer.parameters[1].grad?.array() == [30, 30, 30, 30])
        }
    }

    @Test func acceptTheShapesOfTheirRank() {
        #expect(BatchNorm1d(3)(Tensor(ones: [2, 3])).shape == [2, 3])
        #expect(BatchNorm1d(3)(Tensor(ones: [2, 3, 5])).shape == [2, 3, 5])
        #expect(BatchNorm3d(3)(Tensor(ones: [2, 3, 2, 2, 2])).shape == [2, 3, 2, 2, 2])
        #expect(InstanceNorm3d(3)(Tensor(ones: [3, 2, 2, 2])).shape == [3, 2, 2, 2])
        #expect(BatchNorm2d(3)(Tensor(ones: [0, 3, 2, 2])).shape == [0, 3, 2, 2])
        let model = Sequential(Linear(4, 3), BatchNorm1d(3))
        #expect(model(Tensor(ones: [2, 4])).shape == [2, 3])
        #expect(model.stateDict.keys.contains("1.running_mean"))
    }

    private static let refused: [(name: String, part: String, body: @Sendable () -> Void)] = [
        ("BatchNorm2d", "[2, 4]", { _ = BatchNorm2d(4)(Tensor(zeros: [2, 4])) }),
        ("BatchNorm1d", "[n, 4]", { _ = BatchNorm1d(4)(Tensor(zeros: [2, 3])) }),
        ("BatchNorm3d", "[n, 2, d, h, w]", { _ = BatchNorm3d(2)(Tensor(zeros: [2, 2, 2])) }),
        ("BatchNorm2d", "one value", { _ = BatchNorm2d(4)(Tensor(zeros: [1, 4, 1, 1])) }),
        ("BatchNorm1d", "-1", { _ = BatchNorm1d(-1) }),
        ("InstanceNorm2d", "[n, 4, h, w]", { _ = InstanceNorm2d(4)(Tensor(zeros: [3, 5])) }),
        ("InstanceNorm1d", "one value", { _ = InstanceNorm1d(4)(Tensor(zeros: [2, 4, 1])) }),
        ("GroupNorm", "3 channels", { _ = GroupNorm(2, 3) }),
        ("GroupNorm", "[n, 4, …]", { _ = GroupNorm(2, 4)(Tensor(zeros: [2, 3])) }),
        ("LocalResponseNorm", "window is 0", { _ = LocalResponseNorm(0) }),
    ]

    @Test func refuseWhatDoesNotFit() {
        for (name, part, body) in Self.refused {
            let error = #expect(throws: TensorError.self) { try withTensorErrors { body() } }
            #expect(error?.operation == name)
            #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
        }
    }

    @Test func changeNothingWhenABatchIsRefused() {
        let layer = BatchNorm1d(2)
        #expect(throws: TensorError.self) { try withTensorErrors { _ = layer(Tensor(zeros: [1, 2])) } }
        #expect(layer.numBatchesTracked?.value.item() == 0)
        #expect(layer.runningVar?.value.array() == [1, 1])
    }

    @Test func serveManyTasksInEvaluation() async {
        let layer = BatchNorm2d(3)
        let x = Tensor(normal: [2, 3, 4, 4], generator: RandomGenerator(seed: 1))
        _ = layer(x)
        let expected = withMode(.evaluation) { layer(x).array() }
        await withTaskGroup(of: [Float].self) { group in
            for _ in 0..<8 { group.addTask { withMode(.evaluation) { noGrad { layer(x).array() } } } }
            for await result in group { #expect(result == expected) }
        }
        #expect(layer.numBatchesTracked?.value.item() == 1)
    }
}
