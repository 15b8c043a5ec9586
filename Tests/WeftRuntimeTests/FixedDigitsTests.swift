import Testing

@testable import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite("Numbers with a fixed number of digits")
struct FixedDigitsTests {
    @Test(
        "A number is rounded once, from its exact value, and a tie goes to the even digit",
        arguments: [
            (0.5, 0, "0"), (1.5, 0, "2"), (2.5, 0, "2"), (-2.5, 0, "-2"), (-0.0, 1, "-0.0"), (0.125, 2, "0.12"),
            (0.375, 2, "0.38"), (2.675, 2, "2.67"), (1.005, 2, "1.00"), (999.9996, 3, "1000.000"),
            (1e22, 0, "1" + zeros(22)),
            (0.1, 20, "0.10000000000000000555"), (.leastNonzeroMagnitude, 3, "0.000"), (.nan, 2, "nan"),
            (-.infinity, 2, "-inf"),
        ]
    )
    func fixed(value: Double, digits: Int, text: String) {
        #expect(value.fixed(digits: digits) == text)
    }

    @Test("The largest number has all of its digits")
    func largest() {
        let text = Double.greatestFiniteMagnitude.fixed(digits: 4)
        #expect(text.count == 309 + 5)
        #expect(text.hasPrefix("17976931348623157") && text.hasSuffix("858368.0000"))
    }

    @Test(
        "Scientific notation has one digit before the point and an exponent of two digits at least",
        arguments: [
            (0, "0.0000e+00"), (12345.67, "1.2346e+04"), (-1e-4, "-1.0000e-04"), (9.99999e99, "1.0000e+100"),
            (.infinity, "inf"),
        ]
    )
    func scientific(value: Double, text: String) {
        #expect(value.scientific(digits: 4) == text)
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }
}
