import Foundation
import Synchronization
import Testing

/// How long each stress test goes on, in seconds.
private let seconds = ProcessInfo.processInfo.environment["WEFT_STRESS_SECONDS"].flatMap(Double.init) ?? 1

/// Runs `body` again and again on `callers` threads of their own until the time is up or one of them throws, and
/// rethrows that. Each caller has a random number generator of its own, seeded by its number, which is passed too.
func hammer(
    callers: Int = 8,
    _ body: @escaping @Sendable (_ caller: Int, inout SplitMix) throws -> Void
) throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    let failure = Mutex<(any Error)?>(nil)
    let rounds = Atomic(0)
    let running = DispatchGroup()
    for caller in 0..<callers {
        running.enter()
        // Threads rather than tasks: tasks never outnumber the cores, callers may.
        Thread {
            var random = SplitMix(seed: UInt64(caller))
            do {
                repeat {
                    try body(caller, &random)
                    rounds.add(1, ordering: .relaxed)
                } while ContinuousClock.now < deadline && failure.withLock { $0 == nil }
            } catch {
                failure.withLock { $0 = $0 ?? error }
            }
            running.leave()
        }.start()
    }
    running.wait()
    if let error = failure.withLock({ $0 }) { throw error }
    #expect(rounds.load(ordering: .relaxed) >= callers)
}

/// What a caller saw that it should not have.
struct WrongResult: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The SplitMix64 generator, so that a failing run's choices can be made again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
