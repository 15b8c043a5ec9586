@_spi(Benchmarking) import Weft

extension MicroCase {
    /// Taking a block and giving it back, from slabs and from blocks that are mapped singly.
    static let allocator = [
        block("1KiB", 1 << 10), block("16KiB", 16 << 10), block("256KiB", 256 << 10), block("1MiB", 1 << 20),
        block("64MiB", 64 << 20),
    ]

    /// Launches by their way: on the caller alone, on a team, on all lanes.
    static let scheduler = [
        launch("inline", elements: 1024, counted: 1000),
        launch("team", elements: 100_000, counted: nil),
        launch("lanes", elements: 1_000_000, counted: nil),
    ]

    private static func block(_ name: String, _ byteCount: Int) -> MicroCase {
        MicroCase("allocator/\(name)", counted: 5000) {
            { Memory.takeAndGiveBack(byteCount: byteCount) }
        }
    }

    private static func launch(_ name: String, elements: Int, counted: Int?) -> MicroCase {
        MicroCase("scheduler/\(name)", counted: counted) {
            var sum = Tensor(zeros: [elements])
            let one = Tensor(ones: [elements])
            return { sum += one }
        }
    }
}
