public import WeftTensor

/// What can be saved and restored: a module or an optimizer.
public protocol Checkpointable: AnyObject {
    /// Everything that has to be saved, by name, cut off from the tape.
    var stateDict: [String: Tensor] { get }

    /// Takes over everything in `stateDict` or, if it does not fit, nothing.
    ///
    /// - Throws: ``StateDictError``, which lists everything that does not fit.
    func load(stateDict: [String: Tensor]) throws
}
