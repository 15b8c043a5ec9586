import HeadToHead
import Testing

@Suite("Format")
struct FormatTests {
    @Test(
        "durations have three digits and a fitting unit",
        arguments: [
            (1.234e-9, "1.23 ns"), (9.996e-7, "1.00 µs"), (4.56e-5, "45.6 µs"), (0.01, "10.0 ms"), (0.9999, "1.00 s"),
            (75, "75.0 s"),
        ]
    )
    func seconds(_ seconds: Double, _ expected: String) { #expect(Format.seconds(seconds) == expected) }

    @Test(
        "ratios keep the digits that decide",
        arguments: [(0.834, "0.83x"), (1, "1.00x"), (12.34, "12.3x"), (345.6, "346x")]
    )
    func ratio(_ ratio: Double, _ expected: String) { #expect(Format.ratio(ratio) == expected) }

    @Test("fractions are percentages", arguments: [(0.834, "83 %"), (0.0123, "1.2 %"), (1.5, "150 %")])
    func percent(_ fraction: Double, _ expected: String) { #expect(Format.percent(fraction) == expected) }

    @Test("clocks have minutes and seconds", arguments: [(5.0, "0:05"), (59.9, "1:00"), (754, "12:34")])
    func clock(_ seconds: Double, _ expected: String) { #expect(Format.clock(seconds) == expected) }
}
