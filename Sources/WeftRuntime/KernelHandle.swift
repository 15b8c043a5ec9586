internal import CKernels

/// A small value that names one kernel. Everything that runs is launched through one, and errors and the profiler name
/// operations by it.
package struct KernelHandle: Sendable, Hashable {
    /// The kernel's place in the kernel table.
    fileprivate let index: Int32

    init(index: Int32) { self.index = index }

    /// The kernel named `<op>_<dtype>`, for example `add_f32`; nil if there is none.
    package init?(named name: String) {
        guard let handle = Self.byName[name] else { return nil }
        self = handle
    }

    /// Every kernel there is.
    package static let all = (0..<Int32(CK_KERNEL_COUNT.rawValue)).map(KernelHandle.init(index:))

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// `<op>_<dtype>`, for example `add_f32`.
    package var name: String { String(cString: ck_kernel_name(kernel)) }

    var kernel: ck_kernel { ck_kernel(rawValue: UInt32(index)) }

    /// The tile function for this process's ISA.
    var tile: ck_tile { KernelTable.tiles[Int(index)] }
}

/// The kernels of one operation, one per dtype that it has.
package struct KernelFamily: Sendable {
    /// The operation's name, as the tape and the errors show it.
    package let name: StaticString
    /// The handles' places in the kernel table, in the dtypes' order; -1 where there is none. A vector, since a look
    /// into an inline array copies all of it.
    private let indices: SIMD8<Int16>

    /// The kernels of the table that are named `<name>_<dtype>`.
    package init(_ name: StaticString) {
        self.name = name
        var indices = SIMD8<Int16>(repeating: -1)
        for dtype in DType.allCases {
            guard let handle = KernelHandle(named: "\(name)_\(dtype.kernelName)") else { continue }
            indices[Int(dtype.rawValue)] = Int16(handle.index)
        }
        precondition(indices.max() >= 0, "the kernel table has no kernel named \(name)")
        self.indices = indices
    }

    /// The kernel for inputs of `dtype`, or nil if the operation has none.
    package subscript(dtype: DType) -> KernelHandle? {
        let index = indices[Int(dtype.rawValue)]
        return index < 0 ? nil : KernelHandle(index: Int32(index))
    }

    /// The dtypes that the operation takes, for error messages.
    package var dtypes: [DType] { DType.allCases.filter { self[$0] != nil } }
}

extension DType {
    /// What kernels call this dtype.
    package var kernelName: StaticString {
        switch self {
        case .bool: "bool"
        case .int64: "i64"
        case .float16: "f16"
        case .bfloat16: "bf16"
        case .float32: "f32"
        case .float64: "f64"
        }
    }
}

/// The tile functions of every kernel for the ISA in use, resolved once per process.
private enum KernelTable {
    static let tiles: [ck_tile] = {
        let isa = RuntimeConfiguration.current.isa
        return (0..<CK_KERNEL_COUNT.rawValue).map { index in
            guard let tile = ck_tile_function(ck_kernel(rawValue: index), isa.rawIdentifier) else {
                stop("this build has no \(isa) kernels")
            }
            return tile
        }
    }()
}
