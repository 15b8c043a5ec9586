import Synchronization
import Testing
import Weft

// The code of the article "The first hour". What stands between the marks stands in the article too, which `GuideTests`
// checks; what the comments say that it prints is compared here with what it prints.

/// What a snippet prints.
private final class Lines: Sendable {
    let all = Mutex<[String]>([])
    @TaskLocal static var current: Lines?
}

/// In place of the library's: keeps what a snippet prints.
private func print(_ item: Any) {
    let text = Guide.collapsed("\(item)")
    Lines.current?.all.withLock { $0.append(text) }
}

/// Runs `code`, the snippet `name`, and compares what it prints with its comments.
private func snippet(
    _ name: String,
    at place: SourceLocation = #_sourceLocation,
    _ code: () async throws -> Void
) async throws {
    let text = try #require(try Guide.snippets()[name], sourceLocation: place)
    let lines = Lines()
    try await Lines.$current.withValue(lines) { try await code() }
    let printed = lines.all.withLock { $0 }
    let promised = Guide.promisedOutput(of: text)
    #expect(printed.count == promised.count, sourceLocation: place)
    for (printed, promised) in zip(printed, promised) where promised != nil {
        #expect(printed == promised, sourceLocation: place)
    }
}

struct FirstHourTests {
    @Test func `Tensors and their arithmetic`() async throws {
        try await snippet("tensors") {
            // snippet: tensors
            let a = Tensor([[1.0, 2.0], [3.0, 4.0]])
            let ones = Tensor(ones: [2])
            print(a + ones)  // tensor([[2., 3.],
            //                          [4., 5.]])
            print(a.sum(axis: 0))  // tensor([4., 6.])
            print(matmul(a, a.T).shape)  // [2, 2]
            print(a[0, 1].item())  // 2.0
            print(a.array())  // [1.0, 2.0, 3.0, 4.0]
            // end
        }
        try await snippet("values") {
            // snippet: values
            let original = Tensor([1.0, 2.0, 3.0])
            var changed = original
            changed += 10
            print(original)  // tensor([1., 2., 3.])
            print(changed)  // tensor([11., 12., 13.])
            // end
        }
    }

    @Test func `Indexing`() async throws {
        try await snippet("indexing") {
            // snippet: indexing
            var t = Tensor(arange: 0..<12).reshaped([3, 4])
            print(t[0])  // tensor([0, 1, 2, 3])
            print(t[-1, 1..<3])  // tensor([ 9, 10])
            print(t[.ellipsis, 0])  // tensor([0, 4, 8])
            print(t[.newAxis].shape)  // [1, 3, 4]
            print(t[Tensor([2, 0])].shape)  // [2, 4]
            print(t[0..., Tensor([3, 0])].shape)  // [3, 2]
            t[0, ..<2] = Tensor([7, 8])
            t[0, 2] = 9
            print(t[0])  // tensor([7, 8, 9, 3])
            // end
        }
        try await snippet("comparing") {
            // snippet: comparing
            let scores = Tensor([0.2, 0.9, 0.4])
            let high = scores .> 0.3 .& scores .< 0.8
            print(high)  // tensor([false, false, true])
            print(high.sum())  // tensor(1)
            print(scores[.!high])  // tensor([0.2000, 0.9000])
            print(scores.masked(high, with: 0))  // tensor([0.2000, 0.9000, 0.0000])
            print(`where`(high, 1.0, scores))  // tensor([0.2000, 0.9000, 1.0000])
            // end
        }
    }

    @Test func `Types`() async throws {
        try await snippet("types") {
            // snippet: types
            print(Tensor([1.5]).dtype)  // float32
            print(Tensor([1, 2]).dtype)  // int64
            print((Tensor([1, 2]) + Tensor([0.5])).dtype)  // float32
            print((Tensor([1, 2]) / 2).dtype)  // float32
            print(Tensor([1.0, 2.0], dtype: .float64).dtype)  // float64
            print(Tensor([1.0, 2.0]).to(.bfloat16).dtype)  // bfloat16
            // end
        }
    }

    @Test func `Gradients`() async throws {
        try await snippet("gradients") {
            // snippet: gradients
            let w = Tensor([1.0, 2.0], requiresGrad: true)
            let loss = (w * w).sum()
            loss.backward()
            print(w.grad!)  // tensor([2., 4.])
            w.zeroGrad()
            // end
        }
        try await snippet("second derivatives") {
            // snippet: second derivatives
            let x = Tensor(2.0, requiresGrad: true)
            let slope = grad(of: x * x * x, withRespectTo: [x], createGraph: true)[0]
            let curvature = grad(of: slope, withRespectTo: [x])[0]
            print(curvature)  // tensor(12.)
            // end
        }
        try await snippet("own derivative") {
            // snippet: own derivative
            let x = Tensor([0.5, -3.0], requiresGrad: true)
            let y = differentiable("binarized", x) {
                $0.sign()
            } derivative: { gradient, step in
                gradient * (step.inputs[0].abs() .<= 1).to(.float32)
            }
            y.sum().backward()
            print(x.grad!)  // tensor([1., 0.])
            // end
        }
    }

    @Test func `Training, saving and using a model`() async throws {
        try await inTemporaryFolder { folder in try await Self.train(path: folder + "/run.safetensors") }
    }

    private static func train(path: String) async throws {
        try await snippet("model") {
            // snippet: model
            final class Classifier: Module {
                let hidden = Linear(2, 16, activation: .tanh)
                let dropout = Dropout(0.1)
                let output = Linear(16, 2)

                func callAsFunction(_ x: Tensor) -> Tensor { output(dropout(hidden(x))) }
            }
            let model = Classifier()
            print(model.parameterCount)  // 82
            print(model.namedParameters.map(\.name)[0])  // hidden.weight
            // end

            try await snippet("training") {
                // snippet: training
                let inputs = Tensor(normal: [500, 2])
                let labels = (inputs[0..., 0] * inputs[0..., 1] .> 0).to(.int64)
                let optimizer = AdamW(model, learningRate: 0.01)
                for _ in 0..<20 {
                    let order = Tensor(permutation: 500)
                    for start in stride(from: 0, to: 500, by: 64) {
                        let batch = order[start..<start + 64]
                        optimizer.zeroGrad()
                        let loss = crossEntropy(model(inputs[batch]), labels[batch])
                        loss.backward()
                        clipGradNorm(model.parameters, maxNorm: 1)
                        optimizer.step()
                    }
                }
                // end

                try await snippet("evaluation") {
                    // snippet: evaluation
                    let classes = withMode(.evaluation) {
                        noGrad { model(inputs).argmax(axis: 1) }
                    }
                    let accuracy = (classes .== labels).to(.float32).mean().item()
                    // end
                    #expect(accuracy > 0.8)
                }

                try await snippet("saving") {
                    // snippet: saving
                    try model.save(to: path)
                    let copy = Classifier()
                    try copy.load(from: path)
                    // end
                    #expect(copy.hidden.weight.value.array() == model.hidden.weight.value.array())
                }

                try await snippet("checkpoint") {
                    // snippet: checkpoint
                    let parts: [String: any Checkpointable] = ["model": model, "optimizer": optimizer]
                    try saveCheckpoint(parts, to: path, metadata: ["epoch": "20"])
                    let metadata = try loadCheckpoint(path, into: parts)
                    print(metadata["epoch"]!)  // 20
                    // end
                }
            }
        }
    }

    @Test func `Randomness`() async throws {
        try await snippet("randomness") {
            // snippet: randomness
            let first = withRandomSeed(7) { Tensor(normal: [3]) }
            let again = withRandomSeed(7) { Tensor(normal: [3]) }
            print(first.array() == again.array())  // true
            let own = RandomGenerator(seed: 7)
            print(Tensor(uniform: [2, 3], in: -1..<1, generator: own).shape)  // [2, 3]
            let place = own.state
            let next = Tensor(permutation: 10, generator: own)
            own.state = place
            print(Tensor(permutation: 10, generator: own).array() == next.array())  // true
            // end
        }
    }

    @Test func `Errors`() async throws {
        try await snippet("errors") {
            // snippet: errors
            let weights = Tensor(zeros: [3, 2])
            do {
                _ = try withTensorErrors { matmul(Tensor([[1.0, 2.0]]), weights).array() }
            } catch let error as TensorError {
                print(error.operation)  // matmul
            }
            // end
        }
        try await snippet("file errors") {
            // snippet: file errors
            do {
                _ = try loadSafetensors("missing.safetensors")
            } catch {
                print(error is SafetensorsError)  // true
            }
            // end
        }
    }

    @Test func `Tasks share a model`() async throws {
        try await snippet("tasks") {
            // snippet: tasks
            let model = Sequential(Linear(4, 8), ReLU(), Linear(8, 2))
            let shapes = await withTaskGroup(of: [Int].self) { group in
                for batch in 1...4 {
                    group.addTask {
                        withMode(.evaluation) { noGrad { model(Tensor(ones: [batch, 4])).shape } }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            print(shapes.count)  // 4
            // end
        }
    }
}
