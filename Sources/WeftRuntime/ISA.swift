internal import CKernels

/// An instruction set that kernels are compiled for.
public enum ISA: String, Sendable, CaseIterable, CustomStringConvertible {
    case baseline, neon, avx2, avx512

    public var description: String { rawValue }

    /// Whether this build has kernels for it and this CPU can run them.
    public var isAvailable: Bool { ck_isa_available(rawIdentifier) }

    /// The best one that this machine has.
    public static var best: ISA { allCases.last { $0.isAvailable } ?? .baseline }

    var rawIdentifier: ck_isa {
        switch self {
        case .baseline: CK_ISA_BASELINE
        case .neon: CK_ISA_NEON
        case .avx2: CK_ISA_AVX2
        case .avx512: CK_ISA_AVX512
        }
    }
}
