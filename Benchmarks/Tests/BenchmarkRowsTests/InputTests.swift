import BenchmarkRows
import Testing

@Suite struct InputTests {
    /// Computed with NumPy from the recipe in `Input`'s description.
    @Test func elementsAreThoseOfTheRecipe() {
        let bound = 1 / 784.0.squareRoot()
        let parameter = Input("0.weight", [2, 3], low: -bound, high: bound, seed: 7)
        #expect(
            parameter.floats() == [
                -0x1.09b3p-9, 0x1.14670ep-5, -0x1.07e7p-9, -0x1.ae58ap-6, 0x1.5ceaa4p-6, -0x1.b0b2ep-6,
            ]
        )
        #expect(Input("labels", [6], fill: .integers, low: 3, high: 10, seed: 7).integers() == [8, 9, 3, 7, 5, 4])
        #expect(Input("mask", [6], fill: .mask, seed: 7).mask() == [1, 0, 0, 0, 0, 0])
        #expect((0..<2).map { Input.hash($0, seed: 7) } == [2_025_593_743, 4_176_287_394])
    }

    @Test func uniformElementsFillTheirRange() {
        let input = Input("x", [100_000], low: -4, high: 4, seed: 3)
        let floats = input.floats()
        #expect(floats.allSatisfy { $0 >= -4 && $0 < 4 })
        #expect(abs(floats.reduce(0, +) / 100_000) < 0.05)
        #expect(floats.min()! < -3.99 && floats.max()! > 3.99)
    }

    @Test func aScalarHasOneElement() {
        #expect(Input("x", [], seed: 1).floats().count == 1)
        #expect(Input("x", [3, 0], seed: 1).floats().isEmpty)
    }
}
