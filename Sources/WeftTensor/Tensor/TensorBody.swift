import WeftRuntime

/// What a tensor is made of, but for its sizes and strides, which lie behind it in the body.
struct TensorHeader {
    /// The first element; nil in a tensor that only stands for its shape.
    fileprivate(set) var start: UnsafeMutableRawPointer?
    /// What keeps the memory alive.
    fileprivate(set) var owner: MemoryOwner
    fileprivate(set) var tracking: Tracking
    /// The number of elements.
    let count: Int
    let rank: UInt8
    let dtype: DType
    /// Whether the elements lie row-major and without gaps.
    fileprivate(set) var isContiguous: Bool
}

/// What keeps a tensor's memory alive.
enum MemoryOwner {
    /// The memory lies in the tensor's own body, or there is none.
    case itself
    case block(Storage)
    /// The memory lies in the body of the tensor that this one is a view of.
    case body(TensorBody)
}

/// The heap object behind a tensor. Its words are the sizes of the dimensions, then their strides, then, if they take
/// no more than `inlineCapacity` bytes, the elements themselves: a small tensor is one small allocation, from the
/// lists that `malloc` is quickest with. (Elements are aligned to 8 bytes only: asked for more, Swift's runtime takes
/// a slower route through `malloc`.)
final class TensorBody: ManagedBuffer<TensorHeader, Int> {
    static var inlineCapacity: Int { 512 }

    /// A body whose sizes and strides, and elements if `elementWords` is not 0, are yet to be written.
    @inline(__always)
    private static func make(elementWords: Int, header: TensorHeader) -> TensorBody {
        let body = create(minimumCapacity: 2 &* Int(header.rank) &+ elementWords) { _ in header }
        return unsafeDowncast(body, to: TensorBody.self)
    }

    /// A body with undefined contents for `count` elements; its sizes and strides are yet to be written.
    private static func allocate(count: Int, rank: Int, dtype: DType) throws(OutOfMemory) -> TensorBody {
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: dtype.size)
        if overflow { throw OutOfMemory(requested: .max, live: Memory.statistics.live, limit: Memory.limit) }
        var header = TensorHeader(
            start: nil,
            owner: .itself,
            tracking: .none,
            count: count,
            rank: UInt8(truncatingIfNeeded: rank),
            dtype: dtype,
            isContiguous: true
        )
        if byteCount <= inlineCapacity {
            let word = MemoryLayout<Int>.stride
            let body = make(elementWords: (byteCount + word - 1) / word, header: header)
            body.withUnsafeMutablePointers { header, words in
                header.pointee.start = UnsafeMutableRawPointer(words + 2 * rank)
            }
            return body
        }
        let storage = try Storage(byteCount: byteCount)
        header.start = storage.start
        header.owner = .block(storage)
        return make(elementWords: 0, header: header)
    }

    /// A row-major body with undefined contents and the sizes of `layout`.
    ///
    /// Sizes that a user named were checked before, but broadcasting can multiply them beyond what can be counted.
    static func allocate(_ layout: Layout, dtype: DType) throws(OutOfMemory) -> TensorBody {
        guard let byteCount = layout.checkedByteCount(dtype) else {
            throw OutOfMemory(requested: .max, live: Memory.statistics.live, limit: Memory.limit)
        }
        let body = try allocate(count: byteCount / dtype.size, rank: layout.rank, dtype: dtype)
        let sizes = body.sizes
        for axis in 0..<layout.rank { sizes[axis] = layout.sizes[axis] }
        body.makeRowMajor(rank: layout.rank)
        return body
    }

    /// A body with undefined contents and the sizes of `other`, channels-last if that is, otherwise row-major.
    static func allocate(like other: TensorBody, dtype: DType) throws(OutOfMemory) -> TensorBody {
        let rank = other.rank
        let body = try allocate(
            count: other.withUnsafeMutablePointerToHeader { $0.pointee.count },
            rank: rank,
            dtype: dtype
        )
        let (sizes, source) = (body.sizes, other.sizes)
        for axis in 0..<rank { sizes[axis] = source[axis] }
        if other.withUnsafeMutablePointerToHeader({ $0.pointee.isContiguous }) || !body.makeChannelsLast(like: other) {
            body.makeRowMajor(rank: rank)
        }
        return body
    }

    /// A body that only stands for a shape.
    static func standIn(_ layout: Layout, dtype: DType, tracking: Tracking) -> TensorBody {
        sharing(start: nil, owner: .itself, tracking: tracking, dtype: dtype, under: layout)
    }

    /// A body that shares `base`'s memory under another layout, whose offset counts from `base`'s first element.
    static func view(of base: TensorBody, _ layout: Layout, tracking: Tracking) -> TensorBody {
        let (owner, start) = base.shared()
        let dtype = base.dtype
        return sharing(
            start: start.map { $0 + layout.offset &* dtype.size },
            owner: owner,
            tracking: tracking,
            dtype: dtype,
            under: layout
        )
    }

    /// A body that shares `base`'s memory under another layout, even if that is a recorded operation's result.
    static func writableView(of base: TensorBody, _ layout: Layout) -> TensorBody {
        let dtype = base.dtype
        return sharing(
            start: base.withUnsafeMutablePointerToHeader { $0.pointee.start }.map { $0 + layout.offset &* dtype.size },
            owner: .body(base),
            tracking: .none,
            dtype: dtype,
            under: layout
        )
    }

    /// A body that shares `base`'s memory under the same layout, not tracked.
    static func untracked(_ base: TensorBody) -> TensorBody {
        let (owner, start) = base.shared()
        return base.withUnsafeMutablePointers { source, sourceWords in
            let body = make(
                elementWords: 0,
                header: TensorHeader(
                    start: start,
                    owner: owner,
                    tracking: .none,
                    count: source.pointee.count,
                    rank: source.pointee.rank,
                    dtype: source.pointee.dtype,
                    isContiguous: source.pointee.isContiguous
                )
            )
            let words = body.sizes
            for word in 0..<2 * base.rank { words[word] = sourceWords[word] }
            return body
        }
    }

    /// A body that shares `base`'s memory with the dimensions `axis` and `other` swapped, not tracked.
    static func swapping(_ axis: Int, _ other: Int, of base: TensorBody) -> TensorBody {
        let body = untracked(base)
        body.withUnsafeMutablePointers { header, sizes in
            let rank = Int(header.pointee.rank)
            swap(&sizes[axis], &sizes[other])
            swap(&sizes[rank &+ axis], &sizes[rank &+ other])
            header.pointee.isContiguous = header.pointee.count == 0 || isRowMajor(sizes, rank: rank)
        }
        return body
    }

    /// Whether strides, which lie behind the sizes, are those that go with them.
    private static func isRowMajor(_ sizes: UnsafePointer<Int>, rank: Int) -> Bool {
        var stride = 1
        var axis = rank
        while axis > 0 {
            axis &-= 1
            // A dimension of one element has no step.
            if sizes[axis] == 1 { continue }
            if sizes[rank &+ axis] != stride { return false }
            stride &*= sizes[axis]
        }
        return true
    }

    private static func sharing(
        start: UnsafeMutableRawPointer?,
        owner: MemoryOwner,
        tracking: Tracking,
        dtype: DType,
        under layout: Layout
    ) -> TensorBody {
        let body = make(
            elementWords: 0,
            header: TensorHeader(
                start: start,
                owner: owner,
                tracking: tracking,
                count: layout.count,
                rank: UInt8(truncatingIfNeeded: layout.rank),
                dtype: dtype,
                isContiguous: layout.isContiguous
            )
        )
        let (sizes, rank) = (body.sizes, layout.rank)
        for axis in 0..<rank {
            sizes[axis] = layout.sizes[axis]
            sizes[rank + axis] = layout.strides[axis]
        }
        return body
    }

    /// What keeps the memory alive for a view, and the view's first element if it is this tensor's.
    private func shared() -> (owner: MemoryOwner, start: UnsafeMutableRawPointer?) {
        withUnsafeMutablePointerToHeader { header in
            guard case .itself = header.pointee.owner, header.pointee.start != nil else {
                return (header.pointee.owner, header.pointee.start)
            }
            // A view that held on to a recorded operation's result would hold its whole graph.
            guard case .operation = header.pointee.tracking else { return (.body(self), header.pointee.start) }
            let copy = untrackedCopy()
            return (.body(copy), copy.withUnsafeMutablePointerToHeader { $0.pointee.start })
        }
    }

    /// A body with a copy of the elements, which lie in this one.
    private func untrackedCopy() -> TensorBody {
        withUnsafeMutablePointers { header, words in
            let rank = Int(header.pointee.rank)
            let wordCount =
                2 * rank + (header.pointee.count * header.pointee.dtype.size + MemoryLayout<Int>.stride - 1)
                / MemoryLayout<Int>.stride
            let copy = TensorBody.make(elementWords: wordCount - 2 * rank, header: header.pointee)
            copy.withUnsafeMutablePointers { header, ownWords in
                header.pointee.tracking = .none
                header.pointee.start = UnsafeMutableRawPointer(ownWords + 2 * rank)
                UnsafeMutableRawPointer(ownWords)
                    .copyMemory(from: words, byteCount: wordCount * MemoryLayout<Int>.stride)
            }
            return copy
        }
    }

    /// The sizes of the dimensions, with the strides behind them. Valid while the body lives.
    @inline(__always)
    var sizes: UnsafeMutablePointer<Int> { withUnsafeMutablePointerToElements { $0 } }

    @inline(__always)
    var rank: Int { withUnsafeMutablePointerToHeader { Int($0.pointee.rank) } }

    @inline(__always)
    var dtype: DType { withUnsafeMutablePointerToHeader { $0.pointee.dtype } }

    /// Writes the strides that go with the sizes.
    @inline(__always)
    private func makeRowMajor(rank: Int) {
        let sizes = sizes
        var stride = 1
        var axis = rank
        while axis > 0 {
            axis &-= 1
            sizes[rank &+ axis] = stride
            stride &*= sizes[axis]
        }
    }

    /// Writes the strides of channels-last elements, if `other`, which has the same sizes and is not row-major, has them.
    @inline(never)
    private func makeChannelsLast(like other: TensorBody) -> Bool {
        let layout = Layout(rank: rank, sizesAndStrides: other.sizes)
        guard layout.isDense(.channelsLast) else { return false }
        let dense = layout.dense(.channelsLast)
        for axis in 0..<rank { sizes[rank &+ axis] = dense.strides[axis] }
        withUnsafeMutablePointerToHeader { $0.pointee.isContiguous = false }
        return true
    }

    @inline(__always)
    func setTracking(_ tracking: consuming Tracking) {
        withUnsafeMutablePointerToHeader { $0 }.pointee.tracking = tracking
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
            if case .itself = header.pointee.owner { return true }
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
