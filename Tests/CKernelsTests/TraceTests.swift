import CKernels
import Foundation
import Testing

/// Recording goes on until a process ends, so each test has a process of its own.
@Suite("The profiler's memory")
struct TraceTests {
    @Test("Every launch is counted, also where there is no more room for events")
    func bounded() async {
        await #expect(processExitsWith: .success) {
            ck_trace_start(128 << 10)
            for number in 1...5000 { Self.record(number) }
            let (launches, dropped) = (Self.launches(), Int(ck_trace_dropped()))
            #expect(launches.count > 500 && launches.count < 1000, "two blocks hold so many")
            #expect(launches.map { Int($0.number) } == Array(1...launches.count), "the first are kept")
            #expect(launches.count + dropped == 5000)
            let totals = ck_trace_kernel_totals(CK_add_f32)
            #expect(totals.calls == 5000)
            #expect(totals.nanoseconds == 5000 * 3)
            #expect(totals.bytes == 5000 * 3 * 4 * 7)
            #expect(totals.operations == 5000 * 7)
            #expect(ck_trace_kernel_totals(CK_sub_f32).calls == 0)
        }
    }

    #if os(Linux)
        @Test("Threads that come and go share memory")
        func threads() async {
            await #expect(processExitsWith: .success) {
                ck_trace_start(128 << 10)
                for number in 1...100 {
                    var thread = pthread_t()
                    let status = pthread_create(
                        &thread,
                        nil,
                        { argument in
                            TraceTests.record(Int(bitPattern: argument))
                            return nil
                        },
                        UnsafeMutableRawPointer(bitPattern: number)
                    )
                    #expect(status == 0)
                    pthread_join(thread, nil)
                }
                #expect(ck_trace_dropped() == 0)
                #expect(Set(Self.launches().map(\.number)) == Set(1...100))
            }
        }
    #endif

    @Test("What ends after recording has stopped is left out")
    func stopped() async {
        await #expect(processExitsWith: .success) {
            Self.record(1)
            ck_trace_start(1 << 20)
            Self.record(2)
            ck_trace_stop()
            Self.record(3)
            #expect(Self.launches().map(\.number) == [2])
            #expect(ck_trace_kernel_totals(CK_add_f32).calls == 1)
        }
    }

    /// Records an addition of seven elements.
    private static func record(_ number: Int) {
        var launch = ck_launch()
        launch.rank = 1
        launch.shape.0 = 7
        launch.operand_count = 3
        withUnsafeMutableBytes(of: &launch.operands) { bytes in
            let operands = bytes.bindMemory(to: ck_operand.self)
            for index in 0..<3 {
                operands[index].data = UnsafeMutableRawPointer(bitPattern: 64)
                operands[index].strides.0 = 1
            }
        }
        var event = ck_trace_launch()
        event.number = Int64(number)
        event.duration = 3
        event.items = 7
        ck_trace_record_launch(event, CK_add_f32, &launch)
    }

    private static func launches() -> [ck_trace_launch] {
        var cursor = ck_trace_cursor()
        var event = ck_trace_launch()
        var events: [ck_trace_launch] = []
        while ck_trace_next_launch(&cursor, &event) { events.append(event) }
        return events
    }
}
