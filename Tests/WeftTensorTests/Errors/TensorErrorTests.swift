import Testing

@testable import WeftTensor

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Errors")
struct TensorErrorTests {
    @Test("A mistake names the operation, the shapes and the caller's line")
    func methodsNameTheLine() throws {
        let line = #line + 1
        let error = expectRefusal("reshaped", "[2, 3]", "[7]") { _ = Tensor(zeros: [2, 3]).reshaped([7]) }
        #expect(error?.line == UInt(line))
        #expect(error?.file == "WeftTensorTests/TensorErrorTests.swift")
        #expect(
            error?.description
                == "reshaped: [2, 3] has 6 elements, but [7] holds 7 (WeftTensorTests/TensorErrorTests.swift:\(line))"
        )
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let line: Int
        let operation: String
        let make: @Sendable () -> Void

        init(_ operation: String, line: Int = #line, _ make: @escaping @Sendable () -> Void) {
            testDescription = "\(operation), line \(line)"
            self.line = line
            self.operation = operation
            self.make = make
        }
    }

    /// Mistakes in operators, whose line only the call stack tells; each on one line of its own.
    static let operatorMistakes = [
        Mistake("add") { _ = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0]) },
        Mistake("mul") { _ = Tensor(zeros: [2, 3]) * Tensor(zeros: [3, 2]) },
        Mistake("eq") { _ = (Tensor([1, 2]) .== Tensor([1, 2, 3])) },
        Mistake("neg") { _ = -Tensor([true]) },
        Mistake("sub", line: #line + 2) {
            var x = Tensor([1.0])
            x -= Tensor([1.0, 2.0])
        },
    ]

    @Test("Operators find the caller's line through the call stack", arguments: operatorMistakes)
    func operatorsNameTheLine(mistake: Mistake) {
        let error = expectRefusal(mistake.operation) { mistake.make() }
        // Without debug information, as in a release build, there is no line to find.
        guard let line = error?.line else { return #expect(error?.file == nil) }
        #expect(line == UInt(mistake.line))
        #expect(error?.file == "WeftTensorTests/TensorErrorTests.swift")
    }

    @Test("A mistake that is made again has its own line again, beside others of the same function")
    func madeAgain() {
        let first = #line + 3
        let lines = (0..<3).map { _ in
            [
                expectRefusal("add") { _ = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0]) }?.line,
                expectRefusal("add") { _ = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0]) }?.line,
            ]
        }
        guard lines[0][0] != nil else { return }
        #expect(lines == Array(repeating: [UInt(first), UInt(first + 1)], count: 3))
    }

    @Test("A mistake inside a function that a user added to Tensor is that function's")
    func userExtensions() {
        let error = expectRefusal("add") { _ = Tensor([1.0, 2.0]).plusThree }
        guard let line = error?.line else { return }
        #expect(line == UInt(Tensor.lineOfPlusThree))
    }

    @Test("What the body gives is given on where nothing was refused, and what it throws is thrown")
    func passingThrough() async throws {
        #expect(try withTensorErrors { 5 } == 5)
        struct Stop: Error {}
        #expect(throws: Stop.self) { try withTensorErrors { throw Stop() } }
        #expect(try await withTensorErrors { await Task { 6 }.value } == 6)
        await #expect(throws: Stop.self) { try await withTensorErrors { () async throws -> Void in throw Stop() } }
    }

    @Test("The first mistake counts, also where the body throws after it")
    func firstCounts() {
        struct Stop: Error {}
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors {
                _ = Tensor(1.0).sum(axis: 4)
                _ = Tensor(zeros: [2]).reshaped([9])
                throw Stop()
            }
        }
        #expect(error?.operation == "sum")
    }

    @Test("The innermost withTensorErrors has the mistake, and the outer one goes on")
    func nested() throws {
        let result = try withTensorErrors {
            let inner = #expect(throws: TensorError.self) { try withTensorErrors { _ = Tensor(1.0)[0] } }
            #expect(inner?.operation == "subscript")
            return (Tensor(1.0) + 1).item()
        }
        #expect(result == 2)
    }

    @Test("Mistakes of child tasks are thrown where the children were awaited")
    func tasks() async {
        let error = await #expect(throws: TensorError.self) {
            try await withTensorErrors {
                async let child = Tensor(zeros: [2]).reshaped([3])
                _ = await child
            }
        }
        #expect(error?.operation == "reshaped")
    }

    @Test("Operations on what was refused do no harm")
    func followingOperations() {
        let w = Tensor([1.0, 2.0], requiresGrad: true)
        let error = expectRefusal("add") {
            let bad = Tensor([1.0, 2.0]) + Tensor([1.0, 2.0, 3.0])
            let index = Tensor([0, 1])
            var results = [
                bad + 1, 1 - bad, bad * bad, bad / 2, -bad, bad.exp(), bad.relu(), bad.gelu(), bad.abs(), bad.sign(),
                bad.sqrt(), bad.sum(), bad.sum(axis: 0), bad.mean(), bad.mean(axis: 7), bad.max(), bad.min(),
                bad.max(axis: 0).values, bad.max(axis: 0).indices, bad.argmax(), bad.argmin(axis: 0),
                bad.softmax(axis: 0),
                bad.logSoftmax(axis: 0), bad.T, bad.reshaped([1, 2]), bad.reshaped([7]), bad.flattened(),
                bad.permuted([0]),
                bad.transposed(0, 0), bad.expanded(to: [4, 2]), bad.unsqueezed(axis: 0), bad.squeezed(axis: 0), bad[0],
                bad[5],
                bad[0..<1], bad[.newAxis], bad[index], Tensor([1.0, 2.0])[bad], bad.gather(axis: 0, index),
                index.gather(axis: 0, bad),
                bad.indexSelect(axis: 0, bad), matmul(bad, bad), matmul(Tensor(ones: [2, 2]), bad),
                addmm(bad, bad, bad),
                addmm(bad, Tensor(ones: [2, 2]), Tensor(ones: [2, 2])), addmm(w, Tensor(ones: [2, 2]), bad),
                `where`(bad, w, w), `where`(bad .> 0, w, bad), `where`(Tensor([true, false]), bad, w), bad .== bad,
                bad .< 3,
                bad.logicalNot(), bad.logicalAnd(bad), bad.to(.int64), bad.to(.bool).to(.float32), bad.detached(),
                bad.withRequiresGrad(), Tensor.maximum(bad, w), Tensor.minimum(w, bad), bad.crossEntropy(index),
                Tensor(ones: [2, 2]).crossEntropy(bad), bad.square(), bad.erf(), bad.log(), bad.tanh(), bad.sigmoid(),
                bad.reciprocal(), w * bad, (w * bad).sum(),
            ]
            results.append(contentsOf: grad(of: bad, withRespectTo: [w]))
            results.append(contentsOf: grad(of: w.sum(), withRespectTo: [bad]))
            bad.backward()
            (w * bad).sum().backward()
            w.sum().backward(gradient: bad)
            var target = Tensor(zeros: [2])
            target += bad
            target[0] = bad
            var changed = bad
            changed += 1
            changed[0] = Tensor(1.0)
            results += [target, changed]
            for result in results {
                _ = result.description
                _ = result.array()
                _ = result.array(of: Int.self)
                _ = result.array(of: Bool.self)
                _ = result.withUnsafeBytes { $0.count }
                _ = result.grad
                _ = result.isContiguous
            }
            #expect(bad.array().allSatisfy { $0.isNaN })
            #expect(bad.sum().item().isNaN)
            #expect(bad.item(as: Int.self) == 0)
            #expect(w.grad!.array().allSatisfy { $0.isNaN }, "reads as NaN while the error is pending")
        }
        #expect(error?.message.contains("[2] and [3]") == true)
        #expect(w.grad == nil, "no gradient was accumulated")
        (w * 2).sum().backward()
        #expect(w.grad!.array() == [2, 2], "the process lives on")
    }

    @Test(
        "Reading what was refused for its size takes no memory, and the error is thrown",
        arguments: [[1 << 45], [1 << 62, 1 << 62], [1 << 58, 3]]
    )
    func readingWhatIsTooLarge(shape: [Int]) {
        expectRefusal("full") {
            let bad = Tensor(zeros: shape)
            // What stands in for it has its shape, or where there is no such shape, one element.
            let most = bad.rank == 0 ? 1 : 0
            #expect(bad.array().count == most)
            #expect(bad.array(of: Int.self).count == most)
            #expect(bad.withUnsafeBytes { $0.count } == most * 4)
            #expect(bad.flattened().withUnsafeBytes { $0.count } == most * 4)
            #expect(bad[0...].array().count <= 1)
            #expect(bad.item().isNaN)
            _ = bad.description
            _ = bad.sum().item()
        }
    }

    @Test("A small tensor that was refused is read with its own number of elements")
    func readingWhatIsSmall() {
        expectRefusal("matmul") {
            let bad = matmul(Tensor(zeros: [2, 3]), Tensor(zeros: [2, 3]))
            #expect(bad.array().count == bad.count)
            #expect(bad.withUnsafeBytes { $0.count } == bad.count * 4)
        }
    }

    @Test("A training loop that fails in the middle throws, and its parameters can be used on")
    func trainingLoop() {
        var w = Tensor([1.0, 2.0], requiresGrad: true)
        expectRefusal("mul") {
            for step in 0..<3 {
                let input = Tensor(ones: step == 1 ? [3] : [2])
                let loss = (w * input).sum()
                loss.backward()
                noGrad { w -= 0.5 * w.grad! }
                w.zeroGrad()
            }
        }
        #expect(w.shape == [2])
        #expect(w.isLeaf && w.requiresGrad)
        #expect(!w.isFailed)
        w.zeroGrad()
        w.sum().backward()
        #expect(w.grad!.array() == [1, 1])
    }

    @Test("Outside of withTensorErrors a mistake stops the process with its message")
    func fatal() async throws {
        let result = try #require(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = matmul(Tensor(zeros: [2, 3]), Tensor(zeros: [4, 5]))
            }
        )
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("matmul: shapes [2, 3] and [4, 5] cannot be multiplied"))
        #expect(message.contains("TensorErrorTests.swift:"))
    }

    @Test("Operators stop the process too")
    func fatalOperator() async throws {
        let result = try #require(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                _ = Tensor(zeros: [2, 3]) + Tensor(zeros: [4, 5])
            }
        )
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(message.contains("add: shapes [2, 3] and [4, 5] do not match"))
    }

    @Test("A process that is stopped says why and no more, and what it printed is not lost")
    func stopping() async throws {
        let result = try #require(
            await #expect(
                processExitsWith: .signal(SIGABRT),
                observing: [\.standardErrorContent, \.standardOutputContent]
            ) {
                // Handlers of signals, such as those that print backtraces, are not called.
                signal(SIGABRT) { _ in exit(0) }
                print("printed before", terminator: "")
                _ = Tensor(zeros: [2, 3]).reshaped([7])
            }
        )
        let message = String(decoding: result.standardErrorContent, as: UTF8.self)
        #expect(
            message.hasPrefix(
                "weft: reshaped: [2, 3] has 6 elements, but [7] holds 7 (WeftTensorTests/TensorErrorTests.swift:"
            )
        )
        #expect(message.hasSuffix(")\n") && message.split(separator: "\n").count == 1)
        #expect(String(decoding: result.standardOutputContent, as: UTF8.self).hasSuffix("printed before"))
    }

    @Test("A second backward pass stops the process too")
    func fatalBackward() async throws {
        let result = try #require(
            await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
                let loss = Tensor([1.0], requiresGrad: true).square().sum()
                loss.backward()
                loss.backward()
            }
        )
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self).contains("retainGraph: true"))
    }

    @Test("Shapes that operations make out of shapes are refused where creation would refuse them")
    func shapesMadeOutOfShapes() {
        let (a, b) = (Tensor(zeros: [1 << 40, 1, 0]), Tensor(zeros: [1, 1 << 40, 0]))
        let places = Tensor(zeros: [1 << 40, 0], dtype: .int64)
        expectRefusal("add", "more elements than can be addressed") { _ = a + b }
        expectRefusal("eq", "more elements than can be addressed") { _ = (a .== b) }
        expectRefusal("where", "more elements than can be addressed") { _ = `where`(a .> 0, b, Tensor(0.0)) }
        expectRefusal("matmul", "more elements than can be addressed") {
            _ = matmul(Tensor(zeros: [1 << 40, 0]), Tensor(zeros: [0, 1 << 40]))
        }
        expectRefusal("matmul", "more elements than can be addressed") {
            _ = matmul(Tensor(zeros: [1 << 40, 1, 1, 0]), Tensor(zeros: [1 << 40, 0, 1]))
        }
        expectRefusal("expanded", "more elements than can be addressed") { _ = a.expanded(to: [1 << 40, 1 << 40, 0]) }
        expectRefusal("indexSelect", "more elements than can be addressed") {
            _ = Tensor(zeros: [1, 1 << 40, 0]).indexSelect(axis: 0, places)
        }
        expectRefusal("embedding", "more elements than can be addressed") {
            _ = Tensor(zeros: [0, 1 << 40]).embedding(places)
        }
        expectRefusal("concatenated", "more elements than can be addressed") {
            let long = Tensor(zeros: [0, 1 << 59])
            _ = concatenated([long, long], axis: 1)
        }
        expectRefusal("stacked", "more elements than can be addressed") {
            let long = Tensor(zeros: [0, 1 << 59])
            _ = stacked([long, long, long])
        }
        // What the user's code does with the result meanwhile does not trap.
        expectRefusal("add", "more elements than can be addressed") {
            let sum = a + b
            _ = (sum.mean(), sum.variance(), sum.sum(axis: 2), sum.layerNorm([0]), sum.max(axis: 0), sum.flattened())
        }
    }
}

extension Tensor {
    fileprivate static let lineOfPlusThree = #line + 3

    fileprivate var plusThree: Tensor {
        self + Tensor([1.0, 2.0, 3.0])
    }
}
