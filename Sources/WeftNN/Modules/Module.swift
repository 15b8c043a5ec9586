/// A part of a model: a function with parameters.
///
/// ```swift
/// final class MLP: Module {
///     let hidden = Linear(784, 512)
///     let output = Linear(512, 10)
///
///     func callAsFunction(_ x: Tensor) -> Tensor { output(hidden(x).relu()) }
/// }
/// ```
///
/// Nothing is registered: the parameters and buffers are those in the stored properties, inherited ones included. A
/// property counts if it is a ``Parameter``, a ``Buffer``, a module, or an array, an optional or a dictionary by `String`
/// of what counts; other types are not looked into. Names are PyTorch's, so that a state dict moves both ways:
/// `hidden.weight` for the property above, `layers.0.weight` in an array, `heads.left.weight` in a dictionary, whose keys
/// count in sorted order. Where PyTorch's name is not that of a Swift property, ``stateDictNames`` says so.
///
/// These are refused, with the property's name:
/// - a `Tensor` that requires a gradient, which would never be trained: write `Parameter(…)`;
/// - modules, parameters or buffers in a set, a tuple, or a dictionary by another type, for they would have no name;
/// - a dictionary key that is empty or holds a dot, and two properties of one name in a class and its superclass.
///
/// A module that comes up again within itself, through a property that refers back, is not entered a second time.
///
/// ## Sharing a module between tasks
///
/// With properties that are all `let`, a final class is `Sendable` as it stands: one model can serve many tasks, because
/// parameters and buffers hand out snapshots and take changes one at a time. What else changes goes behind a lock, for
/// instance `Mutex` or `Atomic` of the standard library's `Synchronization`, which are stored in a `let` too. A tensor
/// that is a part of the model's state is a ``Buffer``; caches and counters are not, and are not looked into:
///
/// ```swift
/// final class CausalMask: Module {
///     private let masks = Mutex<[Int: Tensor]>([:])       // By length; made once, then shared.
///     private let calls = Atomic(0)
///
///     func callAsFunction(_ length: Int) -> Tensor {
///         calls.add(1, ordering: .relaxed)
///         return masks.withLock { masks in
///             if let mask = masks[length] { return mask }
///             let positions = Tensor(arange: 0..<length)
///             let mask = positions.reshaped([length, 1]) .>= positions
///             masks[length] = mask
///             return mask
///         }
///     }
/// }
/// ```
///
/// A class that others inherit from cannot be checked by the compiler: state that it is `@unchecked Sendable`, and again
/// in each subclass, and keep to the same rule, that every stored property is a `let` of a `Sendable` type.
///
/// ```swift
/// class Encoder: Module, @unchecked Sendable {
///     let norm = LayerNorm(64)
/// }
/// final class TextEncoder: Encoder, @unchecked Sendable {
///     let tokens = Embedding(1000, 64)                    // Named tokens.weight, behind norm.weight and norm.bias.
/// }
/// ```
public protocol Module: Checkpointable, Sendable {
    /// The names that stored properties have in the state dict, by their names in Swift; a property that is not among
    /// them, as by default none is, has one name in both.
    ///
    /// ```swift
    /// static var stateDictNames: [String: String] { ["runningMean": "running_mean"] }
    /// ```
    ///
    /// They hold for the properties of the class that has them, and of its superclasses that have none of their own. A
    /// name for a property that is not stored is refused.
    static var stateDictNames: [String: String] { get }
}

extension Module {
    public static var stateDictNames: [String: String] { [:] }
}
