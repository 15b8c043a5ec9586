@_spi(Benchmarking) @_exported import WeftRuntime

/// A multidimensional array of numbers with a dtype, whose operations run on the CPU's vector units and
/// threads and can be differentiated.
///
/// A tensor is a value: copying it is quick and independent of its size, and changing one never changes
/// another, nor what the tape saved for the backward pass. Slices, transposes and broadcasts share memory
/// until one is written.
///
/// Mistakes such as shapes that do not match stop the process with a message that names the operation, the
/// shapes and the caller's line; inside `withTensorErrors` they are thrown.
///
/// Sendable: a body and the memory behind it are written only by the operation that makes them, before
/// anything else sees them, or through a tensor that holds the only reference to both.
public struct Tensor: @unchecked Sendable {
    private var body: TensorBody

    private init(body: TensorBody) { self.body = body }

    /// A tensor that only stands for its shape: what a refused operation returns, and what the tape keeps of
    /// operands whose values the derivative does not need.
    package init(standIn layout: Layout, dtype: DType, tracking: Tracking = .none) {
        body = .standIn(layout, dtype: dtype, tracking: tracking)
    }

    /// The sizes of the dimensions, outermost first; empty for a scalar.
    public var shape: [Int] { layout.shape }

    /// The number of dimensions.
    public var rank: Int { layout.rank }

    /// The number of elements.
    public var count: Int { layout.count }

    /// The type of the elements.
    public var dtype: DType {
        @inline(__always) get { body.withUnsafeMutablePointerToHeader { $0.pointee.dtype } }
    }

    /// Whether the elements lie row-major and without gaps in memory.
    public var isContiguous: Bool { layout.isContiguous }

    package var layout: Layout {
        @inline(__always) _read { yield body.withUnsafeMutablePointerToHeader { $0 }.pointee.layout }
    }

    package var tracking: Tracking {
        @inline(__always) _read { yield body.withUnsafeMutablePointerToHeader { $0 }.pointee.tracking }
        set {
            if !isKnownUniquelyReferenced(&body) { body = .view(of: body, layout, tracking: .none) }
            body.setTracking(newValue)
        }
    }

    /// The first element's address. Valid while the tensor lives.
    package var start: UnsafeMutableRawPointer {
        body.withUnsafeMutablePointerToHeader { header in
            header.pointee.memory.unsafelyUnwrapped + header.pointee.layout.offset &* header.pointee.dtype.size
        }
    }

    /// Whether this is the result of an operation that was refused inside `withTensorErrors`.
    package var isFailed: Bool { body.withUnsafeMutablePointerToHeader { $0.pointee.memory == nil } }

    /// This tensor's shape and dtype without its values, unless they are so few that they do no harm.
    package var withoutValues: Tensor {
        layout.count &* dtype.size <= TensorBody.inlineCapacity
            ? self : Tensor(standIn: layout, dtype: dtype, tracking: tracking)
    }

    /// The same memory under another layout, not tracked.
    package func view(_ layout: Layout) -> Tensor { Tensor(body: .view(of: body, layout, tracking: .none)) }

    /// A tensor that stands for the result of a refused operation.
    package static func failed(like tensor: Tensor) -> Tensor {
        Tensor(standIn: tensor.layout, dtype: tensor.dtype)
    }

    /// A fresh row-major tensor with undefined contents and the sizes of `layout`; failed if there is no
    /// memory for it.
    package static func uninitialized(
        like layout: Layout,
        dtype: DType,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        do throws(OutOfMemory) {
            return Tensor(body: try .allocate(layout.rowMajor, dtype: dtype))
        } catch {
            refuse(operation, "\(error)", at: site)
            return Tensor(standIn: layout.rowMajor, dtype: dtype)
        }
    }

    /// The same values row-major and without gaps: a copy, unless the elements already lie so. Gradients flow
    /// through it as through the tensor itself.
    public func contiguous() -> Tensor { contiguous(at: nil) }

    /// The same values row-major and without gaps; the tensor itself if it already lies so.
    package func contiguous(at site: CallSite?) -> Tensor {
        if isFailed || layout.isContiguous { return self }
        var copy = Tensor.copy(of: self, at: site)
        copy.tracking = tracking
        return copy
    }

    /// Makes this tensor the only user of its memory and contiguous, copying the values if need be.
    ///
    /// - Returns: whether it may be written; if there was no memory for a copy, it is as it was.
    package mutating func makeUnique(at site: CallSite? = nil) -> Bool {
        if isFailed { return false }
        let isUnique = isKnownUniquelyReferenced(&body) && body.ownsMemoryAlone
        if isUnique && layout.isContiguous { return true }
        var copy = Tensor.copy(of: self, at: site)
        if copy.isFailed { return false }
        copy.tracking = tracking
        self = copy
        return true
    }

    /// Gives up whatever reference this tensor holds to the tape, if nothing else holds its body: then freeing
    /// the body frees no entry.
    mutating func takeEntryIfUnique() -> TapeEntry? {
        guard isKnownUniquelyReferenced(&body), case .operation(let entry) = body.takeTracking() else { return nil }
        return entry
    }
}
