/// Memory for the operands of tests, aligned to 64 bytes: the process's own, or, where an emulator runs kernels too,
/// from the arena that it shares.
enum KernelMemory {
    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        guard let emulator = Emulator.shared else { return .allocate(byteCount: byteCount, alignment: 64) }
        return emulator.allocate(byteCount: byteCount)
    }

    static func deallocate(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        guard let emulator = Emulator.shared else { return block.deallocate() }
        emulator.deallocate(block, byteCount: byteCount)
    }
}
