import WeftRuntime

/// What a tensor is made of.
struct TensorHeader {
    let layout: Layout
    /// The first byte of the memory that the layout's offset counts from; nil in a tensor that only stands for
    /// its shape.
    fileprivate(set) var memory: UnsafeMutableRawPointer?
    /// What keeps the memory alive.
    fileprivate(set) var owner: MemoryOwner
    fileprivate(set) var tracking: Tracking
    let dtype: DType
}

/// What keeps a tensor's memory alive.
enum MemoryOwner {
    /// The memory lies in the tensor's own body, or there is none.
    case itself
    case block(Storage)
    /// The memory lies in the body of the tensor that this one is a view of.
    case body(TensorBody)
}

/// The heap object behind a tensor. Up to `inlineCapacity` bytes of elements lie in it, so that a small tensor
/// costs one allocation. (They are aligned to 8 bytes only: asked for more, Swift's runtime takes a slower route
/// through `malloc`.)
final class TensorBody: ManagedBuffer<TensorHeader, UInt64> {
    static var inlineCapacity: Int { 512 }

    private static func make(inlineByteCount: Int, header: TensorHeader) -> TensorBody {
        let unit = MemoryLayout<UInt64>.stride
        let body = create(minimumCapacity: (inlineByteCount + unit - 1) / unit) { _ in header }
        return unsafeDowncast(body, to: TensorBody.self)
    }

    /// A body with undefined contents for the row-major `layout`.
    ///
    /// Sizes that a user named were checked before, but broadcasting can multiply them beyond what can be counted.
    static func allocate(_ layout: Layout, dtype: DType) throws(OutOfMemory) -> TensorBody {
        guard let byteCount = layout.checkedByteCount(dtype) else {
            throw OutOfMemory(requested: .max, live: Memory.statistics.live, limit: Memory.limit)
        }
        if byteCount <= inlineCapacity {
            let body = make(
                inlineByteCount: byteCount,
                header: TensorHeader(layout: layout, memory: nil, owner: .itself, tracking: .none, dtype: dtype)
            )
            body.withUnsafeMutablePointers { header, elements in
                header.pointee.memory = UnsafeMutableRawPointer(elements)
            }
            return body
        }
        let storage = try Storage(byteCount: byteCount)
        return make(
            inlineByteCount: 0,
            header: TensorHeader(
                layout: layout,
                memory: storage.start,
                owner: .block(storage),
                tracking: .none,
                dtype: dtype
            )
        )
    }

    /// A body that only stands for a shape.
    static func standIn(_ layout: Layout, dtype: DType, tracking: Tracking) -> TensorBody {
        make(
            inlineByteCount: 0,
            header: TensorHeader(layout: layout, memory: nil, owner: .itself, tracking: tracking, dtype: dtype)
        )
    }

    /// A body that shares `base`'s memory under another layout.
    static func view(of base: TensorBody, _ layout: Layout, tracking: Tracking) -> TensorBody {
        base.withUnsafeMutablePointerToHeader { header in
            var owner = header.pointee.owner
            var memory = header.pointee.memory
            if case .itself = owner, memory != nil {
                var base = base
                // A view that held on to a recorded operation's result would hold its whole graph.
                if case .operation = header.pointee.tracking { base = base.untrackedCopy() }
                owner = .body(base)
                memory = base.withUnsafeMutablePointerToHeader { $0.pointee.memory }
            }
            return make(
                inlineByteCount: 0,
                header: TensorHeader(
                    layout: layout,
                    memory: memory,
                    owner: owner,
                    tracking: tracking,
                    dtype: header.pointee.dtype
                )
            )
        }
    }

    /// A body with a copy of the elements that lie in this one.
    private func untrackedCopy() -> TensorBody {
        withUnsafeMutablePointers { header, elements in
            let byteCount = header.pointee.layout.count &* header.pointee.dtype.size
            let copy = TensorBody.make(inlineByteCount: byteCount, header: header.pointee)
            copy.withUnsafeMutablePointers { header, ownElements in
                header.pointee.tracking = .none
                header.pointee.memory = UnsafeMutableRawPointer(ownElements)
                UnsafeMutableRawPointer(ownElements).copyMemory(from: elements, byteCount: byteCount)
            }
            return copy
        }
    }

    @inline(__always)
    func setTracking(_ tracking: Tracking) {
        withUnsafeMutablePointerToHeader { $0.pointee.tracking = tracking }
    }

    /// Takes the tracking away, so that freeing this body frees no entry.
    @inline(__always)
    func takeTracking() -> Tracking {
        withUnsafeMutablePointerToHeader { header in
            let tracking = header.pointee.tracking
            header.pointee.tracking = .none
            return tracking
        }
    }

    /// Whether nothing but the one tensor that asks, which holds the only reference to this body, uses the memory.
    var ownsMemoryAlone: Bool {
        withUnsafeMutablePointerToHeader { header in
            // Taken out for the check, so that the copy is not counted as another user.
            var owner = header.pointee.owner
            header.pointee.owner = .itself
            defer { header.pointee.owner = owner }
            switch owner {
            case .itself: return true
            case .block(var storage):
                owner = .itself
                defer { owner = .block(storage) }
                return storage.isUniquelyReferenced()
            case .body(var base):
                owner = .itself
                defer { owner = .body(base) }
                return isKnownUniquelyReferenced(&base)
            }
        }
    }
}
