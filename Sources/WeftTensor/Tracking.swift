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

    /// Adds `value`: the first is stored, later ones are added in place.
    func accumulate(_ value: Tensor) {
        gradient.withLock { sum in
            if sum == nil { sum = value.contiguous() } else { sum!.addGradient(value) }
        }
    }

    /// Lets `contribution` add to the sum, or become it if there is none.
    func accumulate(_ contribution: (inout Tensor?) -> Void) {
        gradient.withLock { sum in
            let isFirst = sum == nil
            contribution(&sum)
            if isFirst, sum?.isFailed == true { sum = nil }
        }
    }
}
