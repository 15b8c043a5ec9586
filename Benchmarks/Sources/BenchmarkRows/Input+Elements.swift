extension Input {
    /// The elements of a `uniform` input, row-major.
    public func floats() -> [Float] {
        let width = high - low
        return elements { hash in Float(low + width * (Double(hash >> 8) * 0x1p-24)) }
    }

    /// The elements of an `integers` input, row-major.
    public func integers() -> [Int64] {
        let (first, width) = (Int64(low), Int64(high) - Int64(low))
        return elements { hash in first + Int64(hash) % width }
    }

    /// The elements of a `mask` input, row-major: a byte of 0 or 1 each.
    public func mask() -> [UInt8] {
        elements { hash in UInt8(hash & 1) }
    }

    private func elements<Element>(_ element: (UInt32) -> Element) -> [Element] {
        let count = elementCount
        return [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            for index in 0..<count { buffer.initializeElement(at: index, to: element(Input.hash(index, seed: seed))) }
            initializedCount = count
        }
    }
}
