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
/// Nothing is registered: the parameters are those in the stored properties, inherited ones included. A property counts
/// if it is a ``Parameter``, a module, or an array, an optional or a dictionary by `String` of what counts; other types
/// are not looked into. Names are PyTorch's, so that a state dict moves both ways: `hidden.weight` for the property
/// above, `layers.0.weight` in an array, `heads.left.weight` in a dictionary, whose keys count in sorted order.
///
/// These are refused, with the property's name:
/// - a `Tensor` that requires a gradient, which would never be trained: write `Parameter(…)`;
/// - modules or parameters in a set, a tuple, or a dictionary by another type, for they would have no name;
/// - a dictionary key that is empty or holds a dot, and two properties of one name in a class and its superclass.
///
/// A module that comes up again within itself, through a property that refers back, is not entered a second time.
///
/// With properties that are all `let`, a final class is `Sendable` as it stands: one model can serve many tasks.
public protocol Module: AnyObject, Sendable {}
