import WeftRuntime

/// How a tensor is known to the tape.
package enum Tracking: Sendable {
    /// Not at all: no gradient flows to it.
    case none
    /// A tensor that the user asked a gradient of.
    case leaf(Leaf)
    /// The result of a recorded operation.
    case operation(TapeEntry)

    package var isTracked: Bool {
        if case .none = self { false } else { true }
    }
}

/// Where the gradient of a tensor that the user created accumulates. Copies of the tensor share it.
package final class Leaf: Sendable {
    private let gradient = Locked<Tensor?>(nil)

    package init() {}

    package var accumulated: Tensor? { gradient.withLock { $0 } }

    package func replace(with value: Tensor?) {
        // What was there is freed after the lock is: it may lead to a graph.
        let old = gradient.withLock { sum in
            let old = sum.take()
            sum = value
            return old
        }
        _ = consume old
    }

    /// Takes the gradient away, to be changed where it lies and then handed to `accumulate`.
    package func take() -> Tensor? { gradient.withLock { $0.take() } }

    /// Adds `value`: the first is stored, later ones are added in place.
    package func accumulate(_ value: Tensor) {
        gradient.withLock { sum in
            if sum == nil { sum = value.contiguous() } else { sum!.addGradient(value) }
        }
    }

    /// Lets `contribution` add to the sum, or become it if there is none.
    ///
    /// A first contribution is computed without the lock, and added should another have come first meanwhile. Later
    /// ones go into the sum where it lies, and whoever else wants the gradient waits for them.
    func accumulate(_ contribution: (inout Tensor?) -> Void) {
        let isAdded = gradient.withLock { sum in
            guard sum != nil else { return false }
            contribution(&sum)
            return true
        }
        if isAdded { return }
        var first: Tensor?
        contribution(&first)
        if let first, !first.isFailed { accumulate(first) }
    }
}
