import Testing

@testable import WeftTensor

/// The expected texts are PyTorch's, but for the names that Weft spells in its own way: `true` for `True`,
/// `requiresGrad: true` for `requires_grad=True`, `gradFn: name` for `grad_fn=<NameBackward0>`, `shape: [0, 3]`
/// for `size=(0, 3)`.
@Suite("Printing")
struct PrintingTests {
    @Test("Scalars")
    func scalars() {
        #expect("\(Tensor(3.0))" == "tensor(3.)")
        #expect("\(Tensor(2.5))" == "tensor(2.5000)")
        #expect("\(Tensor(7))" == "tensor(7)")
        #expect("\(Tensor(true))" == "tensor(true)")
        #expect("\(Tensor(0.0))" == "tensor(0.)")
        #expect("\(Tensor(-0.0))" == "tensor(-0.)")
        #expect("\(Tensor(1e-5))" == "tensor(1.0000e-05)")
        #expect("\(Tensor(123456789.0))" == "tensor(1.2346e+08)")
        #expect("\(Tensor(Double.nan))" == "tensor(nan)")
        #expect("\(Tensor(-Double.infinity))" == "tensor(-inf)")
    }

    @Test("Whole numbers need no digits behind the point")
    func whole() {
        #expect("\(Tensor([1.0, 2.0, 3.0]))" == "tensor([1., 2., 3.])")
        #expect("\(Tensor([-1.0, 20.0]))" == "tensor([-1., 20.])")
        #expect("\(Tensor([[1.0, -1.0], [1.0, -1.0]]))" == "tensor([[ 1., -1.],\n        [ 1., -1.]])")
        #expect("\(Tensor(zeros: [2, 3]))" == "tensor([[0., 0., 0.],\n        [0., 0., 0.]])")
    }

    @Test("Fractions have four digits and are aligned")
    func fractions() {
        #expect("\(Tensor([0.5, 1.25, -3.0]))" == "tensor([ 0.5000,  1.2500, -3.0000])")
        #expect("\(Tensor([0.1, 10.0, 100.0]))" == "tensor([  0.1000,  10.0000, 100.0000])")
        #expect("\(Tensor([[0.2376]]))" == "tensor([[0.2376]])")
    }

    @Test("A wide spread, large and small numbers take exponents")
    func exponents() {
        #expect("\(Tensor([1.0, 1000.0]))" == "tensor([   1., 1000.])")
        #expect("\(Tensor([1.0, 1001.0]))" == "tensor([1.0000e+00, 1.0010e+03])")
        #expect("\(Tensor([0.5, 10000.0]))" == "tensor([5.0000e-01, 1.0000e+04])")
        #expect("\(Tensor([1e-5, 2e-5]))" == "tensor([1.0000e-05, 2.0000e-05])")
        #expect("\(Tensor([-1e-5, 0.0]))" == "tensor([-1.0000e-05,  0.0000e+00])")
        #expect("\(Tensor([1e8, 1e8]))" == "tensor([100000000., 100000000.])")
        #expect("\(Tensor([2e8, 2e8]))" == "tensor([2.0000e+08, 2.0000e+08])")
    }

    @Test("NaN and infinities do not widen the columns of the numbers beside them")
    func special() {
        #expect("\(Tensor([Double.nan, 1.0]))" == "tensor([nan, 1.])")
        #expect("\(Tensor([Double.infinity, -2.0]))" == "tensor([inf, -2.])")
        #expect("\(Tensor([1.5, .infinity, -.infinity, .nan]))" == "tensor([1.5000,    inf,   -inf,    nan])")
        #expect("\(Tensor([0.0, .nan]))" == "tensor([0., nan])")
        #expect("\(Tensor([-0.0, 1.0]))" == "tensor([-0., 1.])")
        #expect("\(Tensor([Double.nan, .infinity]))" == "tensor([nan, inf])")
    }

    @Test("Integers and truth values are aligned")
    func integers() {
        #expect("\(Tensor([[1, -20], [300, 4]]))" == "tensor([[  1, -20],\n        [300,   4]])")
        #expect("\(Tensor([true, false]))" == "tensor([ true, false])")
        #expect("\(Tensor([true, true]))" == "tensor([true, true])")
        #expect("\(Tensor([Int.max, Int.min]))" == "tensor([ 9223372036854775807, -9223372036854775808])")
        #expect("\(Tensor([1 << 53 + 1]))" == "tensor([9007199254740993])")
    }

    @Test("Nothing is shown with its shape and dtype where they are not the usual ones")
    func empty() {
        #expect("\(Tensor(zeros: [0]))" == "tensor([])")
        #expect("\(Tensor(zeros: [0, 3]))" == "tensor([], shape: [0, 3])")
        #expect("\(Tensor(zeros: [0], dtype: .int64))" == "tensor([], dtype: int64)")
        #expect("\(Tensor(zeros: [2, 0], dtype: .bool))" == "tensor([], shape: [2, 0], dtype: bool)")
    }

    @Test("Lines break after 80 characters")
    func longLines() {
        let expected = """
            tensor([ 0.,  1.,  2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10., 11., 12., 13.,
                    14., 15., 16., 17., 18., 19., 20., 21., 22., 23., 24., 25., 26., 27.,
                    28., 29.])
            """
        #expect("\(Tensor(arange: 0..<30).to(.float32))" == expected)
    }

    @Test("Blank lines set matrices apart")
    func threeDimensions() {
        let expected = """
            tensor([[[0, 1],
                     [2, 3]],

                    [[4, 5],
                     [6, 7]]])
            """
        #expect("\(Tensor(arange: 0..<8).reshaped([2, 2, 2]))" == expected)
        #expect("\(Tensor(zeros: [1, 1, 1, 1]))" == "tensor([[[[0.]]]])")
    }

    @Test("The middle is left out beyond 1,000 elements")
    func summary() {
        let line = Tensor(arange: 0..<1001)
        #expect("\(line)" == "tensor([   0,    1,    2,  ...,  998,  999, 1000])")
        #expect("\(line[0..<1000])".hasSuffix("999])") && !"\(line[0..<1000])".contains("..."))
        let expected = """
            tensor([[   0,    1,    2,  ...,   37,   38,   39],
                    [  40,   41,   42,  ...,   77,   78,   79],
                    [  80,   81,   82,  ...,  117,  118,  119],
                    ...,
                    [1080, 1081, 1082,  ..., 1117, 1118, 1119],
                    [1120, 1121, 1122,  ..., 1157, 1158, 1159],
                    [1160, 1161, 1162,  ..., 1197, 1198, 1199]])
            """
        #expect("\(Tensor(arange: 0..<1200).reshaped([30, 40]))" == expected)
        // The format goes by what is shown.
        var ones = Tensor(ones: [2000])
        ones[1000] = Tensor(0.12345)
        #expect("\(ones)" == "tensor([1., 1., 1.,  ..., 1., 1., 1.])")
    }

    @Test("A tracked tensor says how")
    func tracked() {
        let x = Tensor([1.0, 2.0], requiresGrad: true)
        #expect("\(x)" == "tensor([1., 2.], requiresGrad: true)")
        #expect("\((x * 2).sum())" == "tensor(6., gradFn: sum)")
        #expect("\(x + x)" == "tensor([2., 4.], gradFn: add)")
        #expect("\(x.detached())" == "tensor([1., 2.])")
    }

    @Test("What follows the values moves to a line of its own where there is no room")
    func suffixes() {
        func text(_ value: Double, _ count: Int) -> String {
            "\(Tensor([Double](repeating: value, count: count), requiresGrad: true))"
        }
        func values(_ text: String, _ count: Int) -> String {
            Array(repeating: text, count: count).joined(separator: ", ")
        }
        #expect(text(1, 12) == "tensor([\(values("1.", 12))], requiresGrad: true)")
        #expect(text(1, 13) == "tensor([\(values("1.", 13))],\n       requiresGrad: true)")
        #expect(text(0.5, 9) == "tensor([\(values("0.5000", 9))],\n       requiresGrad: true)")
        #expect(text(0.5, 11) == "tensor([\(values("0.5000", 9)),\n        0.5000, 0.5000], requiresGrad: true)")
    }

    @Test("Views print as what they show", arguments: Placement.allCases)
    func views(placement: Placement) {
        let x = Reference([2, 2], [1, 2, 3, 4])
        #expect("\(x.tensor(placement))" == "tensor([[1., 2.],\n        [3., 4.]])")
        #expect("\(Tensor(1.0).expanded(to: [3]))" == "tensor([1., 1., 1.])")
    }
}
