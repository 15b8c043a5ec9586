import Testing

@_spi(Benchmarking) @testable import WeftRuntime

@Suite("The launches that measure the machine's limits")
struct LimitLaunchTests {
    private static let size = LimitLaunch.Size(items: 40, depth: 300, byteCount: 1 << 20)

    @Test("The names are those of the reports")
    func names() {
        #expect(
            MachineLimit.allCases.map(\.rawValue) == ["multiply-add", "microkernel", "read", "write", "triad"]
        )
    }

    @Test("Multiply-adds count twice, for every element of every item and every step")
    func multiplyAdds() throws {
        let limit = try #require(try LimitLaunch.all(for: .multiplyAdd, size: Self.size).first)
        limit.run()
        let elements = limit.launch.size(of: 1)
        #expect(limit.launch.size(of: 0) == 40 && limit.launch.size(of: 2) == 300)
        #expect(limit.work == Double(2 * 40 * elements * 300))
        let out = Self.floats(limit, 40 * elements)
        #expect(out.allSatisfy { abs($0 - 1) < 1e-6 }, "x = x / 2 + 1 / 2 has converged")
    }

    @Test("The micro-kernel's multiply-adds count twice, and its panels lie in the first-level cache")
    func microkernel() throws {
        let limit = try #require(try LimitLaunch.all(for: .microkernel, size: Self.size).first)
        limit.run()
        let shape = (0..<5).map(limit.launch.size)
        #expect(limit.work == Double(2 * shape.reduce(1, *)))
        let (repeats, rows, columns, depth) = (shape[1], shape[2], shape[3], shape[4])
        #expect(shape[0] == 40 && repeats >= 1 && depth >= 64)
        #expect(4 * (rows * columns + rows * depth + columns * depth) <= 32 << 10)
        let out = Self.floats(limit, 40 * rows * columns)
        for (index, value) in out.enumerated() {
            let (i, j) = (index / columns % rows, index % columns)
            let once = (0..<depth).reduce(0) { $0 + (($1 * rows + i) % 7 - 3) * (($1 * columns + j) % 5 - 2) }
            #expect(value == Float(repeats * once))
        }
    }

    @Test("A read goes over every byte that is counted")
    func read() throws {
        let limit = try #require(try LimitLaunch.all(for: .read, size: Self.size).first)
        limit.run()
        #expect(limit.work == Double(1 << 20))
        #expect(limit.launch.size(of: 0) * limit.launch.size(of: 1) * 4 == 1 << 20)
        #expect(Self.floats(limit, limit.launch.size(of: 0)).allSatisfy { $0 == 0 })
    }

    @Test("A write is measured with ordinary stores and past the caches")
    func write() throws {
        let limits = try LimitLaunch.all(for: .write, size: Self.size)
        #expect(limits.count == 2)
        for limit in limits {
            #expect(limit.work == Double(1 << 20))
            let count = limit.launch.size(of: 0) * limit.launch.size(of: 1)
            #expect(count * 4 == 1 << 20)
            limit.output.initializeMemory(as: Float.self, repeating: 5, count: count)
            limit.run()
            #expect(Self.floats(limit, count).allSatisfy { $0 == 0 })
        }
    }

    @Test("A triad counts two reads and a write, with ordinary stores and past the caches")
    func triad() throws {
        let limits = try LimitLaunch.all(for: .triad, size: Self.size)
        #expect(limits.count == 2)
        for limit in limits {
            let count = limit.launch.size(of: 0) * limit.launch.size(of: 1)
            #expect(limit.work == Double(3 * count * 4))
            #expect(limit.work > Double(1 << 20) * 0.9 && limit.work <= Double(1 << 20))
            limit.output.initializeMemory(as: Float.self, repeating: 5, count: count)
            limit.run()
            #expect(Self.floats(limit, count).allSatisfy { $0 == 3 })
        }
    }

    @Test("Every limit of this machine can be measured", arguments: MachineLimit.allCases)
    func measured(limit: MachineLimit) {
        let rate = limit.measure()
        #expect(rate > 0 && rate.isFinite)
    }

    private static func floats(_ limit: LimitLaunch, _ count: Int) -> [Float] {
        (0..<count).map { limit.output.load(fromByteOffset: $0 * 4, as: Float.self) }
    }
}
