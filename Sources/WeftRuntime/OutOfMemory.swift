/// Memory that could not be had, even after everything cached was given back.
public struct OutOfMemory: Error, Equatable, CustomStringConvertible {
    /// Bytes that were asked for.
    public let requested: Int
    /// Bytes in use by live tensors at that moment.
    public let live: Int
    /// Bytes that the runtime may take in all.
    public let limit: Int

    package init(requested: Int, live: Int, limit: Int) {
        self.requested = requested
        self.live = live
        self.limit = limit
    }

    public var description: String {
        "out of memory: asked for \(ByteCount.describe(requested)), with \(ByteCount.describe(live)) in use "
            + "of the \(ByteCount.describe(limit)) allowed"
    }
}
