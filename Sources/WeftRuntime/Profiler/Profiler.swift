internal import CKernels

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Records every launch, and when the process exits writes what it recorded as a trace and prints a table by kernel.
///
/// A forked child records and writes nothing: the file is its parent's. Neither does a process that ends without
/// exiting, by a signal for example.
struct Profiler: Sendable {
    /// The trace's place, absolute.
    let path: String
    /// When recording began; the trace's times are relative to it.
    let start: Int64

    /// Room for launches and chunks. A launch takes 152 bytes and a chunk 72, so it holds some 800,000 launches that
    /// run inline.
    private static let eventByteLimit: Int64 = 128 << 20

    private static let active = Locked<Profiler?>(nil)

    /// Starts recording, until the process exits. To be called once.
    static func start(path: String) -> Profiler {
        ck_trace_start(eventByteLimit)
        let profiler = Profiler(path: path, start: ck_trace_now())
        active.withLock { $0 = profiler }
        atexit { Profiler.active.withLock { $0 }?.finish() }
        return profiler
    }

    /// Runs `launch` by `run`, which takes the number that its chunks are recorded under, and records it.
    func record(
        _ launch: inout Launch,
        _ run: (inout Launch, Int64) throws(OutOfMemory) -> LaunchSpread
    ) throws(OutOfMemory) {
        var event = ck_trace_launch()
        event.number = ck_trace_next_number()
        event.start = ck_trace_now()
        let spread = try run(&launch, event.number)
        event.duration = ck_trace_now() - event.start
        event.items = Int64(launch.items)
        event.chunks = Int64(spread.chunks)
        event.lanes = Int32(spread.lanes)
        event.team = Int32(spread.team)
        ck_trace_record_launch(event, launch.handle.kernel, &launch.raw)
    }

    private func finish() {
        guard !ck_in_forked_child() else { return }
        ck_trace_stop()
        let end = ck_trace_now()
        let table = ProfileTable(
            rows: KernelHandle.all.compactMap { ProfileTable.Row($0) },
            seconds: Double(end - start) * 1e-9,
            limits: try? ProfileTable.Limits.measured(),
            droppedEvents: Int(ck_trace_dropped())
        )
        do {
            try ProfileTrace(start: start, table: table).write(to: path)
            StandardError.write(table.description + "\nThe trace is in \(path).\n")
        } catch {
            let reason = (error as? FileError)?.message ?? "\(error)"
            StandardError.write(table.description + "\nweft: the trace could not be written to \(path): \(reason)\n")
        }
    }
}
