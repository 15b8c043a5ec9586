import Synchronization
import WeftRuntime

/// What the tape keeps of which operation was recorded: the handle of the kernel that computed the result, and of the
/// one that its derivative launches, where one kernel does either. What `gradFn` shows follows from them.
///
/// All in one word, since every entry has one: the numbers of the two kernels, 0 for none, that of a name, 0 for the
/// kernel's, and of a user's function.
package struct RecordedOperation: Sendable {
    private let word: UInt64

    @inline(__always)
    private init(kernel: UInt16, derivative: UInt16, _ name: Name, user: UInt16 = 0) {
        word = UInt64(kernel) | UInt64(derivative) << 16 | UInt64(name.rawValue) << 32 | UInt64(user) << 48
    }

    /// What the kernel of `family` for `dtype` computes, named by it unless it has a name of its own.
    ///
    /// - Parameter derivative: the kernel for `dtype` that computes the gradient, where one does.
    @inline(__always)
    init(_ family: KernelFamily, _ dtype: DType, derivative: KernelFamily? = nil, named name: Name = .byKernel) {
        self.init(kernel: family.number(dtype), derivative: derivative?.number(dtype) ?? 0, name)
    }

    /// What the kernel `handle` computes, named by it.
    init(_ handle: KernelHandle, derivative: KernelHandle? = nil) {
        self.init(kernel: handle.number, derivative: derivative?.number ?? 0, .byKernel)
    }

    /// An operation that no kernel computes alone: a view, or a composition of several.
    init(_ name: Name) { self.init(kernel: 0, derivative: 0, name) }

    /// A function of a user's own.
    init(named name: StaticString) {
        self.init(kernel: 0, derivative: 0, .byUser, user: UserNames.number(of: name))
    }

    /// The kernel that computed the result; nil for a view, and for a composition of several.
    package var kernel: KernelHandle? { KernelHandle(number: UInt16(truncatingIfNeeded: word)) }

    /// The kernel that computes the gradient where that is not recorded in turn; nil where it takes several, or none.
    package var derivative: KernelHandle? { KernelHandle(number: UInt16(truncatingIfNeeded: word >> 16)) }

    /// What `gradFn` shows.
    package var name: String {
        switch Name(rawValue: UInt8(truncatingIfNeeded: word >> 32)) {
        case .byKernel: kernel?.operation ?? ""
        case .byUser: UserNames.name(of: UInt16(truncatingIfNeeded: word >> 48))
        case let name: name?.description ?? ""
        }
    }

    /// The name of an operation that is not that of its kernel.
    enum Name: UInt8 {
        case byKernel, byUser
        case addmm, concatenate, embedding, embeddingBag, expand, logSumExp, matmul, mean, median, mse, permute,
            reshape, slice, sliceBackward, squeeze
        case averagePool, interpolate, maxPool, pad
        case diagonal, flip, part, partBackward, scatterReduce, unfold
        case standardDeviation, `subscript`, to, transpose, unsqueeze, variance
        case batchNorm, groupNorm, instanceNorm, localResponseNorm
        case celu, hardshrink, hardsigmoid, hardtanh, leakyRelu, logSigmoid, relu6, selu, softshrink, threshold
        case clamp, logAddExp, logit, sinc, xlogy

        fileprivate var description: String {
            switch self {
            case .averagePool: "average_pool"
            case .batchNorm: "batch_norm"
            case .embeddingBag: "embedding_bag"
            case .groupNorm: "group_norm"
            case .instanceNorm: "instance_norm"
            case .leakyRelu: "leaky_relu"
            case .localResponseNorm: "local_response_norm"
            case .logAddExp: "logaddexp"
            case .logSigmoid: "log_sigmoid"
            case .logSumExp: "log_sum_exp"
            case .maxPool: "max_pool"
            case .partBackward: "part_backward"
            case .scatterReduce: "scatter_reduce"
            case .sliceBackward: "slice_backward"
            case .standardDeviation: "standard_deviation"
            default: "\(self)"
            }
        }
    }
}

/// The names of users' own functions, each kept once: an entry of the tape has no room for a string.
private enum UserNames {
    private static let known = Mutex<[String]>([])

    /// The number of `name`. Names are literals, of which a program has only so many.
    fileprivate static func number(of name: StaticString) -> UInt16 {
        known.withLock { known in
            let name = name.description
            if let number = known.firstIndex(of: name) { return UInt16(number) }
            known.append(name)
            return UInt16(known.count - 1)
        }
    }

    fileprivate static func name(of number: UInt16) -> String { known.withLock { $0[Int(number)] } }
}
