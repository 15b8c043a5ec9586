import Synchronization
import WeftRuntime

/// How a recorded operation hands its result's gradient on to its inputs. What it needs it finds among the
/// operands and the attributes of the entry; a rule that captures nothing costs no allocation.
package typealias DerivativeRule = @Sendable (_ gradient: Tensor, _ step: BackwardStep) -> Void

/// The numbers that an operation takes besides its tensors; each operation says which it uses.
package struct OperationAttributes: Sendable {
    package var axes = AxisSet()
    private var storedAxis: Int8 = 0
    package var activation: Activation?
    package var start = 0
    package var number = 0.0

    @inline(__always)
    package init(
        axes: AxisSet = AxisSet(),
        axis: Int = 0,
        activation: Activation? = nil,
        start: Int = 0,
        number: Double = 0
    ) {
        self.axes = axes
        storedAxis = Int8(axis)
        self.activation = activation
        self.start = start
        self.number = number
    }

    /// A dimension, of which a tensor has only a few.
    package var axis: Int {
        get { Int(storedAxis) }
        set { storedAxis = Int8(newValue) }
    }
}

/// What an entry keeps of an operand: no more than the derivative needs, since a graph is as large as what it keeps.
enum Operand: Sendable {
    /// Nothing: the rule does not read it, and no gradient flows to it.
    case nothing
    /// The tensor itself, or one that stands for its shape.
    case tensor(Tensor)
    /// The leaf that the gradient flows to, which has the result's shape.
    case leaf(Leaf)
    /// The operation that the gradient flows to, whose result has this one's shape.
    case operation(TapeEntry)
    /// The third operand and those behind it.
    case more([Operand])

    /// Of `tensor` no more than where a gradient of the shape of `result` flows on to.
    static func way(to tensor: Tensor, from result: Tensor) -> Operand {
        switch tensor.tracking {
        case .none: .nothing
        case .leaf(let leaf) where tensor.dtype == result.dtype && tensor.hasSameShape(as: result): .leaf(leaf)
        case .operation(let entry) where tensor.dtype == result.dtype && tensor.hasSameShape(as: result):
            .operation(entry)
        default: .tensor(tensor.withoutValues)
        }
    }
}

/// One recorded operation: its inputs, what else it saved, and its derivative rule.
///
/// Entries are numbered in the order of recording, and an operation's inputs are recorded before it, so that
/// order is already topological. Recording an operation costs one allocation, as small as `malloc` is quick with.
///
/// Sendable: the operands are written before the entry is shared. From then on they are read by the backward passes
/// that `users` counts, and emptied by the last of those once a pass has taken them, or by the deinitializer.
package final class TapeEntry: @unchecked Sendable {
    let sequence: UInt64
    /// What was recorded: the kernel that ran, and the one that the derivative runs.
    let operation: RecordedOperation
    /// How many of the operands are inputs; what else the operation saved lies behind them.
    let inputCount: UInt32
    /// Twice the number of backward passes that are reading the operands, plus one once a pass has taken them.
    private let users = Atomic<UInt32>(0)
    let attributes: OperationAttributes
    let rule: DerivativeRule
    @exclusivity(unchecked)
    private var first: Operand
    @exclusivity(unchecked)
    private var second: Operand
    @exclusivity(unchecked)
    private var third: Operand

    init(
        _ operation: RecordedOperation,
        attributes: OperationAttributes,
        inputCount: Int,
        _ first: Operand,
        _ second: Operand = .nothing,
        _ third: Operand = .nothing,
        rule: @escaping DerivativeRule
    ) {
        sequence = Self.recorded.wrappingAdd(1, ordering: .relaxed).oldValue
        self.operation = operation
        self.inputCount = UInt32(inputCount)
        self.attributes = attributes
        self.rule = rule
        self.first = first
        self.second = second
        self.third = third
    }

    /// An entry with any number of operands.
    convenience init(
        _ operation: RecordedOperation,
        attributes: OperationAttributes,
        inputs: [Tensor],
        saved: [Tensor],
        rule: @escaping DerivativeRule
    ) {
        let count = inputs.count + saved.count
        func operand(_ index: Int) -> Operand {
            if index < inputs.count { return .tensor(inputs[index]) }
            return index < count ? .tensor(saved[index - inputs.count]) : .nothing
        }
        self.init(
            operation,
            attributes: attributes,
            inputCount: inputs.count,
            operand(0),
            operand(1),
            count <= 3 ? operand(2) : .more((2..<count).map(operand)),
            rule: rule
        )
    }

    private static let recorded = Atomic<UInt64>(0)

    /// Operand `index`. Only for a pass that uses the operands.
    func operand(_ index: Int) -> Operand {
        switch index {
        case 0: return first
        case 1: return second
        default:
            if case .more(let operands) = third { return operands[index - 2] }
            precondition(index == 2)
            return third
        }
    }

    /// Lets a backward pass read the operands until it calls `endUse`, and keeps later passes out if it is
    /// `taking` them; false if an earlier pass has taken them.
    func beginUse(taking: Bool) -> Bool {
        var state = users.load(ordering: .relaxed)
        while state & 1 == 0 {
            let (exchanged, found) = users.weakCompareExchange(
                expected: state,
                desired: (state + 2) | (taking ? 1 : 0),
                ordering: .acquiring
            )
            if exchanged { return true }
            state = found
        }
        return false
    }

    /// Ends a use, and frees the operands if they were taken and nothing else uses them.
    func endUse() {
        if users.subtract(2, ordering: .acquiringAndReleasing).newValue == 1 { freeOperands() }
    }

    deinit {
        // What a chain's freeing reached has been emptied already.
        if holdsOperands { freeOperands() }
    }

    private var holdsOperands: Bool {
        if case .nothing = first, case .nothing = second, case .nothing = third { false } else { true }
    }

    /// Frees the operands, and the entries that only they led to, without recursion: a chain of a million
    /// operations must not be freed a million calls deep.
    private func freeOperands() {
        var freed = FreedEntries()
        moveOperands(to: &freed)
        while var entry = freed.popLast() {
            if isKnownUniquelyReferenced(&entry) { entry.moveOperands(to: &freed) }
        }
    }

    private func moveOperands(to freed: inout FreedEntries) {
        freed.move(&first)
        freed.move(&second)
        freed.move(&third)
    }
}

/// Entries that something being freed led to. The first is kept apart, so that freeing a chain allocates nothing.
///
/// Each is moved, never copied: whether it is the last reference to an operation is asked of its reference count,
/// which must not depend on when the optimizer ends a variable's life.
private struct FreedEntries {
    private var last: TapeEntry?
    private var others: [TapeEntry] = []

    mutating func popLast() -> TapeEntry? {
        if let entry = last.take() { return entry }
        return others.popLast()
    }

    /// Empties `operand` and keeps the entry that it led to, if nothing else needs what led there.
    mutating func move(_ operand: inout Operand) {
        let moved = operand
        operand = .nothing
        switch consume moved {
        case .nothing, .leaf: break
        case .operation(let entry): push(entry)
        case .tensor(var tensor):
            if let entry = tensor.takeEntryIfUnique() { push(entry) }
        case .more(var operands):
            while var operand = operands.popLast() { move(&operand) }
        }
    }

    private mutating func push(_ entry: consuming TapeEntry) {
        if last == nil { last = entry } else { others.append(entry) }
    }
}
