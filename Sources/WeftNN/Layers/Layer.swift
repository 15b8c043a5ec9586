public import WeftTensor

/// A module that makes one tensor of one tensor, so that it can be a part of ``Sequential``.
public protocol Layer: Module {
    /// The layer's output for `input`.
    func callAsFunction(_ input: Tensor) -> Tensor

    /// The layer's output for `input`; mistakes in it are reported as made at `file` and `line`.
    ///
    /// A layer that does not define it calls the one without a place.
    func callAsFunction(_ input: Tensor, file: StaticString, line: UInt) -> Tensor
}

extension Layer {
    public func callAsFunction(_ input: Tensor, file: StaticString, line: UInt) -> Tensor {
        callAsFunction(input)
    }
}
