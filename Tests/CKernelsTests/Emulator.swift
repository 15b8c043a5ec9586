import CKernels
import Foundation
import Synchronization
import Testing

/// An emulator that runs tile functions for NEON where this machine cannot: the command in `WEFT_NEON_RUNNER`, which
/// `Scripts/neon/test` sets.
///
/// It maps a file at the same address as this process, the arena, so that pointers into it mean the same on both
/// sides, and takes one request after another through a pipe.
///
/// Sendable: what changes is behind locks, and pipes and process are set up before anyone else sees them.
final class Emulator: @unchecked Sendable {
    static let shared: Emulator? = {
        guard let command = ProcessInfo.processInfo.environment["WEFT_NEON_RUNNER"] else { return nil }
        do {
            return try Emulator(command.split(separator: " ").map(String.init))
        } catch {
            fatalError("the NEON emulator does not start: \(error)")
        }
    }()

    /// What is free on both sides: above any heap, below any stack.
    private static let address = 0x10_0000_0000
    /// MAP_FIXED_NOREPLACE, which not every C library names.
    private static let fixedWithoutReplacing: Int32 = 0x10_0000
    /// Pages that are not touched take no memory.
    private static let size = 16 << 30

    private struct State {
        var used = 0
        /// The places of freed blocks, by size.
        var free: [Int: [Int]] = [:]
    }

    private struct Request {
        var kernel: Int64
        var begin, end: Int64
        var scratch: UnsafeMutableRawPointer?
        var runs: Int64
        var launch: ck_launch
    }

    private let state = Mutex(State())
    private let exchange = Mutex(())
    private let process = Process()
    private let requests = Pipe()
    private let answers = Pipe()

    private init(_ command: [String]) throws {
        let path = "/dev/shm/weft-arena-\(UUID())"
        let file = open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
        guard file >= 0, ftruncate(file, Self.size) == 0 else { throw POSIXError(.EIO) }
        defer { close(file) }
        let wanted = UnsafeMutableRawPointer(bitPattern: Self.address)
        let arena = mmap(wanted, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED | Self.fixedWithoutReplacing, file, 0)
        guard arena == wanted else { throw POSIXError(.ENOMEM) }

        process.executableURL = URL(filePath: command[0])
        process.arguments = command.dropFirst() + [path, "\(Self.size)", "\(Self.address)"]
        process.standardInput = requests
        process.standardOutput = answers
        try process.run()
        // The first answer says that the arena is mapped, after which its name is not needed any more.
        _ = has(CK_copy_f32)
        unlink(path)
    }

    func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.rounded(byteCount)
        let offset = state.withLock { state in
            if let freed = state.free[size]?.popLast() { return freed }
            precondition(state.used + size <= Self.size, "the arena is full")
            defer { state.used += size }
            return state.used
        }
        return UnsafeMutableRawPointer(bitPattern: Self.address + offset)!
    }

    func deallocate(_ block: UnsafeMutableRawPointer, byteCount: Int) {
        let offset = Int(bitPattern: block) - Self.address
        state.withLock { $0.free[Self.rounded(byteCount), default: []].append(offset) }
    }

    /// Whether there is a tile function of `kernel`.
    func has(_ kernel: ck_kernel) -> Bool {
        ask(Request(kernel: Int64(kernel.rawValue), begin: 0, end: 0, scratch: nil, runs: 0, launch: ck_launch()))
    }

    /// Runs the items `begin ..< end` of a launch whose operands, and `scratch`, lie in the arena.
    func run(
        _ kernel: ck_kernel,
        _ launch: ck_launch,
        _ begin: Int64,
        _ end: Int64,
        _ scratch: UnsafeMutableRawPointer?
    ) {
        let request = Request(
            kernel: Int64(kernel.rawValue),
            begin: begin,
            end: end,
            scratch: scratch,
            runs: 1,
            launch: launch
        )
        let ran = ask(request)
        precondition(ran, "there is no \(String(cString: ck_kernel_name(kernel))) for NEON")
    }

    private func ask(_ request: Request) -> Bool {
        exchange.withLock { _ in
            withUnsafeBytes(of: request) { requests.fileHandleForWriting.write(Data($0)) }
            guard let answer = try? answers.fileHandleForReading.read(upToCount: 1), let status = answer.first else {
                fatalError("the NEON emulator stopped in a kernel: \(request.kernel)")
            }
            return status == 0
        }
    }

    /// In steps of a cache line and of an eighth of the size, so that blocks find others of their size again.
    private static func rounded(_ byteCount: Int) -> Int {
        var step = 64
        while step * 16 <= byteCount { step *= 2 }
        return max(1, (byteCount + step - 1) / step) * step
    }
}

extension KernelISA {
    /// Whether this instruction set runs in the emulator.
    var isEmulated: Bool { Emulator.shared != nil && isa == CK_ISA_NEON }

    /// Whether there is a tile function of `kernel`.
    func has(_ kernel: ck_kernel) -> Bool {
        isEmulated ? Emulator.shared!.has(kernel) : ck_tile_function(kernel, isa) != nil
    }

    /// Runs the items `begin ..< end` of `launch`, whose operands come from `KernelMemory`.
    func run(
        _ kernel: ck_kernel,
        _ launch: ck_launch,
        _ begin: Int64,
        _ end: Int64,
        scratch: UnsafeMutableRawPointer? = nil
    ) {
        if isEmulated { return Emulator.shared!.run(kernel, launch, begin, end, scratch) }
        withUnsafePointer(to: launch) { ck_tile_function(kernel, isa)!($0, begin, end, scratch) }
    }
}
