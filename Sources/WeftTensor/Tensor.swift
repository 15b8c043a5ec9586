@_exported import WeftRuntime

/// A multidimensional array of numbers with a dtype, whose operations run on the CPU's vector units and
/// threads and can be differentiated.
///
/// A tensor is a value: copying it is quick and independent of its size, and changing one never changes
/// another, nor what the tape saved for the backward pass. Slices, transposes and broadcasts share memory
/// until one is written.
///
/// Mistakes such as shapes that do not match stop the process with a message that names the operation, the
/// shapes and the caller's line; inside `withTensorErrors` they are thrown.
public struct Tensor: Sendable {
    /// Nil in a tensor that only stands for its shape: what a refused operation returns, and what the tape
    /// keeps of operands whose values the derivative does not need.
    package var storage: Storage?
    package var layout: Layout
    package var tracking: Tracking
    public package(set) var dtype: DType

    package init(storage: Storage?, layout: Layout, dtype: DType, tracking: Tracking = .none) {
        self.storage = storage
        self.layout = layout
        self.tracking = tracking
        self.dtype = dtype
    }

    /// The sizes of the dimensions, outermost first; empty for a scalar.
    public var shape: [Int] { layout.shape }

    /// The number of dimensions.
    public var rank: Int { layout.rank }

    /// The number of elements.
    public var count: Int { layout.count }

    /// Whether the elements lie row-major and without gaps in memory.
    public var isContiguous: Bool { layout.isContiguous }

    /// The first element's address. Valid while the tensor lives.
    package var start: UnsafeMutableRawPointer {
        storage.unsafelyUnwrapped.start + layout.offset &* dtype.size
    }

    /// Whether this is the result of an operation that was refused inside `withTensorErrors`.
    package var isFailed: Bool { storage == nil }

    /// This tensor's shape and dtype without its values.
    package var withoutValues: Tensor { Tensor(storage: nil, layout: layout, dtype: dtype, tracking: tracking) }

    /// A tensor that stands for the result of a refused operation.
    package static func failed(like tensor: Tensor) -> Tensor {
        Tensor(storage: nil, layout: tensor.layout, dtype: tensor.dtype)
    }

    /// A fresh row-major tensor with undefined contents and the sizes of `layout`; failed if there is no
    /// memory for it.
    package static func uninitialized(
        like layout: Layout, dtype: DType, operation: String, at site: CallSite?
    ) -> Tensor {
        do throws(OutOfMemory) {
            return Tensor(
                storage: try Storage(byteCount: layout.count &* dtype.size), layout: layout.rowMajor, dtype: dtype)
        } catch {
            refuse(operation, "\(error)", at: site)
            return Tensor(storage: nil, layout: layout.rowMajor, dtype: dtype)
        }
    }

    /// The same values row-major and without gaps; the tensor itself if it already lies so.
    package func contiguous(at site: CallSite? = nil) -> Tensor {
        if isFailed || layout.isContiguous { return self }
        var copy = Tensor.copy(of: self, at: site)
        copy.tracking = tracking
        return copy
    }

    /// Makes this tensor the only user of its memory, copying the values if they are shared.
    package mutating func makeUnique(at site: CallSite? = nil) {
        guard storage != nil, !storage!.isUniquelyReferenced() || !layout.isContiguous else { return }
        let tracking = self.tracking
        self = Tensor.copy(of: self, at: site)
        self.tracking = tracking
    }
}
