/// Whether modules are being trained or used.
///
/// A property of the current task, not of a module: one task can evaluate a model that another one trains. The tasks
/// that it starts inherit it, except detached ones. ``Dropout`` behaves differently in the two.
public enum Mode: Sendable {
    case training
    case evaluation

    /// The mode of the current task; training unless a ``withMode(_:_:)`` says otherwise, as in PyTorch.
    public static var current: Mode { active }

    @TaskLocal fileprivate static var active = Mode.training
}

/// Runs `body` in `mode`, on this task and on those that it starts meanwhile, except detached ones.
///
/// ```swift
/// let prediction = withMode(.evaluation) { noGrad { model(x) } }
/// ```
public func withMode<R>(_ mode: Mode, _ body: () throws -> R) rethrows -> R {
    try Mode.$active.withValue(mode, operation: body)
}

/// Runs `body` in `mode`, on this task and on those that it starts meanwhile, except detached ones.
public func withMode<R>(
    _ mode: Mode,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await Mode.$active.withValue(mode, operation: body, isolation: isolation)
}
