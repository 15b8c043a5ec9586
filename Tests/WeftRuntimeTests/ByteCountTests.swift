import Testing
import WeftRuntime

@Suite("Byte counts")
struct ByteCountTests {
    @Test(
        "Sizes are read as people write them",
        arguments: [
            ("0", 0), ("1048576", 1 << 20), ("17B", 17), ("4KiB", 4 << 10), ("512MiB", 512 << 20),
            ("64 KiB", 64 << 10),
            ("3  GiB", 3_221_225_472), ("8589934591GiB", 9_223_372_035_781_033_984),
        ]
    )
    func parses(text: String, bytes: Int) {
        #expect(ByteCount.parse(text) == bytes)
    }

    @Test(
        "What names no size is refused",
        arguments: [
            "", " ", "B", "MiB", "-1", "1.5GiB", "12MB", "12 mib", "twelve", "1 2", " 5", "0x10", "1e6",
            "½MiB",
            "9223372036854775808", "8589934592GiB", "99999999999999999999KiB",
        ]
    )
    func refuses(text: String) {
        #expect(ByteCount.parse(text) == nil)
    }

    @Test(
        "Sizes are shown in the largest unit that they fill",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (1536, "1.5 KiB"), (1_048_576, "1 MiB"),
            (1_610_612_736, "1.5 GiB"), (5_497_558_138_880, "5120 GiB"),
        ]
    )
    func describes(bytes: Int, text: String) {
        #expect(ByteCount.describe(bytes) == text)
    }
}
