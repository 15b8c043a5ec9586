import WeftRuntime

/// Where the elements of a tensor lie: sizes and strides per dimension, outermost first, and how far the first
/// element is from where the memory is said to start, all counted in elements. Lives inline, without a heap
/// allocation.
package struct Layout: Sendable {
    package static var maximumRank: Int { Launch.maximumRank }

    package private(set) var rank = 0
    package private(set) var sizes = Extents(repeating: 1)
    package private(set) var strides = Extents(repeating: 0)
    package var offset = 0

    /// The layout of a scalar.
    package init() {}

    /// Row-major and without gaps. `shape` has at most `maximumRank` sizes, none negative.
    package init(rowMajor shape: [Int]) {
        for size in shape { append(size: size, stride: 0) }
        makeRowMajor()
    }

    /// That of a matrix, row-major and without gaps.
    package init(rows: Int, columns: Int) {
        rank = 2
        sizes = [rows, columns, 1, 1, 1, 1, 1, 1]
        strides = [columns, 1, 0, 0, 0, 0, 0, 0]
    }

    /// The first `rank` of the numbers are the sizes, the next the strides.
    package init(rank: Int, sizesAndStrides: UnsafePointer<Int>) {
        self.rank = rank
        for axis in 0..<rank {
            sizes[axis] = sizesAndStrides[axis]
            strides[axis] = sizesAndStrides[rank &+ axis]
        }
    }

    /// The same sizes, row-major and without gaps.
    package var rowMajor: Layout {
        var result = self
        result.makeRowMajor()
        return result
    }

    /// The same sizes, all of one element.
    package var repeatingOne: Layout {
        var result = self
        result.strides = Extents(repeating: 0)
        result.offset = 0
        return result
    }

    private mutating func makeRowMajor() {
        offset = 0
        var stride = 1
        for axis in (0..<rank).reversed() {
            strides[axis] = stride
            stride &*= sizes[axis]
        }
    }

    /// Adds an innermost dimension.
    package mutating func append(size: Int, stride: Int) {
        sizes[rank] = size
        strides[rank] = stride
        rank += 1
    }

    package mutating func setDimension(_ axis: Int, size: Int, stride: Int) {
        sizes[axis] = size
        strides[axis] = stride
    }

    package mutating func remove(_ axis: Int) {
        for next in axis..<(rank - 1) { setDimension(next, size: sizes[next + 1], stride: strides[next + 1]) }
        rank -= 1
        setDimension(rank, size: 1, stride: 0)
    }

    package mutating func insert(size: Int, stride: Int, at axis: Int) {
        for next in (axis..<rank).reversed() { setDimension(next + 1, size: sizes[next], stride: strides[next]) }
        setDimension(axis, size: size, stride: stride)
        rank += 1
    }

    /// The number of elements.
    package var count: Int {
        var count = 1
        for axis in 0..<rank { count &*= sizes[axis] }
        return count
    }

    /// The number of bytes that the elements take without gaps; nil if the product of the sizes, those that are 0 left
    /// out, cannot be addressed. Sizes beside a 0 count, since a sum over that leaves them alone.
    package func checkedByteCount(_ dtype: DType) -> Int? {
        var byteCount = Self.widestElement
        var (overflows, isEmpty) = (false, false)
        for axis in 0..<rank {
            if sizes[axis] == 0 {
                isEmpty = true
                continue
            }
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: sizes[axis])
            byteCount = product
            if overflow { overflows = true }
        }
        return overflows ? nil : isEmpty ? 0 : byteCount / Self.widestElement &* dtype.size
    }

    /// The bytes of the widest element, which addressable sizes leave room for whatever their dtype.
    package static var widestElement: Int { 8 }

    /// The same sizes, but for 1 in place of each that would be too many to address: what may stand in for a shape that
    /// no tensor can have.
    package var addressable: Layout {
        var result = self
        var byteCount = Self.widestElement
        for axis in 0..<rank where sizes[axis] > 0 {
            let (product, overflow) = byteCount.multipliedReportingOverflow(by: sizes[axis])
            if overflow { result.sizes[axis] = 1 } else { byteCount = product }
        }
        return result.rowMajor
    }

    package var shape: [Int] { (0..<rank).map { sizes[$0] } }

    /// Whether the elements lie row-major and without gaps.
    package var isContiguous: Bool {
        var expected = 1
        for axis in (0..<rank).reversed() where sizes[axis] != 1 {
            if strides[axis] != expected { return count == 0 }
            expected &*= sizes[axis]
        }
        return true
    }

    package func hasSameShape(as other: Layout) -> Bool {
        guard rank == other.rank else { return false }
        for axis in 0..<rank where sizes[axis] != other.sizes[axis] { return false }
        return true
    }

    /// The sizes that `a` and `b` both broadcast to, as a row-major layout; nil if they do not match.
    /// Dimensions are aligned at the innermost; a size of 1 stretches.
    package static func broadcast(_ a: Layout, _ b: Layout) -> Layout? {
        var result = Layout()
        result.rank = max(a.rank, b.rank)
        for axis in 0..<result.rank {
            let (i, j) = (axis - result.rank + a.rank, axis - result.rank + b.rank)
            let (p, q) = (i >= 0 ? a.sizes[i] : 1, j >= 0 ? b.sizes[j] : 1)
            guard p == q || p == 1 || q == 1 else { return nil }
            result.sizes[axis] = p == 1 ? q : p
        }
        result.makeRowMajor()
        return result
    }

    /// The sizes that all three broadcast to.
    package static func broadcast(_ a: Layout, _ b: Layout, _ c: Layout) -> Layout? {
        broadcast(b, c).flatMap { broadcast(a, $0) }
    }

    /// This layout seen with the sizes of `target`, repeating along stretched dimensions with stride 0; nil
    /// if it does not broadcast to them.
    package func expanded(to target: Layout) -> Layout? {
        guard rank <= target.rank else { return nil }
        var result = target
        result.offset = offset
        for axis in 0..<target.rank {
            let own = axis - target.rank + rank
            if own >= 0 && sizes[own] == target.sizes[axis] {
                result.strides[axis] = strides[own]
            } else if own < 0 || sizes[own] == 1 {
                result.strides[axis] = 0
            } else {
                return nil
            }
        }
        return result
    }

    /// The elements in the same order under other sizes with the same count, without moving them; nil if
    /// that cannot be expressed in strides.
    package func viewed(as target: Layout) -> Layout? {
        var result = target.rowMajor
        result.offset = offset
        if isContiguous { return result }
        // Match groups of dimensions with equal products, from the innermost; within a group of the source
        // the elements must be evenly spaced.
        var source = rank - 1
        var axis = target.rank - 1
        while source >= 0 {
            if sizes[source] == 1 {
                source -= 1
                continue
            }
            let unit = strides[source]
            var extent = sizes[source]
            while source > 0, sizes[source - 1] == 1 || strides[source - 1] == extent * unit {
                source -= 1
                extent *= sizes[source]
            }
            var left = extent
            while left > 1 || (axis >= 0 && target.sizes[axis] == 1) {
                guard axis >= 0, left % target.sizes[axis] == 0 else { return nil }
                result.strides[axis] = unit * (extent / left)
                left /= target.sizes[axis]
                axis -= 1
            }
            source -= 1
        }
        return result
    }
}
