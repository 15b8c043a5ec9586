import WeftRuntime

/// One entry's turn in a backward pass: what its derivative rule sees.
package struct BackwardStep {
    private let entry: TapeEntry
    private let operands: SavedOperands
    private let pass: BackwardPass

    fileprivate init(entry: TapeEntry, operands: SavedOperands, pass: BackwardPass) {
        self.entry = entry
        self.operands = operands
        self.pass = pass
    }

    package var attributes: OperationAttributes { entry.attributes }

    /// The operands of the recorded operation: its inputs, then what it saved.
    package subscript(index: Int) -> Tensor { operands[index] }

    /// The recorded operation's saved result. The tape keeps it untracked, since an entry must not hold itself
    /// alive; where the derivative is recorded in turn, it is the operation's result again.
    package var result: Tensor {
        var result = operands[operands.inputCount]
        if GradientMode.isEnabled { result.tracking = .operation(entry) }
        return result
    }

    /// Hands input `index` its gradient, which is computed only if anything wants it, summed over the
    /// dimensions along which the input was broadcast.
    package func give(_ index: Int, _ gradient: @autoclosure () -> Tensor) {
        let input = operands[index]
        guard input.tracking.isTracked else { return }
        var gradient = gradient()
        if gradient.isFailed { return }
        if !gradient.layout.hasSameShape(as: input.layout) { gradient = gradient.summed(to: input.layout) }
        pass.add(gradient, to: input.tracking)
    }
}

/// A walk over the tape from the newest entry to the oldest, without recursion.
///
/// Gradients wait, sorted by their entries' sequence numbers, until every newer entry has given its share;
/// the newest is always next. The list is short for most graphs: it holds the entries that the walk has
/// reached but not passed, and an insertion moves those older than the new one aside.
package final class BackwardPass {
    private struct Waiting {
        let entry: TapeEntry
        var gradient: Tensor?
    }

    private var waiting: [Waiting] = []
    private let retainGraph: Bool
    /// The tensors whose gradients are wanted, by the identity of their tracking objects; nil for all leaves.
    private let wanted: Set<ObjectIdentifier>?
    /// The oldest entry whose gradient is wanted: neither it nor any older one need be gone through. Nil if a leaf's
    /// gradient is wanted, which any entry may lead to.
    private let oldestWanted: UInt64?
    private var found: [ObjectIdentifier: Tensor] = [:]

    private init(retainGraph: Bool, wanted: [Tracking]?) {
        self.retainGraph = retainGraph
        self.wanted = wanted.map { Set($0.compactMap(\.identity)) }
        let sequences = wanted?.map(\.sequence)
        oldestWanted = sequences.flatMap { $0.contains(nil) ? nil : $0.compactMap { $0 }.min() }
    }

    /// Runs a pass that starts with `gradients` at `roots`.
    ///
    /// - Returns: the gradients of the `wanted` tensors; the passes without any accumulate in the leaves.
    ///
    /// Refused if an earlier pass has freed what an entry saved.
    static func run(
        from roots: [(tensor: Tensor, gradient: Tensor)],
        retainGraph: Bool,
        createGraph: Bool,
        wanted: [Tracking]? = nil,
        operation: StaticString,
        at site: CallSite
    ) -> [ObjectIdentifier: Tensor] {
        let pass = BackwardPass(retainGraph: retainGraph, wanted: wanted)
        GradientMode.$isEnabled.withValue(createGraph) {
            for root in roots {
                // A pass that is not recorded computes with the seed's value alone; in one that is, rules may
                // change their gradient, which a leaf refuses.
                let seed = root.gradient
                pass.add(createGraph ? seed.expanded(to: seed.layout) : seed.detached(), to: root.tensor.tracking)
            }
            pass.walk(operation, at: site)
        }
        return pass.found
    }

    private func walk(_ operation: StaticString, at site: CallSite) {
        while let next = waiting.popLast(), let gradient = next.gradient {
            let id = ObjectIdentifier(next.entry)
            if wanted?.contains(id) == true { found[id] = gradient }
            if let oldestWanted, next.entry.sequence <= oldestWanted { return }
            guard let operands = next.entry.takeOperands(retaining: retainGraph) else {
                waiting.removeAll()
                return refuse(
                    operation,
                    "the graph behind \(next.entry.name) was already freed by an earlier backward pass; "
                        + "pass retainGraph: true to that one to go through it again",
                    at: site
                )
            }
            next.entry.rule(gradient, BackwardStep(entry: next.entry, operands: operands, pass: self))
        }
    }

    fileprivate func add(_ gradient: Tensor, to tracking: Tracking) {
        switch tracking {
        case .none: return
        case .leaf(let leaf):
            guard let wanted else { return leaf.accumulate(gradient) }
            let id = ObjectIdentifier(leaf)
            guard wanted.contains(id) else { return }
            found[id] = Self.sum(found.removeValue(forKey: id), gradient)
        case .operation(let entry): add(gradient, to: entry)
        }
    }

    private func add(_ gradient: Tensor, to entry: TapeEntry) {
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].entry.sequence < entry.sequence { low = middle + 1 } else { high = middle }
        }
        if low < waiting.count, waiting[low].entry === entry {
            waiting[low].gradient = Self.sum(waiting[low].gradient.take(), gradient)
        } else {
            waiting.insert(Waiting(entry: entry, gradient: gradient), at: low)
        }
    }

    /// `gradient` added to `sum`: in place if nothing else holds that, unless the addition is to be recorded.
    private static func sum(_ sum: consuming Tensor?, _ gradient: Tensor) -> Tensor {
        guard var sum = consume sum else { return gradient }
        if GradientMode.isEnabled { return sum + gradient }
        sum += gradient
        return sum
    }
}
