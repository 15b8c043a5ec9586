/// A 2 MiB piece of memory, aligned to its size, cut into blocks of one size class. Its bookkeeping lies in
/// its own first bytes, so a block finds its slab by clearing the low bits of its address.
struct Slab {
    static let size = 2 << 20
    private static let headerSize = 128

    private struct Header {
        var blockSize: Int
        var capacity: Int
        /// Blocks in use.
        var live: Int
        /// Blocks that were ever handed out; those past it have never been touched.
        var carved: Int
        /// Freed blocks, each holding the address of the next.
        var free: UnsafeMutableRawPointer?
        /// Neighbours in the list of slabs of this class that have room.
        var next: UnsafeMutableRawPointer?
        var previous: UnsafeMutableRawPointer?
    }

    let base: UnsafeMutableRawPointer

    private var header: UnsafeMutablePointer<Header> { base.assumingMemoryBound(to: Header.self) }

    /// Lays a slab of blocks of `blockSize` bytes into `base`, which has `Slab.size` bytes.
    init(at base: UnsafeMutableRawPointer, blockSize: Int) {
        self.base = base
        base.initializeMemory(
            as: Header.self,
            to: Header(
                blockSize: blockSize,
                capacity: (Slab.size - Slab.headerSize) / blockSize,
                live: 0,
                carved: 0,
                free: nil,
                next: nil,
                previous: nil
            )
        )
    }

    init(base: UnsafeMutableRawPointer) { self.base = base }

    init(containing block: UnsafeMutableRawPointer) {
        base = UnsafeMutableRawPointer(bitPattern: UInt(bitPattern: block) & ~UInt(Slab.size - 1))!
    }

    var isFull: Bool { header.pointee.live == header.pointee.capacity }
    var isEmpty: Bool { header.pointee.live == 0 }

    /// Takes a block; the slab must not be full.
    func take() -> UnsafeMutableRawPointer {
        header.pointee.live += 1
        if let block = header.pointee.free {
            header.pointee.free = block.load(as: UnsafeMutableRawPointer?.self)
            return block
        }
        let block = base + Slab.headerSize + header.pointee.carved * header.pointee.blockSize
        header.pointee.carved += 1
        return block
    }

    func give(back block: UnsafeMutableRawPointer) {
        block.storeBytes(of: header.pointee.free, as: UnsafeMutableRawPointer?.self)
        header.pointee.free = block
        header.pointee.live -= 1
    }

    /// Puts the slab first in the list that starts at `head`.
    func link(into head: inout UnsafeMutableRawPointer?) {
        header.pointee.previous = nil
        header.pointee.next = head
        if let head { Slab(base: head).header.pointee.previous = base }
        head = base
    }

    /// Takes the slab out of the list that starts at `head`.
    func unlink(from head: inout UnsafeMutableRawPointer?) {
        if let previous = header.pointee.previous {
            Slab(base: previous).header.pointee.next = header.pointee.next
        } else {
            head = header.pointee.next
        }
        if let next = header.pointee.next { Slab(base: next).header.pointee.previous = header.pointee.previous }
    }

    /// The next slab of the list.
    var next: Slab? { header.pointee.next.map(Slab.init(base:)) }
}
