import Testing

@testable import WeftTensor

@Suite("Operators on masks")
struct MaskOperatorTests {
    private let a = Tensor([true, true, false, false])
    private let b = Tensor([true, false, true, false])

    @Test("Masks are negated and combined, and bind as Swift's own do")
    func logic() {
        #expect((.!a).array(of: Bool.self) == [false, false, true, true])
        #expect((a .& b).array(of: Bool.self) == [true, false, false, false])
        #expect((a .| b).array(of: Bool.self) == [true, true, true, false])
        #expect((a .^ b).array(of: Bool.self) == [false, true, true, false])
        #expect((a .| .!a .& b).array(of: Bool.self) == [true, true, true, false])
        let x = Tensor([-1.0, 0.5, 2.0])
        #expect((x .> 0 .& x .< 1).array(of: Bool.self) == [false, true, false])
        #expect((Tensor([[true], [false]]) .| Tensor([false, true])).shape == [2, 2])
    }

    @Test("Other dtypes than bool are refused")
    func refusals() throws {
        expectRefusal(".&", "masks are bool, not float32: compare first") { _ = (a .& Tensor([1.0, 0, 1, 0])) }
        expectRefusal(".!", "not int64") { _ = .!Tensor([1, 0]) }
        var shape: [Int] = []
        _ = try? withTensorErrors {
            shape = (Tensor([[1], [0]]) .| a).shape
        }
        #expect(shape == [2, 4])
    }

    @Test("A choice takes numbers on either side, which widen nothing within their kind")
    func choices() {
        let mask = Tensor([true, false])
        let x = Tensor([1.5, 2.5])
        #expect(`where`(mask, x, 0.0).array() == [1.5, 0])
        #expect(`where`(mask, 0.0, x).array() == [0, 2.5])
        #expect(`where`(mask, x, 7).array() == [1.5, 7])
        #expect(`where`(mask, x, Float(2)).array() == [1.5, 2])
        #expect(`where`(mask, Tensor([1, 2]), true).array(of: Int.self) == [1, 1])
        let wide = `where`(mask, Tensor([1, 2]), 0.5)
        #expect(wide.dtype == .float32)
        #expect(wide.array() == [1, 0.5])
        #expect(`where`(mask, x.to(.float16), 1.0).dtype == .float16)
        #expect(`where`(mask, Tensor([1.0, 2.0], dtype: .float64), 0.1).array(of: Double.self) == [1, 0.1])
        #expect(`where`(mask, 1.0, 0).array() == [1, 0])
        #expect(`where`(mask, 1, 0).dtype == .int64)
        #expect(`where`(mask, true, false).dtype == .bool)
        let tracked = Tensor([1.0, 2.0], requiresGrad: true)
        `where`(mask, tracked * 3, 0.0).sum().backward()
        #expect(tracked.grad!.array() == [3, 0])
    }

    @Test("Masked elements are replaced, by a number or a tensor, in the tensor's dtype")
    func masked() {
        let x = Tensor([1.0, 2.0, 3.0])
        let mask = Tensor([false, true, true])
        #expect(x.masked(mask, with: -Double.infinity).array() == [1, -.infinity, -.infinity])
        #expect(x.masked(mask, with: 0).dtype == .float32)
        #expect(Tensor([1, 2, 3]).masked(mask, with: 7.9).array(of: Int.self) == [1, 7, 7])
        #expect(x.masked(mask, with: Tensor([4.0, 5.0, 6.0])).array() == [1, 5, 6])
        #expect(x.masked(Tensor([[true], [false]]), with: 0).array() == [0, 0, 0, 1, 2, 3])
        let (kept, put) = (Tensor([1.0, 2.0, 3.0], requiresGrad: true), Tensor(5.0, requiresGrad: true))
        (kept.masked(mask, with: put) * Tensor([1.0, 10.0, 100.0])).sum().backward()
        #expect(kept.grad!.array() == [1, 0, 0])
        #expect(put.grad!.item() == 110)
        expectRefusal("masked", "a mask must be bool, not int64") { _ = x.masked(Tensor([1, 0, 1]), with: 0) }
        expectRefusal("masked", "mask of shape [2]", "do not broadcast with shape [3]") {
            _ = x.masked(Tensor([true, false]), with: 0)
        }
    }
}
