import Synchronization
import WeftRuntime

/// A mistake in the use of an operation: shapes that do not match, a wrong dtype, an index out of range.
///
/// It stops the process with this message on standard error, after which standard output is flushed, unless it happens
/// inside `withTensorErrors`, which throws it.
public struct TensorError: Error, Sendable, CustomStringConvertible {
    /// The operation that refused, for example `matmul`.
    public let operation: String
    /// What was wrong, with the offending shapes, types or values.
    public let message: String
    private let place: Place

    enum Place: Sendable {
        case given(CallSite)
        case onStack(StackPlace)
    }

    init(operation: String, message: String, place: Place) {
        self.operation = operation
        self.message = message
        self.place = place
    }

    /// The caller's file; nil where it is an operator that was called and the program carries no debug information
    /// to tell.
    public var file: String? { resolvedPlace?.file }

    /// The caller's line; nil where `file` is.
    public var line: UInt? { resolvedPlace?.line }

    private var resolvedPlace: (file: String, line: UInt)? {
        switch place {
        case .given(let site): (site.file.description, site.line)
        case .onStack(let place): place.resolved
        }
    }

    public var description: String {
        guard let (file, line) = resolvedPlace else { return "\(operation): \(message)" }
        return "\(operation): \(message) (\(file):\(line))"
    }
}

/// The first mistake made inside a `withTensorErrors`.
package final class ErrorRecorder: Sendable {
    /// The recorder of the innermost `withTensorErrors` around the current task; nil outside of any.
    @TaskLocal package static var current: ErrorRecorder?

    private let first = Mutex<TensorError?>(nil)

    package var error: TensorError? { first.withLock { $0 } }

    fileprivate func record(_ error: TensorError) {
        first.withLock { first in
            if first == nil { first = error }
        }
    }
}

/// Runs `body` and throws the first mistake that an operation in it refused, instead of stopping the process.
///
/// After a mistake the operations that depend on it do nothing until `body` returns: their results are
/// tensors that read as NaN (or 0), and gradients are not accumulated. Read as a whole, as by `array(of:)`, those of more
/// than 64 KiB are empty, so that reading what was refused takes no memory to speak of.
///
/// Such a result has the shape and the dtype that the right call would have had, so that code which goes on with it finds
/// the dimensions that it expects. Where that cannot be told, it is the nearest to it: of sizes that do not broadcast
/// those of the first operand, of an axis that there is not the last one taken away, of a mask that was refused all
/// elements. What a request handler checks first it asks of `checked(shape:dtype:)`, which throws.
///
/// - Throws: `TensorError`, or what `body` throws if no operation refused before.
public func withTensorErrors<R>(_ body: () throws -> R) throws -> R {
    let recorder = ErrorRecorder()
    let result = Result { try ErrorRecorder.$current.withValue(recorder, operation: body) }
    if let error = recorder.error { throw error }
    return try result.get()
}

/// Runs `body` and throws the first mistake that an operation in it refused, instead of stopping the process.
///
/// - Throws: `TensorError`, or what `body` throws if no operation refused before.
public func withTensorErrors<R>(
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async throws -> R {
    let recorder = ErrorRecorder()
    do {
        let result = try await ErrorRecorder.$current.withValue(recorder, operation: body, isolation: isolation)
        if let error = recorder.error { throw error }
        return result
    } catch {
        throw recorder.error ?? error
    }
}

/// What the user called, where it calls operations in turn that would name themselves.
private struct OuterOperation: Sendable {
    let name: String
    /// Nil to find out from the call stack.
    let site: CallSite?

    @TaskLocal static var current: OuterOperation?
}

/// Runs `body`, whose mistakes are those of `operation`, called at `site`, whatever operations find them: for instance
/// what a layer makes its parameters with. The outermost such call is the one that counts.
package func refusing<R>(as operation: StaticString, at site: CallSite?, _ body: () throws -> R) rethrows -> R {
    if OuterOperation.current != nil { return try body() }
    let outer = OuterOperation(name: "\(operation)", site: site)
    return try OuterOperation.$current.withValue(outer, operation: body)
}

/// Records a mistake with the surrounding `withTensorErrors`, or stops the process with it.
///
/// - Parameter site: where the user called the operation; nil to find out from the call stack.
package func refuse(_ operation: some CustomStringConvertible, _ message: String, at site: CallSite?) {
    let outer = OuterOperation.current
    let error = TensorError(
        operation: outer?.name ?? "\(operation)",
        message: message,
        place: (outer.map(\.site) ?? site).map(TensorError.Place.given) ?? .onStack(StackPlace())
    )
    guard let recorder = ErrorRecorder.current else { stop("\(error)") }
    recorder.record(error)
}
