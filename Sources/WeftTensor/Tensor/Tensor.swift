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
@dynamicMemberLookup
public struct Tensor: @unchecked Sendable {
    private var body: TensorBody

    private init(body: TensorBody) { self.body = body }

    /// A tensor that only stands for its shape: what a refused operation returns, and what the tape keeps of
    /// operands whose values the derivative does not need.
    package init(standIn layout: Layout, dtype: DType, tracking: Tracking = .none) {
        body = .standIn(layout, dtype: dtype, tracking: tracking)
    }

    /// The sizes of the dimensions, outermost first; empty for a scalar.
    public var shape: [Int] { Array(UnsafeBufferPointer(start: body.sizes, count: rank)) }

    /// The number of dimensions.
    public var rank: Int {
        @inline(__always) get { body.rank }
    }

    /// The number of elements.
    public var count: Int {
        @inline(__always) get { body.withUnsafeMutablePointerToHeader { $0.pointee.count } }
    }

    /// The type of the elements.
    public var dtype: DType {
        @inline(__always) get { body.dtype }
    }

    /// Whether the elements lie row-major and without gaps in memory.
    public var isContiguous: Bool {
        @inline(__always) get { body.withUnsafeMutablePointerToHeader { $0.pointee.isContiguous } }
    }

    /// The size of dimension `axis`, which exists.
    @inline(__always)
    package func extent(_ axis: Int) -> Int { body.sizes[axis] }

    /// The size of dimension `axis`; a negative one counts from the back. Unlike a look into `shape`, it refuses an axis
    /// that there is not, and gives 1 for it inside `withTensorErrors`.
    public func size(_ axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Int {
        do throws(Refusal) {
            let axis = try Call("size", file, line).axis(axis, of: self)
            return rank == 0 ? 1 : extent(axis)
        } catch {
            return 1
        }
    }

    /// The stride of dimension `axis`, which exists.
    @inline(__always)
    package func stride(_ axis: Int) -> Int { body.sizes[rank &+ axis] }

    /// Whether `other` is a copy of this tensor, or this of that, and neither has changed since.
    package func isIdentical(to other: Tensor) -> Bool { body === other.body }

    /// Whether `other` has the same sizes.
    @inline(__always)
    package func hasSameShape(as other: Tensor) -> Bool {
        let rank = rank
        guard rank == other.rank else { return false }
        let (sizes, others) = (body.sizes, other.body.sizes)
        var axis = 0
        while axis < rank {
            if sizes[axis] != others[axis] { return false }
            axis &+= 1
        }
        return true
    }

    /// The sizes and strides, with an offset of 0: the layout of a view counts its offset from this tensor's first
    /// element.
    package var layout: Layout { Layout(rank: rank, sizesAndStrides: body.sizes) }

    package var tracking: Tracking {
        @inline(__always) _read { yield body.withUnsafeMutablePointerToHeader { $0 }.pointee.tracking }
        set {
            if !isKnownUniquelyReferenced(&body) { body = .untracked(body) }
            body.setTracking(newValue)
        }
    }

    /// Makes this tensor, which an operation has just made, that operation's result on the tape.
    @inline(__always)
    mutating func record(as entry: consuming TapeEntry) {
        if !isKnownUniquelyReferenced(&body) { body = .untracked(body) }
        body.setTracking(.operation(entry))
    }

    /// The first element's address. Valid while the tensor lives.
    package var start: UnsafeMutableRawPointer {
        @inline(__always) get {
            body.withUnsafeMutablePointerToHeader { $0.pointee.start.unsafelyUnwrapped }
        }
    }

    /// Whether this is the result of an operation that was refused inside `withTensorErrors`.
    package var isFailed: Bool {
        @inline(__always) get { body.withUnsafeMutablePointerToHeader { $0.pointee.start == nil } }
    }

    /// This tensor's shape and dtype without its values, unless they are so few that they do no harm.
    package var withoutValues: Tensor {
        count &* dtype.size <= TensorBody.inlineCapacity
            ? self : Tensor(standIn: layout, dtype: dtype, tracking: tracking)
    }

    /// The same memory under another layout, not tracked.
    package func view(_ layout: Layout) -> Tensor { Tensor(body: .view(of: body, layout, tracking: .none)) }

    /// The same memory with two dimensions swapped, not tracked.
    func swappingView(_ axis: Int, _ other: Int) -> Tensor { Tensor(body: .swapping(axis, other, of: body)) }

    /// The same memory under another layout, to write to: unlike a view it holds on to the graph behind a recorded
    /// operation's result, and is not to be kept.
    func writableView(_ layout: Layout) -> Tensor { Tensor(body: .writableView(of: body, layout)) }

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
            return Tensor(body: try .allocate(layout, dtype: dtype))
        } catch {
            guard layout.isAddressable(operation: operation, at: site) else {
                return Tensor(standIn: layout.addressable, dtype: dtype)
            }
            refuse(operation, "\(error)", at: site)
            return Tensor(standIn: layout.rowMajor, dtype: dtype)
        }
    }

    /// A fresh row-major tensor with undefined contents and the sizes of `layout`, for the result of `call`; failed if
    /// there is no memory for it.
    static func uninitialized(like layout: Layout, dtype: DType, _ call: Call) -> Tensor {
        uninitialized(like: layout, dtype: dtype, operation: call.operation, at: call.site)
    }

    /// A fresh tensor with undefined contents and the sizes of `tensor`, channels-last if that is, otherwise row-major;
    /// failed if there is no memory for it.
    package static func uninitialized(
        like tensor: Tensor,
        dtype: DType,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        do throws(OutOfMemory) {
            return Tensor(body: try .allocate(like: tensor.body, dtype: dtype))
        } catch {
            refuse(operation, "\(error)", at: site)
            return Tensor(standIn: tensor.layout.rowMajor, dtype: dtype)
        }
    }

    /// The same values row-major and without gaps: a copy, unless the elements already lie so. Gradients flow
    /// through it as through the tensor itself.
    public func contiguous() -> Tensor { contiguous(at: nil) }

    /// The same values row-major and without gaps; the tensor itself if it already lies so.
    package func contiguous(at site: CallSite?) -> Tensor { contiguous(.rowMajor, at: site) }

    /// Makes this tensor the only user of its memory and contiguous, copying the values if need be.
    ///
    /// - Parameter keepsFormat: whether elements that lie channels-last may go on doing so.
    /// - Returns: whether it may be written; if there was no memory for a copy, it is as it was.
    package mutating func makeUnique(keepsFormat: Bool = false, at site: CallSite? = nil) -> Bool {
        if isFailed { return false }
        let isUnique = isKnownUniquelyReferenced(&body) && body.ownsMemoryAlone
        if isUnique && isContiguous { return true }
        let format = keepsFormat ? format : .rowMajor
        if isUnique, let format, isContiguous(format) { return true }
        var copy = Tensor.copy(of: self, format ?? .rowMajor, at: site)
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
