import Testing

@testable import WeftIO

@Suite struct CRC32Tests {
    @Test func givesThePublishedCheckValue() {
        var checksum = CRC32()
        checksum.update("123456789".utf8)
        #expect(checksum.value == 0xCBF4_3926)
    }

    @Test func isZeroForNothing() {
        #expect(CRC32().value == 0)
    }

    @Test func doesNotDependOnHowTheBytesArrive() {
        var whole = CRC32()
        whole.update(0...255)
        var parts = CRC32()
        parts.update(0...99)
        parts.update(100...255)
        #expect(parts.value == whole.value)
    }
}
