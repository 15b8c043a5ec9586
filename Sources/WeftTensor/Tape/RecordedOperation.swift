import Synchronization
import WeftRuntime

/// What the tape keeps of which operation was recorded: the handle of the kernel that computed the result, and of the
/// one that its derivative launches, where one kernel does either. What `gradFn` shows follows from them.
package struct RecordedOperation: Sendable {
    /// The kernel that computed the result; nil for a view, and for a composition of several.
    package let kernel: KernelHandle?
    /// The kernel that computes the gradient where that is not recorded in turn; nil where it takes several, or none.
    package let derivative: KernelHandle?
    /// Nil for what is named by its kernel.
    private let named: Name?

    /// An operation that one kernel computes, and that is named by it unless it has a name of its own.
    init(_ kernel: KernelHandle?, derivative: KernelHandle? = nil, named name: Name? = nil) {
        self.kernel = kernel
        self.derivative = derivative
        named = name
    }

    /// An operation that no kernel computes alone.
    init(_ name: Name) { self.init(nil, named: name) }

    /// What `gradFn` shows.
    package var name: String { named?.description ?? kernel?.operation ?? "" }

    /// The name of an operation that is not that of its kernel.
    enum Name: Sendable {
        case addmm, concatenate, embedding, expand, matmul, mean, mse, permute, reshape, slice, sliceBackward, squeeze
        case standardDeviation, `subscript`, to, transpose, unsqueeze, variance
        /// One that a user gave to a function of theirs, by its number in `UserNames`.
        case user(UInt16)

        fileprivate var description: String {
            switch self {
            case .addmm: "addmm"
            case .concatenate: "concatenate"
            case .embedding: "embedding"
            case .expand: "expand"
            case .matmul: "matmul"
            case .mean: "mean"
            case .mse: "mse"
            case .permute: "permute"
            case .reshape: "reshape"
            case .slice: "slice"
            case .sliceBackward: "slice_backward"
            case .squeeze: "squeeze"
            case .standardDeviation: "standard_deviation"
            case .subscript: "subscript"
            case .to: "to"
            case .transpose: "transpose"
            case .unsqueeze: "unsqueeze"
            case .variance: "variance"
            case .user(let number): UserNames.name(of: number)
            }
        }
    }
}

/// The names of users' own functions, each kept once: an entry of the tape has no room for a string.
enum UserNames {
    private static let known = Mutex<[String]>([])

    /// The number of `name`. Names are literals, of which a program has only so many.
    static func number(of name: StaticString) -> UInt16 {
        known.withLock { known in
            let name = name.description
            if let number = known.firstIndex(of: name) { return UInt16(number) }
            known.append(name)
            return UInt16(known.count - 1)
        }
    }

    fileprivate static func name(of number: UInt16) -> String { known.withLock { $0[Int(number)] } }
}
