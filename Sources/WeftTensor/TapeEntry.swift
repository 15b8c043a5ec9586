import Synchronization
import WeftRuntime

/// How a recorded operation hands its result's gradient on to its inputs. It captures nothing: what it needs
/// it finds among the operands and the attributes of the entry.
package typealias DerivativeRule = @Sendable (_ gradient: Tensor, _ step: BackwardStep) -> Void

/// The numbers that an operation takes besides its tensors; each operation says which it uses.
package struct OperationAttributes: Sendable {
    package var axes = AxisSet()
    package var axis = 0
    package var otherAxis = 0
    package var start = 0
    package var step = 1
    package var keepDims = false
    package var number = 0.0

    package init() {}
}

/// What a recorded operation keeps for its derivative: its inputs first, then whatever else it saved.
///
/// Inputs whose values the derivative does not need are kept without them.
package struct SavedOperands: Sendable {
    package var first: Tensor
    package var second: Tensor?
    package var third: Tensor?
    package var rest: [Tensor]
    /// How many of them are inputs.
    package var inputCount: Int

    package subscript(index: Int) -> Tensor {
        switch index {
        case 0: first
        case 1: second.unsafelyUnwrapped
        case 2: third.unsafelyUnwrapped
        default: rest[index - 3]
        }
    }
}

/// One recorded operation: its kernel, its derivative rule, its inputs, and what it saved.
///
/// Entries are numbered in the order of recording, and an operation's inputs are recorded before it, so that
/// order is already topological. The subclasses differ in how many operands they hold inline: recording an
/// operation costs one allocation of the size it needs.
package class TapeEntry: @unchecked Sendable {
    // Sendable: the stored properties are immutable, and the subclasses keep their operands behind a lock.
    let sequence: UInt64
    /// The operation's name, as `gradFn` shows it.
    let name: StaticString
    /// The forward kernel; nil for views, which run none.
    let handle: KernelHandle?
    let attributes: OperationAttributes
    let rule: DerivativeRule

    fileprivate init(
        name: StaticString, handle: KernelHandle?, attributes: OperationAttributes, rule: @escaping DerivativeRule
    ) {
        sequence = Self.recorded.add(1, ordering: .relaxed).oldValue
        self.name = name
        self.handle = handle
        self.attributes = attributes
        self.rule = rule
    }

    private static let recorded = Atomic<UInt64>(0)

    /// The operands, which are kept if `retaining`; nil if an earlier backward pass has taken them.
    func takeOperands(retaining: Bool) -> SavedOperands? { fatalError("every entry holds operands") }

    /// Moves the entries that this one's operands lead to, the last reference to them perhaps, to `entries`.
    fileprivate func releaseOperands(into entries: inout [TapeEntry]) {}

    /// Frees the operands, and the entries that only they led to, without recursion: a chain of a million
    /// operations must not be freed a million calls deep.
    fileprivate func releaseOperands() {
        var entries: [TapeEntry] = []
        releaseOperands(into: &entries)
        while var entry = entries.popLast() {
            if isKnownUniquelyReferenced(&entry) { entry.releaseOperands(into: &entries) }
        }
    }

    package static func make(
        name: StaticString, handle: KernelHandle?, attributes: OperationAttributes, operands: SavedOperands,
        rule: @escaping DerivativeRule
    ) -> TapeEntry {
        func entry<Operands: OperandList>(_ operands: Operands) -> TapeEntry {
            Entry(name: name, handle: handle, attributes: attributes, rule: rule, operands: operands)
        }
        guard let second = operands.second else { return entry(OneOperand(first: operands.first)) }
        guard operands.third == nil else { return entry(operands) }
        return entry(TwoOperands(first: operands.first, second: second, inputCount: operands.inputCount))
    }
}

/// A number of operands stored inline.
private protocol OperandList: Sendable {
    var operands: SavedOperands { get }
    /// Moves the entries that the operands lead to to `entries`.
    mutating func releaseEntries(into entries: inout [TapeEntry])
}

private struct OneOperand: OperandList {
    var first: Tensor

    var operands: SavedOperands { SavedOperands(first: first, second: nil, third: nil, rest: [], inputCount: 1) }

    mutating func releaseEntries(into entries: inout [TapeEntry]) { first.releaseEntry(into: &entries) }
}

private struct TwoOperands: OperandList {
    var first: Tensor
    var second: Tensor
    let inputCount: Int

    var operands: SavedOperands {
        SavedOperands(first: first, second: second, third: nil, rest: [], inputCount: inputCount)
    }

    mutating func releaseEntries(into entries: inout [TapeEntry]) {
        first.releaseEntry(into: &entries)
        second.releaseEntry(into: &entries)
    }
}

extension SavedOperands: OperandList {
    fileprivate var operands: SavedOperands { self }

    fileprivate mutating func releaseEntries(into entries: inout [TapeEntry]) {
        first.releaseEntry(into: &entries)
        second?.releaseEntry(into: &entries)
        third?.releaseEntry(into: &entries)
        for index in rest.indices { rest[index].releaseEntry(into: &entries) }
    }
}

extension Tensor {
    fileprivate mutating func releaseEntry(into entries: inout [TapeEntry]) {
        if case .operation(let entry) = tracking { entries.append(entry) }
        tracking = .none
    }
}

private final class Entry<Operands: OperandList>: TapeEntry, @unchecked Sendable {
    // Sendable: the only mutable state is behind the lock.
    private let operands: Mutex<Operands?>

    init(
        name: StaticString, handle: KernelHandle?, attributes: OperationAttributes, rule: @escaping DerivativeRule,
        operands: Operands
    ) {
        self.operands = Mutex(operands)
        super.init(name: name, handle: handle, attributes: attributes, rule: rule)
    }

    override func takeOperands(retaining: Bool) -> SavedOperands? {
        operands.withLock { operands in
            defer { if !retaining { operands = nil } }
            return operands?.operands
        }
    }

    override func releaseOperands(into entries: inout [TapeEntry]) {
        // No other reference is left, but only the lock hands out the operands.
        let list = operands.withLock { operands in
            defer { operands = nil }
            return operands
        }
        guard var list else { return }
        list.releaseEntries(into: &entries)
    }

    deinit { releaseOperands() }
}
