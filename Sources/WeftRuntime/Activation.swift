internal import CKernels

/// A function that a layer applies to every element of what it has computed.
public enum Activation: Sendable, CaseIterable {
    /// The rectifier, max(x, 0).
    case relu
    /// The hyperbolic tangent.
    case tanh
    /// The logistic function, 1 / (1 + exp(-x)).
    case sigmoid
    /// The Gaussian error linear unit, x · Φ(x), exact and not by tanh.
    case gelu

    /// What stands for it among the integers of a matrix product's launch, where 0 is none.
    package var identifier: Int {
        let activation =
            switch self {
            case .relu: CK_ACTIVATION_RELU
            case .tanh: CK_ACTIVATION_TANH
            case .sigmoid: CK_ACTIVATION_SIGMOID
            case .gelu: CK_ACTIVATION_GELU
            }
        return Int(activation.rawValue)
    }
}
