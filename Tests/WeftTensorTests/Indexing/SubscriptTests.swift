import Testing

@testable import WeftTensor

@Suite("Subscripts")
struct SubscriptTests {
    private let reference = Reference.distinct([4, 5, 6])
    private var x: Tensor { reference.tensor() }

    @Test("An index takes one element and its dimension away", arguments: [0, 3, -1, -4])
    func elements(index: Int) {
        let position = index < 0 ? index + 4 : index
        expect(x[index], equals: reference.slice(0, at: position))
        #expect(x[index, 1, -1].item() == reference[[position, 1, 5]])
        #expect(x[index, 1, -1].shape == [])
    }

    @Test("Ranges take a part")
    func ranges() {
        func part(_ rows: Range<Int>) -> Reference {
            Reference([rows.count, 5, 6]) { reference[[$0[0] + rows.lowerBound, $0[1], $0[2]]] }
        }
        expect(x[1..<3], equals: part(1..<3))
        expect(x[1...2], equals: part(1..<3))
        expect(x[2...], equals: part(2..<4))
        expect(x[..<2], equals: part(0..<2))
        expect(x[...2], equals: part(0..<3))
        expect(x[-3 ..< -1], equals: part(1..<3))
        expect(x[-3 ... -1], equals: part(1..<4))
        expect(x[(-2)...], equals: part(2..<4))
        expect(x[..<(-1)], equals: part(0..<3))
        expect(x[...(-1)], equals: part(0..<4))
        expect(x[...(-2)], equals: part(0..<3))
        expect(x[0..<4], equals: reference)
        #expect(x[2..<2].shape == [0, 5, 6])
        #expect(x[4...].shape == [0, 5, 6])
    }

    @Test("A range takes what there is of it, for reading and for assigning")
    func clipped() {
        #expect(x[2..<5].shape == [2, 5, 6])
        expect(x[2..<5], equals: Reference([2, 5, 6]) { reference[[$0[0] + 2, $0[1], $0[2]]] })
        #expect(x[5...].shape == [0, 5, 6])
        expect(x[-9..<2], equals: Reference([2, 5, 6]) { reference[$0] })
        #expect(x[-9 ..< -7].shape == [0, 5, 6])
        #expect(x[IndexStep.range(start: 3, end: -2)].shape == [0, 5, 6])
        #expect(x[7..<9, 1...8].shape == [0, 4, 6])
        var batches: [[Float]] = []
        let data = Tensor(arange: 0..<10)
        for start in stride(from: 0, to: 10, by: 4) { batches.append(data[start..<start + 4].array()) }
        #expect(batches == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
        var written = Tensor(zeros: [5])
        written[3..<7] = Tensor([1.0, 2.0])
        written[9..<12] = 5.0
        #expect(written.array() == [0, 0, 0, 1, 2])
        expectRefusal("subscript", "shape [4] does not broadcast to the part's shape [2] of [5]") {
            written[3..<7] = Tensor([1.0, 2.0, 3.0, 4.0])
        }
        let tracked = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        tracked[1..<8].sum().backward()
        #expect(tracked.grad!.array() == [0, 1, 1])
    }

    @Test("Numbers of every Swift type are assigned")
    func scalars() {
        var a = Tensor(zeros: [2, 3])
        a[0, 0] = 7
        a[0, 1] = 1.5
        a[1] = Float(2)
        a[1, -1] = true
        #expect(a.array() == [7, 1.5, 0, 2, 2, 1])
        a[.ellipsis, 0] += 1
        #expect(a.array() == [8, 1.5, 0, 3, 2, 1])
        var integers = Tensor([1, 2, 3])
        integers[1] = (1 << 53) + 1
        integers[2] = 7.9
        #expect(integers.array(of: Int.self) == [1, (1 << 53) + 1, 7])
        integers[0] = 1e10
        #expect(integers[0].item(as: Int.self) == 10_000_000_000)
        var leaf = Tensor([1.0, 2.0], requiresGrad: true) * 2
        leaf[0] = 0.0
        #expect(leaf.requiresGrad)
        expectRefusal("subscript", "index 5") { a[5] = 1 }
    }

    @Test("What is refused, and what follows from it, has the shape that the right call would have had")
    func standIns() throws {
        func shape(_ body: () -> Tensor) -> [Int] {
            var shape: [Int] = []
            #expect(throws: TensorError.self) {
                try withTensorErrors {
                    shape = body().shape
                }
            }
            return shape
        }
        #expect(shape { x[9] } == [5, 6])
        #expect(shape { x[1..<3, 9] } == [2, 6])
        #expect(shape { x[.newAxis, 9] } == [1, 5, 6])
        #expect(shape { x[Tensor([7, 8, 9])] } == [3, 5, 6])
        #expect(shape { x[0..., Tensor([[7], [9]])] } == [4, 2, 1, 6])
        #expect(shape { x[Tensor([0.5, 1.5])] } == [2, 5, 6])
        #expect(shape { x[9][Tensor(full: [5, 6], true)] } == [30])
        #expect(shape { x[9][.newAxis] } == [1, 5, 6])
        #expect(shape { x[9][0] } == [6])
        #expect(shape { x[9][0..., 1..<3, .newAxis] } == [5, 2, 1])
        #expect(shape { x[9][Tensor([0, 1])] } == [2, 6])
        #expect(shape { x[9][.ellipsis, 9] } == [5])
    }

    @Test("Indices, ranges, new axes and an ellipsis combine")
    func combined() {
        expect(x[1..<3, 2], equals: Reference([2, 6]) { reference[[$0[0] + 1, 2, $0[1]]] })
        expect(x[.ellipsis, 0], equals: reference.slice(2, at: 0))
        expect(x[1, .ellipsis, 2...3], equals: Reference([5, 2]) { reference[[1, $0[0], $0[1] + 2]] })
        expect(x[.ellipsis], equals: reference)
        expect(x[.newAxis], equals: Reference([1, 4, 5, 6], reference.values))
        expect(x[.ellipsis, .newAxis], equals: Reference([4, 5, 6, 1], reference.values))
        expect(x[2, .newAxis, 1...2, .newAxis, -1], equals: Reference([1, 2, 1]) { reference[[2, $0[1] + 1, 5]] })
        expect(x[0, 0, 0, .ellipsis, .newAxis], equals: Reference([1], [reference[[0, 0, 0]]]))
        #expect(Tensor(5.0)[.newAxis, .newAxis].shape == [1, 1])
        #expect(Tensor(5.0)[.ellipsis].shape == [])
    }

    @Test("Parts of parts are parts of the whole", arguments: Placement.allCases)
    func nested(placement: Placement) {
        let tensor = reference.tensor(placement)
        expect(tensor[1...][0..<2].T[0, 3], equals: Reference([5]) { reference[[1, $0[0], 3]] })
        expect(tensor[.ellipsis, 1..<5][2, 3], equals: Reference([4]) { reference[[2, 3, $0[0] + 1]] })
    }

    @Test("What is out of range is refused")
    func refusals() {
        expectRefusal(
            "subscript",
            "index 4 is out of range for dimension 0 of shape [4, 5, 6], where -4 ... 3 are valid"
        ) { _ = x[4] }
        expectRefusal("subscript", "index -7", "dimension 2") { _ = x[.ellipsis, -7] }
        expectRefusal("subscript", "4 indices are more than the dimensions of shape [4, 5, 6]") { _ = x[0, 0, 0, 0] }
        expectRefusal("subscript", "1 indices") { _ = Tensor(1.0)[0] }
        expectRefusal("subscript", "only one ellipsis") { _ = x[.ellipsis, 0, .ellipsis] }
        expectRefusal("subscript", "which is empty") { _ = Tensor(zeros: [0, 2])[0] }
        expectRefusal("subscript", "more than 8 dimensions") {
            _ = x[.newAxis, .newAxis, .newAxis, .newAxis, .newAxis, .newAxis]
        }
    }

    @Test("Assigning to a part broadcasts and leaves the rest alone", arguments: Placement.allCases)
    func assignment(placement: Placement) {
        var tensor = reference.tensor(placement)
        tensor[1] = Tensor(7.0)
        expect(tensor, equals: Reference([4, 5, 6]) { $0[0] == 1 ? 7 : reference[$0] })
        tensor = reference.tensor(placement)
        tensor[1..<3, .ellipsis, -1] = Tensor([1.0, 2.0, 3.0, 4.0, 5.0])
        expect(
            tensor,
            equals: Reference([4, 5, 6]) { (1..<3).contains($0[0]) && $0[2] == 5 ? Double($0[1] + 1) : reference[$0] }
        )
        tensor = reference.tensor(placement)
        tensor[.ellipsis] = Tensor(zeros: [1, 6])
        expect(tensor, equals: reference.map { _ in 0 })
        tensor[2, 3, 4] = Tensor(1.0)
        #expect(tensor.sum().item() == 1)
        tensor[0..<0] = Tensor(5.0)
        #expect(tensor.sum().item() == 1)
    }

    @Test("Assigning converts to the tensor's dtype")
    func assignmentConverts() {
        var integers = Tensor([1, 2, 3])
        integers[1] = Tensor(-7.9)
        #expect(integers.dtype == .int64)
        #expect(integers.array(of: Int.self) == [1, -7, 3])
        var truths = Tensor([false, false])
        truths[0] = Tensor(3)
        #expect(truths.array(of: Bool.self) == [true, false])
    }

    @Test("A part assigned from an overlapping part reads before it writes")
    func overlapping() {
        var tensor = Tensor(arange: 0..<6)
        tensor[1...] = tensor[..<5]
        #expect(tensor.array(of: Int.self) == [0, 0, 1, 2, 3, 4])
        var matrix = Tensor([[1, 2], [3, 4]])
        matrix[.ellipsis] = matrix.T
        #expect(matrix.array(of: Int.self) == [1, 3, 2, 4])
    }

    @Test("Assigning what does not fit is refused")
    func assignmentRefusals() {
        expectRefusal("subscript", "shape [3] does not broadcast to the part's shape [5, 6] of [4, 5, 6]") {
            var tensor = x
            tensor[0] = Tensor(zeros: [3])
        }
        expectRefusal("subscript", "index 9") {
            var tensor = x
            tensor[9] = Tensor(0.0)
        }
        expectRefusal("subscript", "outside noGrad") {
            var leaf = Tensor(zeros: [3], requiresGrad: true)
            leaf[0] = Tensor(1.0)
        }
    }

    @Test("Gradients flow through parts that were read and parts that were assigned")
    func gradients() {
        let a = Tensor([1.0, 2.0, 3.0, 4.0], requiresGrad: true)
        let b = Tensor(10.0, requiresGrad: true)
        var c = a * 2
        c[1..<3] = b * 3
        let weights = Tensor([1.0, 10.0, 100.0, 1000.0])
        (c * weights).sum().backward()
        #expect(a.grad!.array() == [2, 0, 0, 2000])
        #expect(b.grad!.item() == 330)
        // A constant becomes tracked when something tracked is put into it.
        var constant = Tensor(zeros: [2])
        constant[0] = b
        #expect(constant.requiresGrad)
        b.zeroGrad()
        (constant * Tensor([5.0, 7.0])).sum().backward()
        #expect(b.grad!.item() == 5)
    }
}
