import Synchronization
import WeftRuntime

/// How a recorded operation hands its result's gradient on to its inputs. What it needs it finds among the
/// operands and the attributes of the entry; a rule that captures nothing costs no allocation.
package typealias DerivativeRule = @Sendable (_ gradient: Tensor, _ step: BackwardStep) -> Void

/// The numbers that an operation takes besides its tensors; each operation says which it uses.
package struct OperationAttributes: Sendable {
    package var axes = AxisSet()
    package var axis = 0
    package var start = 0
    package var number = 0.0

    package init() {}
}

/// What a recorded operation keeps for its derivative: its inputs first, then whatever else it saved.
///
/// Inputs whose values the derivative does not need are kept without them.
package struct SavedOperands: Sendable {
    private var first: Tensor?
    private var second: Tensor?
    private var third: Tensor?
    private var rest: [Tensor] = []
    /// How many of them are inputs.
    let inputCount: Int

    init(_ first: Tensor, _ second: Tensor? = nil, inputCount: Int) {
        self.first = first
        self.second = second
        self.inputCount = inputCount
    }

    init(_ operands: [Tensor], inputCount: Int) {
        first = operands.first
        second = operands.count > 1 ? operands[1] : nil
        third = operands.count > 2 ? operands[2] : nil
        rest = Array(operands.dropFirst(3))
        self.inputCount = inputCount
    }

    package subscript(index: Int) -> Tensor {
        switch index {
        case 0: first.unsafelyUnwrapped
        case 1: second.unsafelyUnwrapped
        case 2: third.unsafelyUnwrapped
        default: rest[index - 3]
        }
    }

    /// Moves the operands that hold recorded operations alive to `tensors`, and frees the others. Each field is
    /// emptied rather than copied from: whether a tensor holds the last reference to an operation is asked of
    /// its reference count, which must not depend on when the optimizer ends a variable's life.
    fileprivate mutating func moveResults(to tensors: inout [Tensor]) {
        Self.move(&first, to: &tensors)
        Self.move(&second, to: &tensors)
        Self.move(&third, to: &tensors)
        while var tensor = rest.popLast().map(Optional.some) { Self.move(&tensor, to: &tensors) }
    }

    private static func move(_ tensor: inout Tensor?, to tensors: inout [Tensor]) {
        guard let moved = tensor.take(), case .operation = moved.tracking else { return }
        tensors.append(moved)
    }
}

/// One recorded operation: its kernel, its derivative rule, its inputs, and what it saved.
///
/// Entries are numbered in the order of recording, and an operation's inputs are recorded before it, so that
/// order is already topological. Recording an operation costs one allocation.
package final class TapeEntry: Sendable {
    let sequence: UInt64
    /// The operation's name, as `gradFn` shows it.
    let name: StaticString
    /// The forward kernel; nil for views, which run none.
    let handle: KernelHandle?
    let attributes: OperationAttributes
    let rule: DerivativeRule
    private let operands: Mutex<SavedOperands?>

    init(
        name: StaticString,
        handle: KernelHandle?,
        attributes: OperationAttributes,
        operands: SavedOperands,
        rule: @escaping DerivativeRule
    ) {
        sequence = Self.recorded.add(1, ordering: .relaxed).oldValue
        self.name = name
        self.handle = handle
        self.attributes = attributes
        self.operands = Mutex(operands)
        self.rule = rule
    }

    private static let recorded = Atomic<UInt64>(0)

    /// The operands, which are kept if `retaining`; nil if an earlier backward pass has taken them.
    func takeOperands(retaining: Bool) -> SavedOperands? {
        operands.withLock { operands in
            if retaining { return operands }
            return operands.take()
        }
    }

    /// Frees the operands, and the entries that only they led to, without recursion: a chain of a million
    /// operations must not be freed a million calls deep.
    deinit {
        var tensors: [Tensor] = []
        guard moveResults(to: &tensors) else { return }
        while var tensor = tensors.popLast() {
            guard var entry = tensor.takeEntryIfUnique(), isKnownUniquelyReferenced(&entry) else { continue }
            _ = entry.moveResults(to: &tensors)
        }
    }

    /// Empties the operands into `tensors`, as far as they hold operations alive; false if there were none.
    private func moveResults(to tensors: inout [Tensor]) -> Bool {
        operands.withLock { operands in
            guard operands != nil else { return false }
            operands!.moveResults(to: &tensors)
            operands = nil
            return true
        }
    }
}
