import Testing

@testable import WeftTensor

@Suite("Value semantics")
struct ValueSemanticsTests {
    struct Change: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let apply: @Sendable (inout Tensor) -> Void
    }

    static let changes = [
        Change(testDescription: "+=") { $0 += 1 },
        Change(testDescription: "-= itself") { $0 -= $0 },
        Change(testDescription: "*= a row") { $0 *= Tensor([2.0, 3.0, 4.0]) },
        Change(testDescription: "/=") { $0 /= 2 },
        Change(testDescription: "an element") { $0[0, 0] = Tensor(99.0) },
        Change(testDescription: "a column") { $0[.ellipsis, -1] = Tensor(99.0) },
        Change(testDescription: "a part of itself") { $0[0] = $0[1] },
        Change(testDescription: "a part updated") { $0[1] += 5 },
    ]

    /// [[1, 2, 3], [4, 5, 6]] and a tensor that shares its memory.
    static let relatives: [(name: String, make: @Sendable (Tensor) -> Tensor)] = [
        ("copy", { $0 }), ("row", { $0[0] }), ("column", { $0[.ellipsis, -1] }), ("transpose", { $0.T }),
        ("reshape", { $0.reshaped([6]) }), ("expansion", { $0.expanded(to: [2, 2, 3]) }),
        ("detached", { $0.detached() }),
    ]

    @Test("Changing a tensor changes none that shares its memory", arguments: changes)
    func changesStayLocal(change: Change) {
        for (name, make) in Self.relatives {
            var x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
            let relative = make(x)
            let before = relative.array()
            change.apply(&x)
            #expect(relative.array() == before, "\(name)")
            #expect(x.array() != [1, 2, 3, 4, 5, 6])
        }
    }

    @Test("Changing a view changes neither its origin nor other views")
    func viewsStayLocal() {
        for (name, make) in Self.relatives {
            let x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
            var view = make(x)
            let other = make(x)
            let before = view.array()
            view += 10
            #expect(view.array() == before.map { $0 + 10 }, "\(name)")
            #expect(x.array() == [1, 2, 3, 4, 5, 6], "\(name)")
            #expect(other.array() == before, "\(name)")
        }
    }

    @Test("An expanded tensor gets memory for every element once it is written")
    func expansionWritten() {
        var x = Tensor([1.0, 2.0]).expanded(to: [3, 2])
        x[1, 0] = Tensor(9.0)
        #expect(x.array() == [1, 2, 9, 2, 1, 2])
    }

    @Test("A tensor that shares nothing is changed where it lies", arguments: [4, 4000])
    func noNeedlessCopies(count: Int) {
        var x = Tensor(zeros: [count])
        let start = x.start
        x += 1
        x *= Tensor(ones: [count])
        x[0] = Tensor(5.0)
        x[1..<3] -= 1
        #expect(x.start == start)
        #expect(x[0..<4].array() == [5, 0, 0, 1])
    }

    @Test("A part of a recorded result is written in noGrad, and its operation stays", arguments: [4, 4000])
    func recordedResult(count: Int) {
        let w = Tensor(ones: [count], requiresGrad: true)
        var x = w * 2
        let copy = x
        noGrad { x[1] = Tensor(5.0) }
        #expect(x[0..<3].array() == [2, 5, 2])
        #expect(copy[0..<3].array() == [2, 2, 2])
        x.sum().backward()
        #expect(w.grad![0..<3].array() == [2, 2, 2])
    }

    @Test("A change after the fact does not reach what the tape saved", arguments: changes)
    func tape(change: Change) {
        let w = Tensor([[0.5, 1.0, 2.0], [-1.0, 0.25, 3.0]], requiresGrad: true)
        var x = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
        let loss = (w * x).sum()
        change.apply(&x)
        loss.backward()
        #expect(w.grad!.array() == [1, 2, 3, 4, 5, 6])
    }

    @Test("A leaf changed after the fact does not reach what the tape saved", arguments: changes)
    func tapeLeaf(change: Change) {
        var w = Tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requiresGrad: true)
        let loss = w.square().sum()
        noGrad { change.apply(&w) }
        loss.backward()
        #expect(w.grad!.array() == [2, 4, 6, 8, 10, 12])
    }

    @Test("A gradient that was read does not change with later passes")
    func gradients() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        x.sum().backward()
        var first = x.grad!
        x.sum().backward()
        #expect(first.array() == [1, 1])
        first += 100
        #expect(x.grad!.array() == [2, 2])
    }

    @Test("The gradient that a pass starts with is not changed by it")
    func seed() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let seed = Tensor([3.0, 5.0])
        let y = x + x + x
        y.backward(gradient: seed)
        y.detached().withRequiresGrad().backward(gradient: seed)
        #expect(seed.array() == [3, 5])
        #expect(x.grad!.array() == [9, 15])
    }
}
