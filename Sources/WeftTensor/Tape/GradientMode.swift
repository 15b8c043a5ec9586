/// Whether operations on the current task are recorded for the backward pass.
package enum GradientMode {
    @TaskLocal package static var isEnabled = true
}

/// Runs `body` without recording operations for the backward pass, on this task and those that it starts.
public func noGrad<R>(_ body: () throws -> R) rethrows -> R {
    try GradientMode.$isEnabled.withValue(false, operation: body)
}

/// Runs `body` without recording operations for the backward pass, on this task and its children alone.
public func noGrad<R>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await GradientMode.$isEnabled.withValue(false, operation: body, isolation: isolation)
}

/// Runs `body` recording operations again, inside a `noGrad`.
public func withGrad<R>(_ body: () throws -> R) rethrows -> R {
    try GradientMode.$isEnabled.withValue(true, operation: body)
}

/// Runs `body` recording operations again, inside a `noGrad`, on this task and its children alone.
public func withGrad<R>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await GradientMode.$isEnabled.withValue(true, operation: body, isolation: isolation)
}
