import Testing

@testable import WeftTensor

@Suite("The tape")
struct TapeTests {
    @Test("A sum's gradient reaches both terms")
    func sumOfTerms() {
        let x = Tensor([1.0, 2.0, 3.0], requiresGrad: true)
        let y = Tensor([4.0, 5.0, 6.0], requiresGrad: true)
        let loss = (x + y).sum()
        loss.backward()
        #expect("\(x.grad!)" == "tensor([1., 1., 1.])")
        #expect("\(y.grad!)" == "tensor([1., 1., 1.])")
    }

    @Test("A chain of a million additions records, differentiates and is freed")
    func millionAdditions() {
        let x = Tensor(0.0, requiresGrad: true)
        do {
            var sum = x
            for _ in 0..<1_000_000 { sum = sum + 1 }
            #expect(sum.item() == 1_000_000)
            sum.backward()
            #expect(x.grad!.item() == 1)
        }
        do {
            var sum = x
            for _ in 0..<1_000_000 { sum = sum + 1 }
            #expect(sum.gradFn == "add")
        }
    }

    @Test("Least squares by hand converge")
    func leastSquares() {
        let (x, y) = withRandomSeed(1) {
            let x = Tensor(normal: [64, 3])
            return (x, matmul(x, Tensor([[1.0], [-2.0], [0.5]])))
        }
        var w = Tensor(zeros: [3, 1], requiresGrad: true)
        for _ in 0..<500 {
            let loss = (matmul(x, w) - y).square().mean()
            loss.backward()
            noGrad { w -= 0.1 * w.grad! }
            w.zeroGrad()
        }
        let found = w.array()
        for (value, expected) in zip(found, [1, -2, 0.5] as [Float]) { #expect(abs(value - expected) < 1e-4) }
    }

    @Test("A second pass through a graph that was not retained is refused, and says so")
    func secondPass() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let loss = x.square().sum()
        loss.backward()
        let error = expectRefusal("backward", "already freed by an earlier backward pass", "retainGraph: true", "sum") {
            loss.backward()
        }
        #expect(error?.file?.hasSuffix("TapeTests.swift") == true)
        expectRefusal("grad", "already freed") { _ = grad(of: loss, withRespectTo: [x]) }
        #expect(x.grad!.array() == [2, 4], "the refused passes added nothing")
    }

    @Test("A second pass through a part that another loss has freed is refused")
    func sharedPartFreed() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let shared = x.square()
        shared.sum().backward()
        expectRefusal("backward", "behind square was already freed") { shared.mean().backward() }
    }

    @Test("A retained graph can be gone through again, until it is not", arguments: [false, true])
    func retained(byCreatingGraph: Bool) {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let loss = x.square().sum()
        loss.backward(retainGraph: !byCreatingGraph, createGraph: byCreatingGraph)
        loss.backward()
        #expect(x.grad!.array() == [4, 8])
        expectRefusal("backward", "already freed") { loss.backward() }
        // A recorded gradient refers to the leaf that holds it.
        x.zeroGrad()
    }

    @Test("Gradients of several passes add up until they are forgotten")
    func accumulation() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        #expect(x.grad == nil)
        for _ in 0..<3 { (x * 2).sum().backward() }
        #expect(x.grad!.array() == [6, 6])
        x.square().sum().backward()
        #expect(x.grad!.array() == [8, 10])
        x.zeroGrad()
        #expect(x.grad == nil)
        x.sum().backward()
        #expect(x.grad!.array() == [1, 1])
    }

    @Test("A tensor used in several places gets the sum of its gradients")
    func fanOut() {
        let x = Tensor([2.0, 3.0], requiresGrad: true)
        let y = x * x
        (y * x + y + x).sum().backward()
        // d(x³ + x² + x) = 3x² + 2x + 1
        #expect(x.grad!.array() == [17, 34])
    }

    @Test("Copies of a leaf are the same leaf, and detached ones none")
    func identity() {
        let x = Tensor([1.0], requiresGrad: true)
        let copy = x
        (copy * 3).sum().backward()
        #expect(x.grad!.array() == [3])
        let detached = x.detached()
        #expect(!detached.requiresGrad && detached.isLeaf && detached.grad == nil)
        let own = x.withRequiresGrad()
        (own * 5).sum().backward()
        #expect(own.grad!.array() == [5])
        #expect(x.grad!.array() == [3])
        #expect(!x.withRequiresGrad(false).requiresGrad)
    }

    @Test("No gradient flows through what was detached")
    func detached() {
        let x = Tensor([2.0], requiresGrad: true)
        (x * x.detached()).sum().backward()
        #expect(x.grad!.array() == [2])
    }

    @Test("Tensors know what made them")
    func names() {
        let x = Tensor([[1.0]], requiresGrad: true)
        #expect(x.gradFn == nil && x.isLeaf && x.requiresGrad)
        #expect((x + 1).gradFn == "add")
        #expect(!(x + 1).isLeaf)
        #expect(matmul(x, x).gradFn == "matmul")
        #expect(addmm(x, x, x).gradFn == "addmm")
        #expect(x.relu().gradFn == "relu")
        #expect(x.T.gradFn == "transpose")
        #expect((Tensor(1.0) + 1).gradFn == nil)
        #expect((x + 1).grad == nil)
    }

    @Test("Nothing is recorded in noGrad, and all is again in withGrad")
    func modes() {
        let x = Tensor([[1.0]], requiresGrad: true)
        noGrad {
            #expect(!(x + 1).requiresGrad)
            #expect(!x.T.requiresGrad)
            #expect(x.requiresGrad)
            withGrad {
                #expect((x + 1).requiresGrad)
                noGrad { #expect(!(x + 1).requiresGrad) }
            }
            #expect(!(x + 1).requiresGrad)
        }
        #expect((x + 1).requiresGrad)
        struct Stop: Error {}
        try? noGrad { throw Stop() }
        #expect((x + 1).requiresGrad, "the mode ends where the body throws too")
    }

    @Test("A mode holds for its own task and its children alone")
    func modesOfTasks() async {
        let x = Tensor([1.0], requiresGrad: true)
        await noGrad {
            async let child = (x + 1).requiresGrad
            #expect(await !child)
            #expect(await Task.detached { (x + 1).requiresGrad }.value)
            await withGrad { #expect(await Task { (x + 1).requiresGrad }.value) }
        }
    }

    @Test("A backward pass works in noGrad, for what was recorded before")
    func backwardInNoGrad() {
        let x = Tensor([3.0], requiresGrad: true)
        let loss = x.square().sum()
        noGrad { loss.backward() }
        #expect(x.grad!.array() == [6])
        #expect(!x.grad!.requiresGrad)
    }

    @Test("A leaf is updated in noGrad alone, and stays the leaf that it was")
    func leafUpdates() {
        var x = Tensor([1.0, 2.0], requiresGrad: true)
        let copy = x
        expectRefusal("sub", "leaf of shape [2]", "outside noGrad") {
            var leaf = x
            leaf -= 1
        }
        noGrad {
            x -= 0.5
            x *= Tensor([2.0, 4.0])
            x[0] = Tensor(7.0)
        }
        #expect(x.array() == [7, 6])
        #expect(x.isLeaf && x.requiresGrad)
        #expect(copy.array() == [1, 2])
        x.sum().backward()
        #expect(x.grad!.array() == [1, 1])
        #expect(copy.grad!.array() == [1, 1], "both are the leaf")
        x.zeroGrad()
        #expect(copy.grad == nil)
    }

    @Test("Updates in place are recorded like the operators")
    func recordedUpdates() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        var y = x * 1
        let before = y
        y *= x
        y += 3
        #expect(y.gradFn == "add")
        (y.sum() + (before * 10).sum()).backward()
        #expect(x.grad!.array() == [12, 14])
    }

    @Test("A pass can start with any gradient of the output's shape")
    func seeds() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        x.square().backward(gradient: Tensor([10.0, 100.0]))
        #expect(x.grad!.array() == [20, 400])
        x.zeroGrad()
        x.square().backward(gradient: Tensor([1, 2]))
        #expect(x.grad!.array() == [2, 8])
        x.zeroGrad()
        (x * Tensor([[1.0], [2.0]])).backward(gradient: Tensor(1.0).expanded(to: [2, 2]))
        #expect(x.grad!.array() == [3, 3])
        let scalar = Tensor([[4.0]], requiresGrad: true)
        scalar.backward()
        #expect(scalar.grad!.shape == [1, 1])
    }

    @Test("A seed that requires gradients itself is differentiated with createGraph, and taken as a value without")
    func trackedSeeds() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let seed = Tensor([3.0, 5.0], requiresGrad: true)
        let y = x + x + x.square()
        y.backward(gradient: seed, retainGraph: true)
        #expect(x.grad!.array() == [12, 30])
        #expect(!x.grad!.requiresGrad)
        #expect(seed.grad == nil)
        // The gradient is linear in the seed, and differentiating it by the seed gives a product with the Jacobian.
        let linear = grad(of: y, withRespectTo: [x], gradient: seed, createGraph: true)[0]
        let product = grad(of: linear, withRespectTo: [seed], gradient: Tensor([1.0, 10.0]))[0]
        #expect(product.array() == [4, 60])
        let own = grad(of: x + x, withRespectTo: [x], gradient: seed, createGraph: true)[0]
        #expect(own.array() == [6, 10])
        #expect(seed.array() == [3, 5])
    }

    @Test("What cannot be differentiated is refused")
    func refusals() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        expectRefusal("backward", "shape [2]", "only a scalar has one implied") { (x * 2).backward() }
        expectRefusal("backward", "does not require a gradient") { Tensor(1.0).backward() }
        expectRefusal("backward", "does not require a gradient") { noGrad { x.sum() }.backward() }
        expectRefusal("backward", "[3]", "[2]") { (x * 2).backward(gradient: Tensor([1.0, 2.0, 3.0])) }
        expectRefusal("grad", "input 1 of shape [] does not require a gradient") {
            _ = grad(of: x.sum(), withRespectTo: [x, Tensor(1.0)])
        }
        expectRefusal("grad", "does not depend on input 0 of shape [3]", "allowUnused") {
            _ = grad(of: x.sum(), withRespectTo: [Tensor(zeros: [3], requiresGrad: true)])
        }
    }

    @Test("Gradients of chosen inputs leave every leaf's own alone")
    func chosenInputs() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        let w = Tensor([3.0, 4.0], requiresGrad: true)
        let hidden = x * w
        let loss = hidden.square().sum()
        let gradients = grad(of: loss, withRespectTo: [w, hidden, x, w], retainGraph: true)
        #expect(gradients[0].array() == [6, 32])
        #expect(gradients[1].array() == [6, 16])
        #expect(gradients[2].array() == [18, 64])
        #expect(gradients[3].array() == [6, 32])
        #expect(x.grad == nil && w.grad == nil)
        let unused = Tensor(zeros: [2, 2], requiresGrad: true)
        let allowed = grad(of: loss, withRespectTo: [unused, x], allowUnused: true)
        expect(allowed[0], equals: Reference([2, 2], [0, 0, 0, 0]))
        #expect(allowed[1].array() == [18, 64])
        #expect(grad(of: x.sum(), withRespectTo: [x])[0].array() == [1, 1])
        let scalar = x.sum()
        #expect(grad(of: scalar, withRespectTo: [scalar])[0].item() == 1)
    }

    @Test("A wide sum of many terms, and many sums of one tensor, differentiate")
    func wide() {
        let leaves = (0..<2000).map { Tensor(Double($0), requiresGrad: true) }
        var sum = Tensor(0.0)
        for leaf in leaves { sum = sum + leaf * leaf }
        sum.backward()
        for (index, leaf) in leaves.enumerated() { #expect(leaf.grad!.item() == Double(2 * index)) }

        let x = Tensor(2.0, requiresGrad: true)
        let shared = x * 3
        let branches = (0..<2000).map { shared * Double($0) }
        var total = branches[0]
        for branch in branches.dropFirst().reversed() { total = total + branch }
        total.backward()
        #expect(x.grad!.item() == 3 * 1999 * 1000)
    }

    @Test("Layers upon layers of shared tensors are walked once each")
    func lattice() {
        // Two paths through each of 60 layers: 2^60 paths in all.
        let x = Tensor(1.0, requiresGrad: true)
        var y = x
        for _ in 0..<60 { y = y * 0.5 + y * 0.5 }
        y.backward()
        #expect(x.grad!.item() == 1)
    }

    @Test("Long chains of views, of operations with many operands and of second derivatives are freed")
    func longChains() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        var view = x
        for _ in 0..<50_000 { view = view.unsqueezed(axis: 0).squeezed(axis: 0) }
        view.sum().backward()
        #expect(x.grad!.array() == [1, 1])
        var chosen = x
        for _ in 0..<50_000 { chosen = `where`(Tensor([true, false]), chosen, x) }
        #expect(chosen.gradFn == "where")
        var mixed = x
        for _ in 0..<50_000 { mixed = (mixed * 1).unsqueezed(axis: 0).squeezed(axis: 0) }
        #expect(mixed.gradFn == "squeeze")
        var y = Tensor(1.0, requiresGrad: true)
        let leaf = y
        for _ in 0..<20_000 { y = y * 1 }
        let first = grad(of: y, withRespectTo: [leaf], createGraph: true)[0]
        #expect(first.item() == 1)
    }

    @Test(
        "What the tape recorded goes with the last tensor, and a detached one holds none of it",
        arguments: [4, 4000]
    )
    func freed(count: Int) {
        weak var dropped: Leaf?
        let detached: Tensor
        let gradient: Tensor
        do {
            let x = Tensor(ones: [count], requiresGrad: true)
            if case .leaf(let leaf) = x.tracking { dropped = leaf }
            let result = x.exp() * x
            #expect(dropped != nil)
            detached = result.detached()
            gradient = grad(of: result.sum(), withRespectTo: [x], retainGraph: true)[0]
        }
        #expect(dropped == nil)
        #expect(detached.count == gradient.count)
    }

    @Test("A pass frees what the tape saved, unless the graph is retained", arguments: [false, true])
    func freedByPass(isRetained: Bool) {
        weak var dropped: Leaf?
        let loss: Tensor
        do {
            let x = Tensor(ones: [4000], requiresGrad: true)
            if case .leaf(let leaf) = x.tracking { dropped = leaf }
            loss = x.exp().sum()
        }
        #expect(dropped != nil)
        loss.backward(retainGraph: isRetained)
        #expect((dropped != nil) == isRetained)
        withExtendedLifetime(loss) {}
    }
}
