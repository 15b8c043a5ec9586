internal import CKernels

/// A small value that names one kernel. Everything that runs is launched through one, and errors and the profiler name
/// operations by it.
package struct KernelHandle: Sendable, Hashable {
    /// The kernel's place in the kernel table. As small as it can be: each entry of the tape has two handles.
    fileprivate let index: Int16

    init(index: Int16) { self.index = index }

    /// The kernel named `<op>_<dtype>`, for example `add_f32`; nil if there is none.
    package init?(named name: String) {
        guard let handle = Self.byName[name] else { return nil }
        self = handle
    }

    /// The handle of a `number`; nil for 0, which stands for none.
    package init?(number: UInt16) {
        if number == 0 { return nil }
        index = Int16(number) - 1
    }

    /// What stands for the kernel where several things are packed into one word.
    package var number: UInt16 { UInt16(bitPattern: index &+ 1) }

    /// Every kernel there is.
    package static let all = (0..<Int16(CK_KERNEL_COUNT.rawValue)).map(KernelHandle.init(index:))

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// `<op>_<dtype>`, for example `add_f32`.
    package var name: String { String(cString: ck_kernel_name(kernel)) }

    /// `<op>`: the name without the dtype.
    package var operation: String {
        let name = name
        return String(name[..<(name.lastIndex(of: "_") ?? name.endIndex)])
    }

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
    private let indices: SIMD16<Int16>

    /// The kernels of the table that are named `<name>_<dtype>`.
    package init(_ name: StaticString) {
        self.name = name
        var indices = SIMD16<Int16>(repeating: -1)
        for dtype in DType.allCases {
            let own = KernelHandle(named: "\(name)_\(dtype.kernelName)")
            guard let handle = own ?? Self.mover(name, dtype) else { continue }
            indices[Int(dtype.rawValue)] = handle.index
        }
        precondition(indices.max() >= 0, "the kernel table has no kernel named \(name)")
        self.indices = indices
    }

    /// The kernel that moves elements as wide as `dtype`'s, bit for bit, where `name` is an operation that does no more.
    private static func mover(_ name: StaticString, _ dtype: DType) -> KernelHandle? {
        let movers = ["copy", "where", "index_select", "index_copy", "gather", "scatter", "window_copy"]
        guard dtype.isNarrowInteger, movers.contains("\(name)") else { return nil }
        let pattern: DType = dtype.size == 1 ? .bool : dtype.size == 2 ? .float16 : .float32
        return KernelHandle(named: "\(name)_\(pattern.kernelName)")
    }

    /// The kernel for inputs of `dtype`, or nil if the operation has none.
    package subscript(dtype: DType) -> KernelHandle? {
        let index = indices[Int(dtype.rawValue)]
        return index < 0 ? nil : KernelHandle(index: index)
    }

    /// The number of the kernel for inputs of `dtype`; 0 if the operation has none.
    @inline(__always)
    package func number(_ dtype: DType) -> UInt16 { UInt16(bitPattern: indices[Int(dtype.rawValue)] &+ 1) }

    /// The dtypes that the operation takes, for error messages.
    package var dtypes: [DType] { DType.allCases.filter { self[$0] != nil } }

    /// Those in words.
    package var acceptedDTypes: String { dtypes.map(\.description).joined(separator: ", ") }
}

extension DType {
    /// What kernels call this dtype.
    package var kernelName: StaticString {
        switch self {
        case .bool: "bool"
        case .uint8: "u8"
        case .int8: "i8"
        case .int16: "i16"
        case .int32: "i32"
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
