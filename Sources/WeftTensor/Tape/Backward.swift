import WeftRuntime

/// One entry's turn in a backward pass: what its derivative rule sees. Valid until the rule returns.
package struct BackwardStep {
    private let entry: TapeEntry
    private let pass: BackwardPass

    fileprivate init(entry: TapeEntry, pass: BackwardPass) {
        self.entry = entry
        self.pass = pass
    }

    package var attributes: OperationAttributes { entry.attributes }

    /// How many inputs the operation has; what else it saved lies behind them.
    package var inputCount: Int { Int(entry.inputCount) }

    /// The kernel that computes the gradient where that is not recorded in turn, if one does.
    package var derivative: KernelHandle? { entry.operation.derivative }

    /// The operands of the recorded operation: its inputs, then what it saved. Not for operations that were recorded
    /// as reading no operands.
    package subscript(index: Int) -> Tensor {
        guard case .tensor(let tensor) = entry.operand(index) else {
            preconditionFailure("the rule of \(entry.operation.name) reads an operand that was not kept")
        }
        return tensor
    }

    /// The recorded operation's saved result. The tape keeps it untracked, since an entry must not hold itself
    /// alive; where the derivative is recorded in turn, it is the operation's result again.
    package var result: Tensor {
        var result = self[Int(entry.inputCount)]
        if pass.createGraph { result.tracking = .operation(entry) }
        return result
    }

    /// How the operation's result is known to the tape where the derivative is recorded in turn; else not at all.
    var resultTracking: Tracking { pass.createGraph ? .operation(entry) : .none }

    /// Hands input `index` its gradient, which is computed only if anything wants it, summed over the
    /// dimensions along which the input was broadcast and converted to the input's dtype.
    package func give(_ index: Int, _ gradient: @autoclosure () -> Tensor) {
        switch entry.operand(index) {
        case .nothing, .more: return
        case .leaf(let leaf): pass.add(gradient(), to: leaf)
        case .operation(let entry): pass.add(gradient(), to: entry)
        case .tensor(let input):
            guard input.tracking.isTracked else { return }
            var gradient = gradient()
            if !gradient.isFailed, !gradient.hasSameShape(as: input) { gradient = gradient.summed(to: input.layout) }
            if gradient.dtype != input.dtype { gradient = gradient.to(input.dtype) }
            pass.add(gradient, to: input.tracking)
        }
    }

    /// Hands input `index` its gradient as `give` does, where it can be computed straight into the sum of those before.
    ///
    /// - Parameter contribution: adds the gradient to the sum that it is given, or becomes the sum if there is none.
    package func give(_ index: Int, adding contribution: (_ sum: inout Tensor?) -> Void) {
        switch entry.operand(index) {
        case .nothing, .more: return
        case .leaf(let leaf): pass.add(to: leaf, contribution)
        case .operation(let entry): pass.add(to: entry, contribution)
        case .tensor(let input):
            func add(to sum: inout Tensor?) {
                contribution(&sum)
                guard var whole = sum, !whole.isFailed else { return }
                if !whole.hasSameShape(as: input) { whole = whole.summed(to: input.layout) }
                if whole.dtype != input.dtype { whole = whole.to(input.dtype) }
                sum = whole
            }
            switch input.tracking {
            case .none: return
            case .leaf(let leaf): pass.add(to: leaf, add)
            case .operation(let entry): pass.add(to: entry, add)
            }
        }
    }
}

/// A walk over the tape from the newest entry to the oldest, without recursion.
///
/// Gradients wait until every entry newer than theirs has given its share; the newest is always next. Where one
/// operation follows another, one gradient waits, which lies apart; where the graph branches, the older ones lie in a
/// heap by sequence number.
package final class BackwardPass {
    // Exclusivity is not checked where one function alone touches a property at a time, and rules are not called
    // meanwhile.

    /// The newest entry that the walk has reached but not passed, with its gradient; nil also if it is in the heap.
    @exclusivity(unchecked)
    private var newest: (entry: TapeEntry, gradient: Tensor)?
    /// The entries that the walk has reached but not passed.
    @exclusivity(unchecked)
    private var older = EntryHeap()
    /// The gradients of those, by the entries' sequence numbers.
    @exclusivity(unchecked)
    private var waiting: [UInt64: Tensor] = [:]
    private let retainGraph: Bool
    fileprivate let createGraph: Bool
    /// The tensors whose gradients are wanted, by the identity of their tracking objects; nil for all leaves.
    private let wanted: Set<ObjectIdentifier>?
    /// The oldest entry whose gradient is wanted: neither it nor any older one need be gone through. Nil if a leaf's
    /// gradient is wanted, which any entry may lead to.
    private let oldestWanted: UInt64?
    private var found: [ObjectIdentifier: Tensor] = [:]

    private init(retainGraph: Bool, createGraph: Bool, wanted: [Tracking]?) {
        self.retainGraph = retainGraph
        self.createGraph = createGraph
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
        let pass = BackwardPass(retainGraph: retainGraph, createGraph: createGraph, wanted: wanted)
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
        while let (entry, gradient) = takeNewest() {
            if let wanted, wanted.contains(ObjectIdentifier(entry)) { found[ObjectIdentifier(entry)] = gradient }
            if let oldestWanted, entry.sequence <= oldestWanted { return }
            guard entry.beginUse(taking: !retainGraph) else {
                return refuse(
                    operation,
                    "the graph behind \(entry.operation.name) was already freed by an earlier backward pass; "
                        + "pass retainGraph: true to that one to go through it again",
                    at: site
                )
            }
            entry.rule(gradient, BackwardStep(entry: entry, pass: self))
            entry.endUse()
        }
    }

    fileprivate func add(_ gradient: Tensor, to tracking: Tracking) {
        switch tracking {
        case .none: return
        case .leaf(let leaf): add(gradient, to: leaf)
        case .operation(let entry): add(gradient, to: entry)
        }
    }

    fileprivate func add(_ gradient: Tensor, to leaf: Leaf) {
        if gradient.isFailed { return }
        guard let wanted else { return leaf.accumulate(gradient) }
        let id = ObjectIdentifier(leaf)
        guard wanted.contains(id) else { return }
        if found[id] == nil { found[id] = gradient } else { found[id]!.addGradient(gradient) }
    }

    fileprivate func add(_ gradient: Tensor, to entry: TapeEntry) {
        if gradient.isFailed { return }
        if let next = newest?.entry {
            if next === entry {
                newest!.gradient.addGradient(gradient)
                return
            }
            if next.sequence < entry.sequence {
                let displaced = newest.take()!
                newest = (entry, gradient)
                // It was newer than all others, and so is not among them.
                waiting[next.sequence] = displaced.gradient
                older.insert(next)
                return
            }
        } else if older.newest.map({ $0 < entry.sequence }) ?? true {
            newest = (entry, gradient)
            return
        }
        if waiting[entry.sequence] == nil {
            waiting[entry.sequence] = gradient
            older.insert(entry)
        } else {
            waiting[entry.sequence]!.addGradient(gradient)
        }
    }

    fileprivate func add(to leaf: Leaf, _ contribution: (inout Tensor?) -> Void) {
        guard let wanted else { return leaf.accumulate(contribution) }
        let id = ObjectIdentifier(leaf)
        guard wanted.contains(id) else { return }
        // Taken out, so that it is nobody else's while it is added to.
        var sum = found.removeValue(forKey: id)
        contribution(&sum)
        if let sum, !sum.isFailed { found[id] = sum }
    }

    fileprivate func add(to entry: TapeEntry, _ contribution: (inout Tensor?) -> Void) {
        var sum: Tensor?
        if newest?.entry === entry {
            sum = newest.take()?.gradient
            contribution(&sum)
            newest = (entry, sum!)
        } else if let waited = waiting.removeValue(forKey: entry.sequence) {
            sum = consume waited
            contribution(&sum)
            waiting[entry.sequence] = sum
        } else {
            contribution(&sum)
            add(sum!, to: entry)
        }
    }

    private func takeNewest() -> (entry: TapeEntry, gradient: Tensor)? {
        if let taken = newest.take() { return taken }
        guard let entry = older.popNewest() else { return nil }
        return (entry, waiting.removeValue(forKey: entry.sequence)!)
    }
}

extension Tensor {
    /// Adds a gradient of the same tensor: in place if nothing else holds this one, unless the addition is to be
    /// recorded.
    mutating func addGradient(_ other: Tensor) {
        if tracking.isTracked || other.tracking.isTracked, GradientMode.isEnabled {
            self = self + other
        } else if let handle = KernelFamily.add[dtype], dtype == other.dtype, hasSameShape(as: other) {
            if !other.isFailed, makeUnique(keepsFormat: true) { assign(handle, self, other) }
        } else {
            self += other
        }
    }
}
