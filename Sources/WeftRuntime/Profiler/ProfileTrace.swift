internal import CKernels

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What was recorded, as a trace in the format that Chrome and Perfetto show: a track for each thread, and on it a
/// complete event for each launch that the thread asked for and for each chunk that it ran.
struct ProfileTrace {
    /// The time that counts as zero.
    let start: Int64
    let table: ProfileTable

    func write(to path: String) throws {
        let names = KernelHandle.all.map(\.name)
        try replaceFile(atPath: path) { file in
            var text = TraceText()
            text.add("{\"displayTimeUnit\":\"ns\",\n\"otherData\":{")
            text.add("\"cpu\":\(jsonString(CPUTopology.model)),")
            text.add("\"isa\":\"\(RuntimeConfiguration.current.isa)\",")
            text.add("\"lanes\":\"\(Scheduler.shared.layout)\",")
            if let limits = table.limits {
                text.add("\"peak FLOP/s\":\(limits.peak),\"bandwidth bytes/s\":\(limits.bandwidth),")
            }
            text.add("\"dropped events\":\(table.droppedEvents)},\n\"traceEvents\":[\n")
            addNames(to: &text)
            var launches = ck_trace_cursor()
            var launch = ck_trace_launch()
            while ck_trace_next_launch(&launches, &launch) {
                add(launch, names[Int(launch.kernel)], to: &text)
                try text.flush(to: &file, above: TraceText.enough)
            }
            var chunks = ck_trace_cursor()
            var chunk = ck_trace_chunk()
            while ck_trace_next_chunk(&chunks, &chunk) {
                add(chunk, names[Int(chunk.kernel)], to: &text)
                try text.flush(to: &file, above: TraceText.enough)
            }
            text.add("\n]}\n")
            try text.flush(to: &file, above: 0)
        }
    }

    /// The names of the process and of its threads: a thread that launches is a caller, another one goes by the place
    /// in the team that it took first.
    private func addNames(to text: inout TraceText) {
        var roles: [Int64: String] = [:]
        var launches = ck_trace_cursor()
        var launch = ck_trace_launch()
        while ck_trace_next_launch(&launches, &launch) {
            // Linux numbers a process's first thread as the process.
            roles[launch.thread] = launch.thread == Self.process ? "main thread" : "caller"
        }
        var chunks = ck_trace_cursor()
        var chunk = ck_trace_chunk()
        while ck_trace_next_chunk(&chunks, &chunk) {
            if roles[chunk.thread] == nil { roles[chunk.thread] = "lane \(chunk.lane), thread \(chunk.member)" }
        }
        let program = CommandLine.arguments.first?.split(separator: "/").last.map(String.init) ?? ""
        text.add("{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":")
        text.add(Self.process)
        text.add(",\"tid\":0,\"args\":{\"name\":\(jsonString(program))}}")
        for (thread, role) in roles.sorted(by: { $0.key < $1.key }) {
            text.add(",\n{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":")
            text.add(Self.process)
            text.add(",\"tid\":")
            text.add(thread)
            text.add(",\"args\":{\"name\":\"\(role)\"}}")
        }
    }

    private func add(_ launch: ck_trace_launch, _ name: String, to text: inout TraceText) {
        addHead("launch", name, thread: launch.thread, launch.start, launch.duration, to: &text)
        text.add("\"launch\":", launch.number)
        text.add(",\"shape\":[")
        withUnsafeBytes(of: launch.shape) { shape in
            for dimension in 0..<Int(launch.rank) {
                if dimension > 0 { text.add(",") }
                text.add(shape.load(fromByteOffset: dimension * MemoryLayout<Int64>.stride, as: Int64.self))
            }
        }
        text.add("],\"items\":", launch.items)
        text.add(",\"chunks\":", launch.chunks)
        text.add(",\"lanes\":", Int64(launch.lanes))
        text.add(",\"team\":", Int64(launch.team))
        text.add(",\"bytes\":", launch.bytes)
        text.add(",\"flops\":", launch.operations)
        text.add("}}")
    }

    private func add(_ chunk: ck_trace_chunk, _ name: String, to text: inout TraceText) {
        addHead("chunk", name, thread: chunk.thread, chunk.start, chunk.duration, to: &text)
        text.add("\"launch\":", chunk.launch)
        text.add(",\"begin\":", chunk.begin)
        text.add(",\"count\":", chunk.count)
        text.add(",\"lane\":", Int64(chunk.lane))
        text.add(",\"member\":", Int64(chunk.member))
        text.add("}}")
    }

    /// All of an event up to its arguments.
    private func addHead(
        _ category: StaticString,
        _ name: String,
        thread: Int64,
        _ begin: Int64,
        _ duration: Int64,
        to text: inout TraceText
    ) {
        text.add(",\n{\"ph\":\"X\",\"cat\":\"")
        text.add(category)
        text.add("\",\"name\":\"")
        text.add(name)
        text.add("\",\"pid\":", Self.process)
        text.add(",\"tid\":", thread)
        text.add(",\"ts\":")
        text.add(microsecondsOf: begin - start)
        text.add(",\"dur\":")
        text.add(microsecondsOf: duration)
        text.add(",\"args\":{")
    }

    private static let process = Int64(getpid())
}

/// Text on its way to a file: written in large pieces, and without a string for each number.
private struct TraceText {
    static let enough = 1 << 20

    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(Self.enough + 4096) }

    mutating func add(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

    mutating func add(_ name: StaticString, _ number: Int64) {
        add(name)
        add(number)
    }

    mutating func add(_ number: Int64) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let first = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        bytes[first...].reverse()
    }

    /// Nanoseconds as microseconds, exactly.
    mutating func add(microsecondsOf nanoseconds: Int64) {
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        let magnitude = Int64(nanoseconds.magnitude)
        add(magnitude / 1000)
        let thousandths = magnitude % 1000
        bytes.append(UInt8(ascii: "."))
        for digit in [thousandths / 100, thousandths / 10 % 10, thousandths % 10] {
            bytes.append(UInt8(ascii: "0") + UInt8(digit))
        }
    }

    mutating func flush(to file: inout AtomicFile, above limit: Int) throws {
        guard bytes.count > limit else { return }
        try file.write(bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}
